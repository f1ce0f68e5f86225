import { type Diagnostic, format, type Paint, type Result, type Sources } from '../../diagnostics/index.js'
import type { Io, Output } from '../io.js'

/** Ends a command because of what is wrong with the mesh or its files; exit code 1. */
export class Failure extends Error {
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    readonly sources: Sources,
  ) {
    super(diagnostics[0]?.message)
  }
}

/** The value of a result; its warnings are passed on, its errors end the command. */
export const need = <T>(result: Result<T>, sources: Sources = {}, warnings: Diagnostic[] = []): T => {
  if (!result.ok) throw new Failure(result.diagnostics, sources)
  // One by one: hundreds of thousands of arguments are more than a call can take.
  for (const warning of result.warnings) warnings.push(warning)
  return result.value
}

/** Most diagnostics of a kind that are drawn; a full mesh of faults has a million. */
const mostDrawn = 20

/** Draws diagnostics on standard error. */
export const report = (io: Io, diagnostics: readonly Diagnostic[], sources: Sources): void => {
  const paint = paintOf(io, io.stderr)
  const drawn: string[] = []
  for (const severity of ['error', 'warning'] as const) {
    const some = diagnostics.filter(diagnostic => diagnostic.severity === severity)
    drawn.push(...some.slice(0, mostDrawn).map(diagnostic => format(diagnostic, sources, paint)))
    if (some.length > mostDrawn) drawn.push(`${some.length - mostDrawn} more ${severity}s\n`)
  }
  if (drawn.length > 0) io.stderr.write(drawn.join('\n'))
}

/** Warnings in a line each, for a command that is not about them. */
export const reportBriefly = (io: Io, warnings: readonly Diagnostic[], sources: Sources): void => {
  const paint = paintOf(io, io.stderr)
  for (const warning of warnings.slice(0, mostDrawn))
    io.stderr.write(`${format(warning, sources, paint).split('\n')[0]}\n`)
  if (warnings.length > 0)
    io.stderr.write(
      `${warnings.length > mostDrawn ? `${warnings.length - mostDrawn} more warnings; ` : ''}what to do about them: ciab-gen check\n`,
    )
}

const colors = { error: 31, warning: 33, place: 1, hint: 36, added: 32, removed: 31, head: 1 } as const

/** Color on a terminal, unless NO_COLOR (no-color.org) or a terminal without it says otherwise. */
export const paintOf = (
  io: Io,
  output: Output,
): ((role: keyof typeof colors, text: string) => string) & Paint =>
  output.isTerminal && !io.env.NO_COLOR && io.env.TERM !== 'dumb'
    ? (role, text) => `\u001b[${colors[role]}m${text}\u001b[0m`
    : (_, text) => text

/** `3 nodes`, `1 node`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
