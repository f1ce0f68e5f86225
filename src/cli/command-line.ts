import { resolve } from 'node:path'
import yargs, { type Argv } from 'yargs'
import { didYouMean, nearest } from '../diagnostics/index.js'
import { attempt } from '../files/fault.js'
import { all, label, one, UsageError } from './arguments.js'
import type { Arguments, Command, Place } from './command.js'
import { addNode } from './commands/add-node.js'
import { check } from './commands/check.js'
import { diff } from './commands/diff.js'
import { exclude } from './commands/exclude.js'
import { gen } from './commands/gen.js'
import { importCommand } from './commands/import.js'
import { init } from './commands/init.js'
import { plan } from './commands/plan.js'
import { removeNode } from './commands/remove-node.js'
import { renameNode } from './commands/rename-node.js'
import { rotateKey } from './commands/rotate-key.js'
import { rotatePsk } from './commands/rotate-psk.js'
import { set } from './commands/set.js'
import { show } from './commands/show.js'
import { showConf } from './commands/showconf.js'
import { genKey, genPsk, pubKey } from './commands/wg-keys.js'
import { zone } from './commands/zone.js'
import type { Io } from './io.js'
import { Failure, report } from './report.js'

const commands: readonly Command[] = [
  init,
  addNode,
  removeNode,
  renameNode,
  set,
  exclude,
  rotateKey,
  rotatePsk,
  check,
  gen,
  diff,
  show,
  showConf,
  plan,
  genKey,
  genPsk,
  pubKey,
  importCommand,
  zone,
]

const commandNames = [...commands.map(({ usage }) => usage.split(' ')[0] as string), 'completion']

/** Reads the command line and runs its command; answers with the exit code. */
export const run = async (argv: readonly string[], io: Io, version: string): Promise<number> => {
  let exitCode = 0
  const parser = grammar(version, async (command, args) => {
    refuseStrays(command, args, argv)
    exitCode = await command.run(args, placeOf(args, io))
  })
  if (argv.length === 0) {
    io.stderr.write(`${await parser.getHelp()}\n`)
    return 2
  }
  try {
    // Given a callback, yargs hands over what it would print.
    await parser.parseAsync([...argv], {}, (_error, _args, output) => {
      if (output) io.stdout.write(`${output}\n`)
    })
    return exitCode
  } catch (error) {
    return explain(error, argv, io)
  }
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
      return described
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

const placeOf = (args: Arguments, io: Io): Place => ({
  io,
  directory: resolve(io.cwd, one(args, 'C') ?? '.'),
  file: one(args, 'f') ?? 'mesh.ini',
})

/** Says what went wrong, in the words of whoever is at fault. */
const explain = (error: unknown, argv: readonly string[], io: Io): number => {
  if (error instanceof Failure) {
    report(io, error.diagnostics, error.sources)
    return 1
  }
  // yargs throws its own kind for what its parser refuses.
  if (error instanceof UsageError || (error instanceof Error && error.name === 'YError')) {
    const { message, hint } = worded(error, argv)
    report(io, [{ severity: 'error', code: 'command-line', message, span: null, hint }], {})
    return 2
  }
  try {
    const fault = attempt(() => {
      throw error
    })
    if (!fault.ok) report(io, fault.diagnostics, {})
    return 1
  } catch {
    const trace = error instanceof Error ? error.stack : String(error)
    io.stderr.write(`ciab-gen: this is a bug in ciab-gen, please report it\n${trace}\n`)
    return 70
  }
}

const worded = (error: Error, argv: readonly string[]): { message: string; hint: string } => {
  const given = error instanceof UsageError ? error.hint : undefined
  const command = argv.find(arg => commandNames.includes(arg))
  const help = `see "ciab-gen ${command ? `${command} ` : ''}--help"`
  const unvalued = /^Not enough arguments following: (\S+)$/.exec(error.message)?.[1]
  if (unvalued !== undefined)
    return { message: `${label(unvalued)} has no value`, hint: `write ${label(unvalued)} VALUE` }
  const usage = commands.find(one => one.usage.split(' ')[0] === command)?.usage
  if (usage && error.message.startsWith('Not enough non-option arguments'))
    return { message: `"${command}" needs more words`, hint: `write ciab-gen ${usage}` }
  const unknown = /^Unknown (?:arguments?|commands?): (.*)$/.exec(error.message)?.[1]?.split(', ')[0]
  if (unknown === undefined) return { message: sentence(error.message), hint: given ?? help }
  if (!command) return { message: `"${unknown}" is not a command`, hint: didYouMean(unknown, commandNames) }
  const isOption = argv.some(arg => arg.startsWith('-') && arg.replace(/^-+/, '').split('=')[0] === unknown)
  if (!isOption) return { message: `"${unknown}" is one argument too many for "${command}"`, hint: help }
  const meant = nearest(unknown, optionsOf(command))
  const message = `"${command}" has no option ${label(unknown)}`
  return { message, hint: meant ? `did you mean ${label(meant)}?` : help }
}

const sentence = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`

/** Names of the options a command takes. */
const optionsOf = (name: string): string[] => {
  const command = commands.find(({ usage }) => usage.split(' ')[0] === name)
  const own = Object.entries(command?.options ?? {}).flatMap(([key, { alias }]) => [
    key,
    ...(alias ? [String(alias)] : []),
  ])
  return [...own, 'C', 'f', 'help']
}
