import type { Options } from 'yargs'
import type { Io } from './io.js'

/** What yargs read; {@link one} and the others look at the values again. */
export type Arguments = Readonly<Record<string, unknown>>

/** Where a command works. */
export interface Place {
  readonly io: Io
  /** The directory given with -C, in full: every path on the command line is relative to it. */
  readonly directory: string
  /** mesh.ini as given with -f. */
  readonly file: string
}

/** A command: what it is called, what it takes, and what it does. */
export interface Command {
  /** In yargs' notation: `gen [nodes..]`. */
  readonly usage: string
  readonly describe: string
  /** What else one should know: whole sentences, below the options in --help. */
  readonly about?: string
  /** What its arguments are. */
  readonly positionals: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, Options>>
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

/** An option that is there or not. */
export const toggle = (describe: string): Options => ({ type: 'boolean', describe })
