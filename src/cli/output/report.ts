import { type Diagnostic, format, type Paint, type Result, type Sources } from '../../diagnostics/index.js'
import type { Io, Output } from '../io.js'
import { type Kind, kindsOf, summaryOf } from './kinds.js'

/** Ends a command because of what is wrong with the mesh or its files; exit code 1. */
export class Failure extends Error {
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    readonly sources: Sources,
    /** What is to be known of it all, after the diagnostics. */
    readonly end: string | null = null,
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

/** Most errors that are drawn; a full mesh of faults has a million. */
const mostDrawn = 20

/**
 * Draws diagnostics on standard error. A warning that is alone of its kind is drawn as it is; of several there is a line
 * for all.
 *
 * @param each whether every warning is drawn
 */
export const report = (io: Io, diagnostics: readonly Diagnostic[], sources: Sources, each = false): void => {
  if (io.hear) {
    io.hear(diagnostics, sources, each ? 'each' : 'alike')
    return
  }
  const paint = paintOf(io, io.stderr)
  const draw = (some: readonly Diagnostic[]): string[] => some.map(one => format(one, sources, paint))
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning')
  const kinds = kindsOf(warnings)
  const several = each ? [] : kinds.filter(isSeveral)
  const drawn = [
    ...draw(errors.slice(0, mostDrawn)),
    ...(errors.length > mostDrawn ? [`${errors.length - mostDrawn} more errors\n`] : []),
    ...draw(each ? warnings : kinds.flatMap(kind => (isSeveral(kind) ? [] : kind.warnings))),
    ...(several.length > 0
      ? [[...several.map(kind => lineOf(kind, sources, paint)), everyOne].map(line => `${line}\n`).join('')]
      : []),
  ]
  if (drawn.length > 0) io.stderr.write(drawn.join('\n'))
}

const isSeveral = ({ warnings }: Kind): boolean => warnings.length > 1

const everyOne = 'each of them, and what to write instead: ciab-gen check --verbose'

/** Warnings in a line for each kind, for a command that is not about them. */
export const reportBriefly = (io: Io, warnings: readonly Diagnostic[], sources: Sources): void => {
  if (io.hear) {
    io.hear(warnings, sources, 'briefly')
    return
  }
  const paint = paintOf(io, io.stderr)
  for (const kind of kindsOf(warnings)) io.stderr.write(`${lineOf(kind, sources, paint)}\n`)
  const again = kindsOf(warnings).some(isSeveral) ? 'check --verbose' : 'check'
  if (warnings.length > 0) io.stderr.write(`what to do about them: ciab-gen ${again}\n`)
}

const lineOf = (kind: Kind, sources: Sources, paint: Paint): string => {
  const [first] = kind.warnings
  if (first && !isSeveral(kind)) return format(first, sources, paint).split('\n')[0] as string
  const summary = {
    severity: 'warning',
    code: kind.code,
    message: summaryOf(kind, sources),
    span: null,
  } as const
  return format(summary, sources, paint).trimEnd()
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
