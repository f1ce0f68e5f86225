import { unsafe as unquote } from 'ini'
import type { Code, Diagnostic, Span } from '../diagnostics/index.js'
import { quoted } from '../net/index.js'
import { headers } from './headers.js'

/** One `key = value` line. */
export interface ScannedEntry {
  readonly key: string
  /** True for ini's own list form, `key[] = value`. */
  readonly list: boolean
  readonly keySpan: Span
  /** The value as ini reads it: without quotes and without the comment behind it. */
  readonly value: string
  readonly valueSpan: Span
  /** Whether a `;` or `#` cut an unquoted value short. */
  readonly commented: boolean
  /** Index of the line in the file, from 0. */
  readonly index: number
}

/** One `[header]` and the entries under it. */
export interface ScannedSection {
  /** The text between the brackets, inner space folded: `node node1`; empty where it could not be read. */
  readonly header: string
  readonly span: Span
  /** Where the name stands, if that is not in the header. */
  readonly nameSpan?: Span
  readonly entries: readonly ScannedEntry[]
  /** Index of the header's line, from 0. */
  readonly index: number
}

/** What the `ini` package cannot tell: where everything stands, and what stands twice. */
export interface Scan {
  readonly sections: readonly ScannedSection[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Largest mesh.ini that is read, in characters; one of 10,000 nodes has about 2 million. */
export const largestSource = 8 * 1024 * 1024

/** More faults than this, and the file is something else. */
export const mostFaults = 100

/** Whether a key of a section may stand several times as `key[] = value`. */
type MayRepeat = (header: string, key: string) => boolean

/** Reads the lines of an INI file; total: any text gives sections, diagnostics or both. */
export const scan = (text: string, file: string, mayRepeat: MayRepeat = () => false): Scan =>
  new Scanner(file, mayRepeat).read(text)

class Scanner {
  private readonly sections: (ScannedSection & { readonly entries: ScannedEntry[] })[] = []
  private readonly diagnostics: Diagnostic[] = []
  private readonly headers = new Map<string, Span>()
  private keys = new Map<string, ScannedEntry>()

  constructor(
    private readonly file: string,
    private readonly mayRepeat: MayRepeat,
  ) {}

  read(text: string): Scan {
    if (text.length > largestSource) {
      const hint = 'a mesh.ini has one short section for each node'
      this.fault('file-size', `the file is larger than ${largestSource >> 20} MiB`, this.span(0, 0, 1), hint)
      return { sections: [], diagnostics: this.diagnostics }
    }
    let start = 0
    for (let index = 0; start <= text.length && this.diagnostics.length < mostFaults; index++) {
      const newline = text.indexOf('\n', start)
      const end = newline < 0 ? text.length : newline
      if (end > start) this.line(text.slice(start, end), index)
      start = end + 1
    }
    return { sections: this.sections, diagnostics: this.diagnostics }
  }

  private line(line: string, index: number): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.exec(
      line.replace(/\r$/, ''),
    )
    if (control) {
      const character = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
      const span = this.span(index, control.index, 1)
      this.fault(
        'control-character',
        `the line holds the control character U+${character}`,
        span,
        'delete it',
      )
      // What stands under a header that cannot be read is nobody else's.
      if (line.trimStart().startsWith('[')) this.open('', span, index)
      return
    }
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith(';') || trimmed.startsWith('#')) return
    if (trimmed.startsWith('[')) this.header(line, trimmed, index)
    else this.entry(line, trimmed, index)
  }

  private header(line: string, trimmed: string, index: number): void {
    const start = line.indexOf(trimmed)
    const [name, fault] = headerOf(trimmed)
    const span = this.span(index, start, fault ? trimmed.length : trimmed.indexOf(']') + 1)
    const first = this.headers.get(name)
    if (fault) {
      this.fault('ini-syntax', fault, span, `write ${headers()}`)
    } else if (first) {
      const hint = 'put its keys under one header'
      this.fault('duplicate-section', `[${brief(name)}] stands twice`, span, hint, first)
    } else this.headers.set(name, span)
    this.open(name, span, index)
  }

  private open(header: string, span: Span, index: number): void {
    this.sections.push({ header, span, entries: [], index })
    this.keys = new Map()
  }

  private entry(line: string, trimmed: string, index: number): void {
    const start = line.indexOf(trimmed)
    const equals = line.indexOf('=')
    const name = line.slice(start, equals).trim()
    if (equals < 0 || name === '') {
      const hint = 'write "key = value", or begin a comment with ; or #'
      this.fault('ini-syntax', 'the line is not "key = value"', this.span(index, start, trimmed.length), hint)
      return
    }
    const list = name.endsWith('[]')
    const key = list ? name.slice(0, -2).trimEnd() : name
    const keySpan = this.span(index, start, name.length)
    const section = this.sections.at(-1)
    if (!section) {
      this.fault('ini-syntax', `${quoted(key)} stands before the first section`, keySpan, 'begin with [mesh]')
      return
    }
    const rest = line.slice(equals + 1)
    const { raw, value, commented, fault } = readValue(rest.trim())
    const column = raw === '' ? equals : equals + 1 + rest.indexOf(raw)
    const valueSpan = this.span(index, column, raw.length)
    const entry = { key, list, keySpan, value, valueSpan, commented, index }
    if (fault) {
      const hint =
        'write \\t, \\\\ or \\" for a tab, a backslash or a quote, or put the value in single quotes'
      this.fault('ini-syntax', fault, valueSpan, hint)
    }
    const first = this.keys.get(key)
    // `survive = 1 node` may have others behind it.
    if (first && !(list && (first.list || section.header === 'expect'))) {
      const each = this.mayRepeat(section.header, key) ? `, or write ${key}[] = for each` : ''
      const hint = list || first.list ? `write every one as ${key}[] = value` : `keep one of the two${each}`
      this.fault(
        'duplicate-key',
        `${quoted(key)} stands twice in [${brief(section.header)}]`,
        keySpan,
        hint,
        first.keySpan,
      )
    } else this.keys.set(key, first ?? entry)
    section.entries.push(entry)
  }

  private span(index: number, column: number, length: number): Span {
    return { file: this.file, line: index + 1, column: column + 1, length: Math.max(1, length) }
  }

  private fault(code: Code, message: string, span: Span, hint: string, first?: Span): void {
    const related = first && { message: 'it stands here already', span: first }
    this.diagnostics.push({ severity: 'error', code, message, span, hint, related })
  }
}

/** The text between the brackets, or what keeps it from being a header. */
const headerOf = (trimmed: string): [name: string, fault: string | null] => {
  const close = trimmed.indexOf(']')
  const name = trimmed.slice(1, Math.max(1, close)).trim().replace(/\s+/g, ' ')
  const behind = trimmed.slice(close + 1).trim()
  if (close < 0 || name.includes('[')) return ['', 'the section header is not closed']
  if (name === '') return ['', 'the section header is empty']
  return behind === '' || /^[;#]/.test(behind)
    ? [name, null]
    : ['', 'something stands behind the section header']
}

interface ReadValue {
  readonly raw: string
  readonly value: string
  readonly commented: boolean
  readonly fault?: string
}

/** A trimmed value as written, up to a `;` or `#` that is neither quoted nor behind a backslash, and as ini reads it. */
const readValue = (text: string): ReadValue => {
  const close = closingQuote(text)
  if (close > 0 && /^\s*([;#]|$)/.test(text.slice(close + 1))) {
    const raw = text.slice(0, close + 1)
    const value: unknown = unquote(raw)
    // Between single quotes ini takes 5 for a number; between double quotes it leaves what JSON cannot read.
    if (typeof value === 'string' && value !== raw) return { raw, value, commented: false }
    const inner = raw.slice(1, -1)
    return text.startsWith('"')
      ? {
          raw,
          value: inner,
          commented: false,
          fault: 'the value in double quotes holds a tab or an unknown escape',
        }
      : { raw, value: inner, commented: false }
  }
  const comment = commentIn(text)
  const raw = comment < 0 ? text : text.slice(0, comment).trim()
  // ini would take the outer two of 'a' 'b' for one pair of quotes.
  const quotes = /^["']/.test(raw) && raw.endsWith(raw.charAt(0))
  const value = quotes || !raw.includes('\\') ? raw : (unquote(raw) as string)
  return { raw, value, commented: comment >= 0 }
}

/** Where the quote that the text begins with is closed; -1 where it is not, or there is none. */
const closingQuote = (text: string): number => {
  const quote = text.charAt(0)
  if (quote === "'") return text.indexOf(quote, 1)
  if (quote !== '"') return -1
  for (let at = 1; at < text.length; at++)
    if (text[at] === '\\') at++
    else if (text[at] === quote) return at
  return -1
}

/** Where a comment begins behind an unquoted value, or -1. */
const commentIn = (text: string): number => {
  for (let at = 0; at < text.length; at++)
    if (text[at] === '\\') at++
    else if (text[at] === ';' || text[at] === '#') return at
  return -1
}

/** A name from the file, cut where nobody would read on. */
export const brief = (name: string): string => (name.length > 72 ? `${name.slice(0, 72)}…` : name)
