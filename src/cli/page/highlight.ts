/// <reference lib="dom" />
import { h } from './dom.js'

/** Larger files are shown plain: so many elements would make the page slow. */
const largest = 60_000

/** What kind of thing stands where, in all of our files alike: comments, sections, names before `=` or `:`, numbers. */
const kinds =
  /(?<comment>^\s*(?:[#;!]|\/\/).*$)|(?<section>^\s*\[[^\]\n]*\])|(?<key>^\s*[A-Za-z][\w.-]*(?=\s*[=:]))|(?<text>"[^"\n]*")|(?<number>\b[0-9a-f]*[.:][0-9a-f.:]+(?:\/\d+)?\b|\b\d+\b)/gm

/** A file's text with its kinds of things apart. */
export const highlighted = (text: string): HTMLElement => {
  const block = h('pre', { class: 'file', tabindex: 0 })
  if (text.length > largest) {
    block.append(text)
    return block
  }
  let at = 0
  for (const found of text.matchAll(kinds)) {
    const [kind] = Object.entries(found.groups ?? {}).find(([, value]) => value !== undefined) ?? ['']
    block.append(text.slice(at, found.index), h('span', { class: `t-${kind}` }, found[0]))
    at = found.index + found[0].length
  }
  block.append(text.slice(at))
  return block
}
