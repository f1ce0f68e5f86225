import type { Diagnostic, Span } from '../diagnostics/index.js'

/** Something in the files that keeps packets from where they should go. */
export const finding = (
  code: 'verify-tunnel' | 'verify-routing' | 'verify-flow',
  span: Span,
  message: string,
  hint: string,
): Diagnostic => ({ severity: 'error', code, message, span, hint })
