import { type ScannedEntry, type ScannedSection, scan } from '../parse/scan.js'

/** A text that is being edited: its lines, each with its own end, and where the sections stand. */
export interface Lines {
  /** Every line with its `\n` or `\r\n`; the last may have none. */
  readonly lines: readonly string[]
  readonly sections: readonly ScannedSection[]
  /** How this file ends its lines. */
  readonly end: string
}

/** Splits a text so that its lines joined are the text again. */
export const linesOf = (text: string): Lines => ({
  lines: text.match(/[^\n]*\n|[^\n]+$/g) ?? [],
  sections: scan(text, '').sections,
  end: lineEndIn(text),
})

/** How a text ends its lines. */
export const lineEndIn = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

export const sectionOf = (text: Lines, header: string): ScannedSection | undefined =>
  text.sections.find(section => section.header === header)

export const lineAt = ({ lines }: Lines, index: number): string => lines[index] as string

export const isComment = (line: string | undefined): boolean => /^\s*[;#]/.test(line ?? '')
export const isBlank = (line: string | undefined): boolean => line !== undefined && line.trim() === ''

/** The lines with some left out. */
export const without = ({ lines }: Lines, dropped: ReadonlySet<number>): string =>
  withEnd(
    lines.filter((_, index) => !dropped.has(index)),
    lines.at(-1) ?? '',
  )

/** A file without a final line end stays one when its last line goes. */
const withEnd = (kept: readonly string[], last: string): string => {
  const text = kept.join('')
  return last.endsWith('\n') ? text : text.replace(/\r?\n$/, '')
}

/** The lines with a new one after line `index`. */
export const inserted = ({ lines, end }: Lines, index: number, added: string): string => {
  const before = lines.slice(0, index + 1).join('')
  const after = lines.slice(index + 1).join('')
  return before.endsWith('\n') ? `${before}${added}${end}${after}` : `${before}${end}${added}`
}

/** The text with part of one line replaced. `column` counts from 0. */
export const spliced = (
  { lines }: Lines,
  index: number,
  column: number,
  length: number,
  put: string,
): string => {
  const line = lines[index] as string
  const changed = line.slice(0, column) + put + line.slice(column + length)
  return [...lines.slice(0, index), changed, ...lines.slice(index + 1)].join('')
}

/** Column of the value of an entry and its length as written, quotes included. */
export const placeOf = (text: Lines, entry: ScannedEntry): { column: number; length: number } => {
  const line = lineAt(text, entry.index)
  const equals = line.indexOf('=')
  // An entry without a value has the span of its equals sign.
  return entry.valueSpan.column - 1 > equals
    ? { column: entry.valueSpan.column - 1, length: entry.valueSpan.length }
    : { column: equals + 1, length: 0 }
}
