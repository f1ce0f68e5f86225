import { didYouMean, nearest } from '../diagnostics/index.js'
import { attempt } from '../files/fault.js'
import { label, UsageError } from './arguments.js'
import { commandCalled, commandNames, nameOf } from './commands/index.js'
import { globalOptions } from './global-options.js'
import type { Io } from './io.js'
import { Failure, report } from './output/report.js'

/** Says what went wrong, in the words of whoever is at fault; a bug of ours to the world, however quiet `io` is. */
export const explain = (error: unknown, argv: readonly string[], io: Io, world: Io = io): number => {
  if (error instanceof Failure) {
    report(io, error.diagnostics, error.sources)
    if (error.end !== null) io.stderr.write(`${error.end}\n`)
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
    world.stderr.write(`ciab-gen: this is a bug in ciab-gen, please report it\n${trace}\n`)
    return 70
  }
}

/** yargs' messages in our words, with what to write instead. */
const worded = (error: Error, argv: readonly string[]): { message: string; hint: string } => {
  const given = error instanceof UsageError ? error.hint : undefined
  const called = argv.map(commandCalled).find(command => command !== undefined)
  const command = called && nameOf(called)
  const help = `see "ciab-gen ${command ? `${command} ` : ''}--help"`
  const unvalued = /^Not enough arguments following: (\S+)$/.exec(error.message)?.[1]
  if (unvalued === 'path') return { message: '--path takes two values', hint: 'write --path FROM TO' }
  if (unvalued !== undefined)
    return { message: `${label(unvalued)} has no value`, hint: `write ${label(unvalued)} VALUE` }
  const usage = called?.usage
  if (usage && error.message.startsWith('Not enough non-option arguments'))
    return { message: `"${command}" needs more words`, hint: `write ciab-gen ${usage}` }
  const said = /^Unknown (?:arguments?|commands?): (.*)$/.exec(error.message)?.[1]?.split(', ')[0]
  // yargs gives this one another name, lest it be taken for the prototype.
  const unknown = said === '___proto___' ? '__proto__' : said
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
  const own = Object.entries({ ...commandCalled(name)?.options, ...globalOptions }).flatMap(
    ([key, { alias }]) => [key, ...(alias ? [String(alias)] : [])],
  )
  return [...own, 'help']
}
