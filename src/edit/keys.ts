import { type Result, resultOf } from '../diagnostics/index.js'
import type { ScannedEntry, ScannedSection } from '../parse/scan.js'
import {
  inserted,
  isBlank,
  type Lines,
  lineAt,
  lineEndIn,
  linesOf,
  placeOf,
  sectionOf,
  spliced,
  without,
} from './lines.js'
import { written } from './value.js'

/**
 * The text with a key's value replaced where it stands, spacing and trailing comment kept, or the key
 * added behind the section's last, aligned like it. Several values make a `key[] = value` list.
 */
export const setKey = (
  text: string,
  header: string,
  key: string,
  values: readonly string[],
): Result<string> => {
  const texts: string[] = []
  for (const value of values) {
    const result = written(key, value)
    if (!result.ok) return result
    texts.push(result.value)
  }
  return resultOf([], () => place(text, header, key, texts))
}

const place = (text: string, header: string, key: string, values: readonly string[]): string => {
  const entries = entriesOf(linesOf(text), header, key)
  const list = values.length > 1 || entries.some(entry => entry.list)
  let changed = text
  // From the last line to the first, so that the indexes of those still to come stay right.
  for (const [at, entry] of [...entries.entries()].reverse()) {
    const value = values[at]
    const read = linesOf(changed)
    changed = value === undefined ? without(read, new Set([entry.index])) : replaced(read, entry, list, value)
  }
  for (const value of values.slice(entries.length))
    changed = added(changed, header, list ? `${key}[]` : key, value)
  return changed
}

/** The text without a key, on however many lines it stands. */
export const unsetKey = (text: string, header: string, key: string): string => {
  const read = linesOf(text)
  return without(read, new Set(entriesOf(read, header, key).map(entry => entry.index)))
}

/** Whether a section has the key. */
export const hasKey = (text: string, header: string, key: string): boolean =>
  entriesOf(linesOf(text), header, key).length > 0

/** The value of a key as it reads, or `null` where the section does not say it. */
export const keyValue = (text: string, header: string, key: string): string | null =>
  entriesOf(linesOf(text), header, key)[0]?.value ?? null

/** Whether there is such a section. */
export const hasSection = (text: string, header: string): boolean =>
  sectionOf(linesOf(text), header) !== undefined

/** The text with a section of one line at its end, after one blank line. */
const appendSection = (text: string, header: string, line: string): string => {
  const end = lineEndIn(text)
  const section = `[${header}]${end}${line}`
  if (text === '') return `${section}${end}`
  return text.endsWith('\n') ? `${text}${end}${section}${end}` : `${text}${end}${end}${section}`
}

const entriesOf = (read: Lines, header: string, key: string): ScannedEntry[] =>
  sectionOf(read, header)?.entries.filter(entry => entry.key === key) ?? []

const replaced = (read: Lines, entry: ScannedEntry, list: boolean, value: string): string => {
  const { column, length } = placeOf(read, entry)
  const put = length === 0 ? ` ${value}` : value
  const changed = linesOf(spliced(read, entry.index, column, length, put))
  if (!list || entry.list) return changed.lines.join('')
  const key = entry.keySpan.column - 1 + entry.key.length
  const spare = lineAt(changed, entry.index)
    .slice(key, key + 3)
    .startsWith('   ')
    ? 2
    : 0
  return spliced(changed, entry.index, key, spare, '[]')
}

const added = (text: string, header: string, key: string, value: string): string => {
  const read = linesOf(text)
  const section = sectionOf(read, header)
  if (!section) return appendSection(text, header, `${key} = ${value}`)
  const same = section.entries.filter(entry => `${entry.key}[]` === key).at(-1)
  const neighbor = same ?? section.entries.at(-1)
  return inserted(read, neighbor?.index ?? section.index, likeNeighbor(read, section, neighbor, key, value))
}

/** `key = value` with its equals sign under the one of the line above. */
const likeNeighbor = (
  read: Lines,
  section: ScannedSection,
  neighbor: ScannedEntry | undefined,
  key: string,
  value: string,
): string => {
  if (!neighbor) return `${lineAt(read, section.index).match(/^\s*/)?.[0] ?? ''}${key} = ${value}`
  const line = lineAt(read, neighbor.index)
  const indent = line.match(/^\s*/)?.[0] ?? ''
  const equals = line.indexOf('=')
  const before = line[equals - 1] === ' ' ? 1 : 0
  const behind = isBlank(line.slice(equals + 1)) ? ' ' : (line.slice(equals + 1).match(/^\s*/)?.[0] ?? '')
  return `${`${indent}${key}`.padEnd(equals - before)}${before ? ' ' : ''}=${behind}${value}`
}
