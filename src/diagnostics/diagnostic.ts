import type { Code } from './codes.js'

/** A place in a file: lines and columns count from 1, `length` is in characters (UTF-16 units). */
export interface Span {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly length: number
  /** Of a mesh that was given as objects: where in them, such as `nodes[1].endpoint`; there is no file then. */
  readonly field?: string
}

/** One thing that is wrong, or worth a thought, and what to write instead. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** Stable; one row in docs/diagnostics.md, one folder in `fixtures/errors/`. */
  readonly code: Code
  /** One fact in one sentence. Never holds a key. */
  readonly message: string
  /** Where, or `null` where no place in a file is at fault. */
  readonly span: Span | null
  /** What it is about: two of one code and one subject say the same of it, wherever the lines have moved. */
  readonly subject?: string | undefined
  /** Whom it names, where that is not the node whose section its place is in: `node1 and node2`. */
  readonly about?: string | undefined
  /** Exactly what to write. */
  readonly hint?: string | undefined
  /** The other place the fact is about: "node2 takes it here". */
  readonly related?: { readonly message: string; readonly span: Span } | undefined
}

/** A stage's answer: its value and what to mind, or all that is wrong. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** A value with its warnings, or, where there is an error among them, no value. */
export const resultOf = <T>(diagnostics: readonly Diagnostic[], value: () => T): Result<T> =>
  diagnostics.some(({ severity }) => severity === 'error')
    ? { ok: false, diagnostics: byPlace(diagnostics) }
    : { ok: true, value: value(), warnings: byPlace(diagnostics) }

/** By place in the file; those without a place first. */
export const byPlace = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  [...diagnostics].sort(
    (a, b) => (a.span?.line ?? 0) - (b.span?.line ?? 0) || (a.span?.column ?? 0) - (b.span?.column ?? 0),
  )
