import type { Options } from 'yargs'
import type { Io } from './io.js'
import type { Pointer } from './output/annotations.js'
import type { Answer } from './output/answer.js'

/** What yargs read; {@link one} and the others look at the values again. */
export type Arguments = Readonly<Record<string, unknown>>

/** How a command may speak: to people, to programs, to GitHub's workflows, or in a pull request. */
export type Format = 'text' | 'json' | 'github' | 'markdown'

/** Where a command works, and how it speaks. */
export interface Place {
  readonly io: Io
  readonly format: Format
  /** What programs are told; people, by `io`. */
  readonly answer: Answer
  /** What there is to say of files, where somebody looks at the files themselves. */
  point(pointers: readonly Pointer[]): void
  /** The directory given with -C, in full: every path on the command line is relative to it. */
  readonly directory: string
  /** mesh.ini as given with -f. */
  readonly file: string
  /** Of ciab-gen itself. */
  readonly version: string
}

/** A command: what it is called, what it takes, and what it does. */
export interface Command {
  /** In yargs' notation: `gen [nodes..]`. */
  readonly usage: string
  readonly describe: string
  /** Other words that people type for it. */
  readonly aliases?: readonly string[]
  /** What else one should know: whole sentences, below the options in --help. */
  readonly about?: string
  /** What its arguments are. */
  readonly positionals: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, Options>>
  /** What --format may be; there is no --format where there are none. */
  readonly formats?: readonly Format[]
  /** Answers with the exit code. */
  run(args: Arguments, place: Place): Promise<number>
}

/** An option that takes one value. */
export const valued = (describe: string, alias?: string): Options => ({
  type: 'string',
  requiresArg: true,
  describe,
  ...(alias ? { alias } : {}),
})

/** What is said in `text` as well, and how else. */
export const formats = ['text', 'json', 'github'] as const

/** --format of a command with those formats. */
export const formatOption = (known: readonly Format[] = formats): Options =>
  valued(`${known.join(', ').replace(/, (?=\w+$)/, ' or ')}; text if not given`)

/** An option that is there or not. */
export const toggle = (describe: string): Options => ({ type: 'boolean', describe })

/** An option that takes one value, and may stand several times. */
export const repeated = (describe: string): Options => ({ type: 'string', requiresArg: true, describe })
