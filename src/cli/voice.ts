import { relative, resolve, sep } from 'node:path'
import { type Diagnostic, spoken } from '../diagnostics/index.js'
import { on, one, UsageError } from './arguments.js'
import type { Arguments, Command, Format } from './command.js'
import type { Io, Output } from './io.js'
import { annotations, type Pointer, pointing } from './output/annotations.js'
import { type Answer, noAnswer, printedAnswer } from './output/answer.js'
import { report, reportBriefly } from './output/report.js'

/** How a command speaks: to people, to programs, or to GitHub. */
export interface Voice {
  readonly format: Format
  readonly io: Io
  readonly answer: Answer
  /** Shows what there is to say of files at the files, to whoever looks at them there: to GitHub. */
  point(pointers: readonly Pointer[]): void
  /** Says what there is to say in the end. */
  end(exitCode: number): void
}

/** To people, before it is known what the command line wants. */
export const plainVoice = (io: Io): Voice => ({
  format: 'text',
  io,
  answer: noAnswer,
  point: () => {},
  end: () => {},
})

/** The voice that the command line asks for. */
export const voiceOf = (command: Command, args: Arguments, io: Io, directory: string): Voice => {
  const format = formatOf(command, args)
  const quiet = on(args, 'quiet')
  const heard = quiet ? { ...io, stderr: silent } : io
  if (format === 'json') {
    const [name = ''] = command.usage.split(' ')
    const answer = printedAnswer(io.stdout, name)
    const hear = (diagnostics: readonly Diagnostic[]) => answer.hear(diagnostics.map(withoutKeys))
    return { ...plainVoice({ ...io, stdout: silent, stderr: silent, hear }), format, answer, end: answer.end }
  }
  if (format === 'github') {
    const root = io.env.GITHUB_WORKSPACE || io.cwd
    const pathOf = (file: string): string => relative(root, resolve(directory, file)).replaceAll(sep, '/')
    // GitHub reads both streams; standard output stays data.
    const hear = (diagnostics: readonly Diagnostic[]) => {
      for (const line of annotations(diagnostics, pathOf)) io.stderr.write(`${line}\n`)
    }
    const point: Voice['point'] = pointers => {
      for (const line of pointing(pointers, pathOf)) io.stderr.write(`${line}\n`)
    }
    return { ...plainVoice({ ...heard, hear }), format, point }
  }
  if (!quiet) return { ...plainVoice(io), format }
  const hear: NonNullable<Io['hear']> = (diagnostics, sources, telling) =>
    telling === 'briefly'
      ? reportBriefly(io, diagnostics, sources)
      : report(io, diagnostics, sources, telling === 'each')
  return { ...plainVoice({ ...heard, hear }), format }
}

const silent: Output = { isTerminal: false, write: () => {} }

const formatOf = ({ formats = [] }: Command, args: Arguments): Format => {
  if (formats.length === 0) return 'text'
  const said = one(args, 'format') ?? (on(args, 'json') ? 'json' : 'text')
  const format = formats.find(known => known === said)
  if (!format)
    throw new UsageError(
      `--format ${said} is not known`,
      `write ${formats.join(', ').replace(/, (?=\w+$)/, ' or ')}`,
    )
  return format
}

/** As people read it: what may be a key is hidden. */
const withoutKeys = ({ severity, code, message, span, about, hint, related }: Diagnostic): Diagnostic => ({
  severity,
  code,
  message: spoken(message),
  span,
  about,
  hint: hint && spoken(hint),
  related: related && { message: spoken(related.message), span: related.span },
})
