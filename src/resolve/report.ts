import type { Code, Diagnostic, Span } from '../diagnostics/index.js'

/** Collects what resolve finds, each fact once: what a group says is said by every member. */
export class Report {
  readonly diagnostics: Diagnostic[] = []
  private readonly seen = new Set<string>()

  error(code: Code, message: string, span: Span, hint?: string, related?: Diagnostic['related']): void {
    this.add({ severity: 'error', code, message, span, hint, related })
  }

  /** The `subject` tells whether an edit of mesh.ini brought it, or it was there before. */
  warn(
    code: Code,
    subject: string,
    message: string,
    span: Span,
    hint?: string,
    related?: Diagnostic['related'],
    about?: string,
  ): void {
    this.add({ severity: 'warning', code, subject, about, message, span, hint, related })
  }

  /** Whether nothing has been said of the topic yet: what is wrong for a thousand nodes is wrong once. */
  isNew(topic: string): boolean {
    const isNew = !this.seen.has(topic)
    this.seen.add(topic)
    return isNew
  }

  get failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity === 'error')
  }

  private add(diagnostic: Diagnostic & { readonly span: Span }): void {
    const { code, message, span } = diagnostic
    const fact = `${code} ${span.line}:${span.column} ${message}`
    if (!this.seen.has(fact)) this.diagnostics.push(diagnostic)
    this.seen.add(fact)
  }
}
