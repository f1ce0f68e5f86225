import { resolve } from 'node:path'
import yargs, { type Argv } from 'yargs'
import { all, label, one, standardInput, UsageError } from './arguments.js'
import type { Arguments, Command } from './command.js'
import { commandCalled, commands, nameOf } from './commands/index.js'
import { examples } from './examples.js'
import { explain } from './explain.js'
import { globalOptions } from './global-options.js'
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
    const { format, answer, point } = voice
    const file = one(args, 'f') ?? 'mesh.ini'
    exitCode = await command.run(args, { io: voice.io, format, answer, point, directory, file, version })
  })
  const words = withInput(withHelp(argv))
  // A shell asks ours instead; yargs would answer without a look at what it is asked.
  if (argv.some(word => word.startsWith('--get-yargs-completions')))
    return explain(new UsageError('there is no option --get-yargs-completions'), argv, world)
  if (argv.length === 0) {
    io.stderr.write(`${await parser.getHelp()}\n`)
    return 2
  }
  try {
    // Given a callback, yargs hands over what it would print.
    await parser.parseAsync([...words], {}, (_error, args, output) => {
      const asked = args.help === true ? commandCalled(`${args._[0]}`) : undefined
      if (output) io.stdout.write(`${output}\n${asked ? examplesOf(asked) : ''}`)
    })
  } catch (error) {
    exitCode = explain(error, argv, voice.io, world)
  }
  if (exitCode !== 70) voice.end(exitCode)
  return exitCode
}

/** `help COMMAND` is `COMMAND --help`, if there is one. */
const withHelp = (argv: readonly string[]): readonly string[] => {
  const at = argv.findIndex((word, index) => !word.startsWith('-') && !/^-[Cf]$/.test(argv[index - 1] ?? ''))
  if (at < 0 || argv[at] !== 'help') return argv
  const rest = [...argv.slice(0, at), ...argv.slice(at + 1)]
  const named = rest[at]
  return named === undefined || commandCalled(named) ? [...rest, '--help'] : rest
}

/** Standard input among the files of a command: yargs passes over a `-` that is no option's value. */
const withInput = (argv: readonly string[]): string[] => {
  const switches = commands.flatMap(({ options }) =>
    Object.entries(options).flatMap(([name, { type }]) => (type === 'boolean' ? [label(name)] : [])),
  )
  const takesValue = (word = ''): boolean => /^-[^=]*$/.test(word) && !switches.includes(word)
  return argv.map((word, at) => (word === '-' && !takesValue(argv[at - 1]) ? standardInput : word))
}

/** Not by yargs, which breaks long lines that one would copy. */
const examplesOf = (command: Command): string =>
  [
    '\nExamples:',
    ...(examples[nameOf(command)] ?? []).map(([line, does]) => `  ${line}\n      ${does}`),
    '',
  ].join('\n')

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
    .options(globalOptions)
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
    parser = parser.command([command.usage, ...(command.aliases ?? [])], command.describe, describe, args =>
      start(command, args),
    )
  }
  return parser.command('help [command]', 'say what a command does, and how')
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
