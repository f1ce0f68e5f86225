import type { Code } from '../diagnostics/codes.js'

declare const brand: unique symbol

/**
 * A string or number that a parser has accepted. Canonical text *is* the value: two of the same
 * brand are equal exactly when `===` says so.
 */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** What a value parser answers: the value, or what is wrong with the text and what to write instead. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly code: Code
      readonly message: string
      readonly hint?: string | undefined
    }

/** The text as a message quotes it: escaped, and cut where nobody would read on. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > longestQuoted ? `${text.slice(0, longestQuoted)}…` : text)

const longestQuoted = 72

/** Wraps an accepted value. */
export const accepted = <T>(value: T): Parsed<T> => ({ ok: true, value })

/** Wraps a refusal: `message` is one fact in one sentence, `hint` exactly what to write. */
export const refused = (code: Code, message: string, hint?: string): Parsed<never> => ({
  ok: false,
  code,
  message,
  hint,
})
