import type { Code, Diagnostic, Span } from '../diagnostics/index.js'
import { didYouMean } from '../diagnostics/index.js'
import type { Located, Written } from '../model/spec.js'
import { parseSiteName, quoted } from '../net/index.js'
import type { Field, FieldsOf } from './fields.js'
import { brief, mostFaults, type ScannedEntry, type ScannedSection } from './scan.js'

type Fields = Readonly<Record<string, Field<unknown>>>

/** Keys whose value is a command: a comment sign cuts it short, which nobody means. */
const hookKeys = new Set(['pre-up', 'post-up', 'pre-down', 'post-down'])

/** Reads a section's entries by its fields; what is wrong goes to `diagnostics`, what is right is returned. */
export const readSection = <Keys>(
  section: ScannedSection,
  known: FieldsOf<Keys>,
  diagnostics: Diagnostic[],
): Written<Keys> => {
  const fields = known as Fields
  const written: Record<string, Located<unknown>> = {}
  /** What was read of each key so far. */
  const texts = new Map<string, string>()
  for (const entry of section.entries) {
    if (diagnostics.length >= mostFaults) break
    const field = fieldOf(fields, entry.key)
    const fault = field
      ? faultOf(entry, field.many || field.joined === true)
      : unknownKey(entry, section, fields)
    if (fault || !field) {
      if (fault) diagnostics.push(fault)
      continue
    }
    const before = texts.get(entry.key)
    const text = field.joined && before !== undefined ? `${before}, ${entry.value}` : entry.value
    const read = field.type.safeParse(text)
    if (!read.success) {
      diagnostics.push(issue(entry, read.error.issues[0] as ZodIssue))
      continue
    }
    texts.set(entry.key, text)
    const span = entry.valueSpan
    if (!field.many) {
      written[entry.key] = { value: read.data, span: written[entry.key]?.span ?? span }
      continue
    }
    const data = read.data as readonly unknown[]
    const others = written[entry.key] as Gathered | undefined
    if (others && (others.value.length === 0 || data.length === 0)) {
      const place = data.length === 0 ? span : others.span
      const hint = 'delete this line, or the others'
      diagnostics.push(error('value-list', '"none" stands beside other values', place, hint))
    }
    const gathered = others ?? { value: [], span, each: [] }
    for (const member of data) {
      gathered.value.push(member)
      gathered.each.push(span)
    }
    written[entry.key] = gathered
  }
  return written as Written<Keys>
}

/** The value of a key that may stand several times, while its lines are read. */
interface Gathered extends Located<unknown[]> {
  readonly each: Span[]
}

/** `endpoint@home` is read as `endpoint@SITE` says. */
export const fieldOf = (fields: Fields, key: string): Field<unknown> | undefined => {
  const [word, site] = key.split('@')
  const name = site === undefined ? key : `${word}@SITE`
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

interface ZodIssue {
  readonly message: string
  readonly params?: { readonly code?: Code; readonly hint?: string }
}

const issue = (entry: ScannedEntry, { message, params }: ZodIssue): Diagnostic =>
  error(params?.code ?? 'ini-syntax', message, entry.valueSpan, params?.hint)

const faultOf = (entry: ScannedEntry, mayRepeat: boolean): Diagnostic | null => {
  if (hookKeys.has(entry.key) && entry.commented) {
    const hint = `put the whole command in double quotes: ${entry.key} = "…"`
    return error(
      'hook-comment',
      'a ; or # begins a comment here, and cuts the command short',
      entry.valueSpan,
      hint,
    )
  }
  const site = /@(.*)$/.exec(entry.key)?.[1]
  const named = site === undefined ? null : parseSiteName(site)
  if (named && !named.ok) return error(named.code, named.message, entry.keySpan, named.hint)
  if (entry.value === '') {
    const hint = `write a value, or delete the line to have the default`
    return error('empty-value', `${quoted(entry.key)} has no value`, entry.keySpan, hint)
  }
  if (entry.list && !mayRepeat)
    return error(
      'value-list',
      `${quoted(entry.key)} has one value`,
      entry.keySpan,
      `write ${entry.key} = …, without []`,
    )
  return null
}

/** What people look for and there is not, with the reason. */
const refusals: ReadonlyMap<string, string> = new Map([
  [
    'default-route',
    "delete the line: containers go out by their own node, since allowed IPs of everything can be one peer's alone; clients may go out by another, with full-tunnel = yes there and exit = yes at their node",
  ],
])

const unknownKey = (entry: ScannedEntry, section: ScannedSection, fields: Fields): Diagnostic => {
  const secret = /private|preshared|psk/i.test(entry.key)
  const hint = secret
    ? 'secrets are kept in keys/, never in mesh.ini: delete the line and make a new key if this file was shared'
    : (refusals.get(entry.key) ?? didYouMean(entry.key, Object.keys(fields)))
  return error(
    'unknown-key',
    `[${brief(section.header)}] has no key ${quoted(entry.key)}`,
    entry.keySpan,
    hint,
  )
}

/** An error, as the reader collects them. */
export const error = (code: Code, message: string, span: Span, hint?: string): Diagnostic => ({
  severity: 'error',
  code,
  message,
  span,
  hint,
})
