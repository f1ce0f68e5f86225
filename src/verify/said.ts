import type { Span } from '../diagnostics/index.js'

/** A value and where it stands. */
export interface Said<Value = string> {
  readonly value: Value
  readonly span: Span
}
