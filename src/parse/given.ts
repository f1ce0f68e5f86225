import { didYouMean } from '../diagnostics/index.js'
import type { Field } from './fields.js'

/** What is wrong with a value before anybody reads it; `at` is where in it. */
export interface GivenFault {
  readonly code: 'value-choice' | 'unknown-key' | 'control-character' | 'value-list'
  readonly at: string
  /** What is said of it: `is null`. */
  readonly message: string
  readonly hint: string
}

/** An object of keys, and no list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A value as the texts that mesh.ini would have for it, for the field's own parser to read: one for each member of a
 * list. None for an empty list where mesh.ini has no word for it: it is not written then.
 */
export const textsOf = (field: Field<unknown>, value: unknown): readonly string[] | GivenFault => {
  if (!Array.isArray(value)) return oneOf(field, value, '')
  if (value.length === 0) return readsNone(field) ? ['none'] : []
  const texts: string[] = []
  for (const [at, member] of value.entries()) {
    const read = Array.isArray(member)
      ? wrong(`[${at}]`, 'is a list in a list')
      : oneOf(field, member, `[${at}]`)
    if (!isTexts(read)) return read
    texts.push(read.join(', '))
  }
  return texts
}

/** Whether it has texts, and no fault. */
export const isTexts = (read: readonly string[] | GivenFault): read is readonly string[] =>
  Array.isArray(read)

/** Whether `none` is its word for a list without members, as which a hook would be a command. */
const readsNone = ({ type }: Field<unknown>): boolean => {
  const read = type.safeParse('none')
  return read.success && Array.isArray(read.data) && read.data.length === 0
}

const oneOf = (field: Field<unknown>, value: unknown, at: string): readonly string[] | GivenFault => {
  if (typeof value === 'boolean') return [value ? 'yes' : 'no']
  if (typeof value === 'number') return [`${value}`]
  if (typeof value === 'string') return faultIn(value, at) ?? [value]
  return isObject(value) ? partsOf(field, value, at) : wrong(at, `is ${kindOf(value)}`)
}

const kindOf = (value: unknown): string => (value === null ? 'null' : `a ${typeof value}`)

const wrong = (at: string, message: string): GivenFault => ({
  code: 'value-choice',
  at,
  message,
  hint: 'give a text, a number, true or false, or leave it out',
})

/** Line ends too: here nothing else ends a value. */
const faultIn = (text: string, at: string): GivenFault | null => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.exec(text)?.[0]
  if (control === undefined) return null
  const character = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  const message = `holds the control character U+${character}`
  return { code: 'control-character', at, message, hint: 'delete it' }
}

/** An object of a value's parts: each is one word, and one that the value has. */
const partsOf = (
  field: Field<unknown>,
  value: Readonly<Record<string, unknown>>,
  at: string,
): readonly string[] | GivenFault => {
  const faulty = faultAmong(value, at, 0)
  if (faulty) return faulty
  const texts = printed(field, field.of === 'members' ? [value] : value)
  if (texts === null) return wrong(at, 'is an object')
  const read = field.type.safeParse(texts.join(', '))
  // What its parser refuses it says itself.
  if (!read.success) return texts
  const known = field.of === 'members' ? (read.data as readonly unknown[])[0] : read.data
  return unknownIn(value, known, at) ?? texts
}

/** The texts of a value, or `null` where an object stands for a word, which has none, or not even that. */
const printed = (field: Field<unknown>, value: unknown): readonly string[] | null => {
  try {
    const texts: readonly unknown[] = field.print(value)
    return texts.every(text => typeof text === 'string' && !text.includes('[object'))
      ? (texts as readonly string[])
      : null
  } catch {
    return null
  }
}

/** No part has room for a second one. */
const faultAmong = (value: unknown, at: string, depth: number): GivenFault | null => {
  if (typeof value === 'string') {
    const message = 'holds a blank or a comma'
    const hint = 'give each part a field, or each member a place in the list'
    return faultIn(value, at) ?? (/[\s,]/.test(value) ? { code: 'value-list', at, message, hint } : null)
  }
  if (typeof value === 'number' || value === null || value === undefined) return null
  if (typeof value !== 'object') return wrong(at, `is ${kindOf(value)}`)
  if (depth > 3) return wrong(at, 'is an object in an object')
  for (const [key, part] of Object.entries(value)) {
    const fault = faultAmong(part, Array.isArray(value) ? `${at}[${key}]` : `${at}.${key}`, depth + 1)
    if (fault) return fault
  }
  return null
}

const unknownIn = (
  value: Readonly<Record<string, unknown>>,
  known: unknown,
  at: string,
): GivenFault | null => {
  const parts = isObject(known) ? known : {}
  for (const [key, part] of Object.entries(value)) {
    if (part === undefined) continue
    if (!Object.hasOwn(parts, key))
      return {
        code: 'unknown-key',
        at: `${at}.${key}`,
        message: 'is no part of it',
        hint: didYouMean(key, Object.keys(parts)),
      }
    const fault = isObject(part) ? unknownIn(part, parts[key], `${at}.${key}`) : null
    if (fault) return fault
  }
  return null
}
