import { parse, TomlError } from 'smol-toml'
import { type Diagnostic, type Result, resultOf, type Span } from '../../diagnostics/index.js'
import type { Source } from '../../parse/parse.js'

/** A TOML table; values are whatever somebody wrote. */
export type Table = Readonly<Record<string, unknown>>

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** Larger than any master file: a node takes about 500 characters. */
const largest = 8 * 1024 * 1024

/** Reads a TOML document; what is wrong with it has its place. */
export const readToml = ({ file, text }: Source): Result<Table> => {
  const failed = (message: string, span: Span, hint: string): Result<Table> =>
    resultOf<Table>([{ severity: 'error', code: 'import-syntax', message, span, hint }], () => ({}))
  const hint = 'give the master file that vwgen keeps, NETWORK.conf, as vwgen wrote it'
  if (text.length > largest)
    return failed('the file is far too large for a master file', placeIn(file, 1, 1), hint)
  try {
    const table = parse(text, { integersAsBigInt: 'asNeeded' }) as Table
    return resultOf([], () => table)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const message = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''
    return failed(`the file is not TOML: ${message}`, placeIn(file, error.line, error.column), hint)
  }
}

const placeIn = (file: string, line: number, column: number): Span => ({ file, line, column, length: 1 })

/** Where `Key = …` stands under `[Node.name]`, as near as the lines tell; the first line otherwise. */
export const spanOf = ({ file, text }: Source, header: string | null, key: string | null): Span => {
  const lines = text.split('\n')
  const start = lines.findIndex(line => headerOf(line) === header)
  const behind = lines.findIndex((line, index) => index > start && line.trim().startsWith('['))
  const entry = lines.findIndex(
    (line, index) =>
      key !== null &&
      start >= 0 &&
      index > start &&
      (behind < 0 || index < behind) &&
      line.replace(/\s*=.*/s, '').trim() === key,
  )
  const index = Math.max(0, entry >= 0 ? entry : start)
  return { file, line: index + 1, column: 1, length: Math.max(1, (lines[index] ?? '').trimEnd().length) }
}

const headerOf = (line: string): string =>
  line
    .trim()
    .replace(/\s*#.*$/, '')
    .replace(/["']/g, '')

/** A diagnostic about a place in a foreign file. */
export const fault = (
  code: Diagnostic['code'],
  message: string,
  span: Span | null,
  hint: string,
  related?: Diagnostic['related'],
): Diagnostic => ({ severity: 'error', code, message, span, hint, related })
