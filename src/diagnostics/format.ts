import type { Diagnostic, Span } from './diagnostic.js'
import { escaped, sameWidth } from './printable.js'

/** The texts of the files that spans point into, by name. */
export type Sources = Readonly<Record<string, string>>

/** How to color a piece of a diagnostic; the default leaves it plain. */
export type Paint = (role: 'error' | 'warning' | 'place' | 'hint', text: string) => string

/** A diagnostic as a person reads it: place, fact, the line with a caret under it, and the hint. */
export const format = (
  diagnostic: Diagnostic,
  sources: Sources,
  paint: Paint = (_, text) => text,
): string => {
  const { severity, code, message, span, hint, related } = diagnostic
  const head = `${paint(severity, `${severity}:`)} ${spoken(message)} [${code}]`
  const lines = [span ? `${paint('place', place(span))}: ${head}` : head]
  if (span) lines.push(...excerpt(span, sources))
  if (related)
    lines.push(
      `${paint('place', place(related.span))}: ${spoken(related.message)}`,
      ...excerpt(related.span, sources),
    )
  if (hint) lines.push(`${paint('hint', 'hint:')} ${spoken(hint)}`)
  return `${lines.join('\n')}\n`
}

const place = ({ file, line, column, field }: Span): string =>
  field === undefined ? `${escaped(file)}:${line}:${column}` : escaped(field)

/** Longest part of a line that is shown, in characters. */
const widest = 100

/** Keys within this distance of the shown part are recognized whole. */
const around = 100

const excerpt = (span: Span, sources: Sources): string[] => {
  const source = Object.hasOwn(sources, span.file) ? sources[span.file] : undefined
  const line = source === undefined ? undefined : lineOf(source, span.line)
  if (line === undefined) return []
  const from = Math.max(0, Math.min(span.column - 1 - 40, line.length - widest))
  const left = Math.max(0, from - around)
  const near = concealed(sameWidth(line.slice(left, from + widest + around)))
  // The cut may go through a pair.
  const shown = sameWidth(near.slice(from - left).slice(0, widest))
  const margin = `${span.line}`.padStart(5)
  const start = span.column - 1 - from
  const carets = '^'.repeat(Math.max(1, Math.min(span.length, shown.length - start)))
  return ['', `${margin} | ${shown}`, `${' '.repeat(margin.length)} | ${' '.repeat(start)}${carets}`]
}

/** Searched, not split: the file of a large mesh has tens of thousands of lines, and this is one. */
const lineOf = (source: string, line: number): string | undefined => {
  let start = 0
  for (let skipped = 1; skipped < line; skipped++) {
    const newline = source.indexOf('\n', start)
    if (newline < 0) return undefined
    start = newline + 1
  }
  const end = source.indexOf('\n', start)
  return source.slice(start, end < 0 ? undefined : end).replace(/\r$/, '')
}

/** What may be a private key, put in the wrong place or under the wrong name, is shown as `*`. */
const concealed = (text: string): string =>
  text.replace(/[A-Za-z0-9+/]{40,}={0,2}/g, run =>
    run.endsWith('=') || (/[a-z]/.test(run) && /[A-Z]/.test(run)) ? '*'.repeat(run.length) : run,
  )

/** A sentence of ours; in it keys occur whole or in quoted text, and long paths may look like keys. */
export const spoken = (text: string): string =>
  escaped(text).replace(/"(?:[^"\\]|\\.)*"|[A-Za-z0-9+/]{43}=/g, concealed)
