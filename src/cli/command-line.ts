import { resolve } from 'node:path'
import yargs, { type Argv } from 'yargs'
import { all, one, UsageError } from './arguments.js'
import type { Arguments, Command } from './command.js'
import { commands } from './commands/index.js'
import { explain } from './explain.js'
import type { Io } from './io.js'
import { Failure } from './output/report.js'
import { plainVoice, voiceOf } from './voice.js'

/** Reads the command line and runs its command; answers with the exit code. */
export const run = async (argv: readonly string[], io: Io, version: string): Promise<number> => {
  let exitCode = 0
  const world = argv.includes('--no-color') ? { ...io, env: { ...io.env, NO_COLOR: '1' } } : io
  let voice = plainVoice(world)
  const parser = grammar(version, async (command, args) => {
    refuseStrays(command, args, argv)
    const directory = resolve(io.cwd, one(args, 'C') ?? '.')
    voice = voiceOf(command, args, world, directory)
    const { format, answer } = voice
    const file = one(args, 'f') ?? 'mesh.ini'
    exitCode = await command.run(args, { io: voice.io, format, answer, directory, file })
  })
  if (argv.length === 0) {
    io.stderr.write(`${await parser.getHelp()}\n`)
    return 2
  }
  try {
    // Given a callback, yargs hands over what it would print.
    await parser.parseAsync(completable(argv), {}, (_error, _args, output) => {
      if (output) io.stdout.write(`${output}\n`)
    })
  } catch (error) {
    exitCode = explain(error, argv, voice.io, world)
  }
  if (exitCode !== 70) voice.end(exitCode)
  return exitCode
}

/** yargs looks the last option up in one of its functions, and takes what every function has for a list. */
const completable = (argv: readonly string[]): string[] => {
  const start = argv.indexOf('--get-yargs-completions')
  return start < 0
    ? [...argv]
    : argv.map((word, at) =>
        at > start && word.replace(/^-+/, '') in Function.prototype ? `${word}-` : word,
      )
}

const grammar = (version: string, start: (command: Command, args: Arguments) => Promise<void>): Argv => {
  let parser = yargs()
    .scriptName('ciab-gen')
    // Messages in one language, whatever the locale of the machine.
    .detectLocale(false)
    .exitProcess(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .usage(
      'ciab-gen [-C DIR] [-f FILE] COMMAND\n\nWrites the files of every node of a WireGuard and VXLAN mesh.',
    )
    .option('C', { type: 'string', requiresArg: true, describe: 'work in this directory', global: true })
    .option('f', {
      type: 'string',
      requiresArg: true,
      describe: 'the mesh, mesh.ini if not given',
      global: true,
    })
    .option('quiet', {
      alias: 'q',
      type: 'boolean',
      describe: 'say nothing but data, errors and warnings',
      global: true,
    })
    .option('no-color', { type: 'boolean', describe: 'no color, on a terminal either', global: true })
    .help('help')
    .alias('help', 'h')
    .version(version)
    .strict()
    .demandCommand(1, 'a command is missing')
    .fail((message, error) => {
      throw error instanceof UsageError || error instanceof Failure
        ? error
        : (error ?? new UsageError(message))
    })
  for (const command of commands) {
    const describe = (sub: Argv): Argv => {
      const described = sub.options(command.options)
      for (const [name, text] of Object.entries(command.positionals))
        described.positional(name, { type: 'string', describe: text })
      return command.about ? described.epilogue(command.about) : described
    }
    parser = parser.command(command.usage, command.describe, describe, args => start(command, args))
  }
  return parser.completion('completion', 'print a completion script for bash or zsh')
}

/** What yargs would pass over: a value for a switch, which it takes for a no, and words behind `--`. */
const refuseStrays = ({ options }: Command, args: Arguments, argv: readonly string[]): void => {
  const [, stray] = all(args, '_')
  if (stray !== undefined) throw new UsageError(`"${stray}" stands behind --`, 'leave out the --')
  for (const arg of argv) {
    const name = /^--([^=]+)=/.exec(arg)?.[1] ?? ''
    if (Object.hasOwn(options, name) && options[name]?.type === 'boolean')
      throw new UsageError(`--${name} has no value`, `write --${name}, or leave it out`)
  }
}
