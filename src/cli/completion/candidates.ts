import { keyed, named } from '../../parse/headers.js'
import type { Command } from '../command.js'
import { commandCalled, commandNames, nameOf } from '../commands/index.js'
import { globalOptions } from '../global-options.js'
import { listed, type Offer, offersOfArguments, offersOfOptions } from './offers.js'

/** What is looked up for a word, in the mesh that the command line names. */
export interface Looked {
  /** Names that sections of a kind have: `[node NAME]`. */
  names(kind: string, at: { readonly directory: string; readonly file: string }): readonly string[]
  /** Keys that a section may have. */
  keys(section: string): Promise<readonly string[]>
  targets(): Promise<readonly string[]>
}

/** The shell itself offers files. */
export const files = ':files'

/** What the last of the words behind `ciab-gen` may be meant to become. */
export const candidates = async (typed: readonly string[], looked: Looked): Promise<readonly string[]> => {
  // bash makes a word of = in --format=json.
  const last = typed.at(-1) ?? ''
  const current = last === '=' ? '' : last
  const line = readWords(typed.slice(0, -1).filter(word => word !== '='))
  const at = { directory: line.values.get('C') ?? '.', file: line.values.get('f') ?? 'mesh.ini' }
  const offered = async (offer: Offer): Promise<readonly string[]> => {
    const some = (...kinds: string[]) => kinds.flatMap(kind => [...looked.names(kind, at)])
    switch (offer) {
      case 'nothing':
        return []
      case 'files':
        return [files]
      case 'nodes':
        return some('node')
      case 'clients':
        return some('client')
      case 'machines':
        return some('node', 'client')
      case 'groups':
        return some('group')
      case 'entered':
        return some('segment', 'tenant')
      case 'targets':
        return looked.targets()
      case 'formats':
        return line.command?.formats ?? []
      default:
        return offer
    }
  }
  const ofOption = async (name: string, prefix: string, value: string): Promise<readonly string[]> => {
    const known = await offered(offerOf(line.command, name))
    const cut = listed.has(name) ? value.lastIndexOf(',') + 1 : 0
    const before = value.slice(0, cut)
    const given = new Set(before.split(','))
    return matching(
      known.filter(word => !given.has(word)),
      value.slice(cut),
    ).map(word => (word === files ? files : `${prefix}${before}${word}`))
  }
  if (line.awaiting !== null) return ofOption(line.awaiting, '', current)
  const [, option, value] = /^(--[\w-]+=)(.*)$/s.exec(current) ?? []
  if (option !== undefined && value !== undefined && !line.ended)
    return (await ofOption(option.slice(2, -1), option, value)).filter(word => word !== files)
  if (current.startsWith('-') && !line.ended) return matching(optionsFor(line), current)
  if (!line.command) return line.words.length === 0 ? matching(commandNames, current) : []
  if (nameOf(line.command) === 'set' && line.words.length > 0)
    return matching(await ofSet(line.words, looked, at), current).filter(word => !line.words.includes(word))
  return matching(
    (await offered(argumentOf(line.command, line.words.length))).filter(word => !line.words.includes(word)),
    current,
  )
}

/** Words as they are typed, up to the one that is being typed. */
interface Line {
  readonly command: Command | undefined
  /** Arguments of the command. */
  readonly words: readonly string[]
  readonly values: ReadonlyMap<string, string>
  /** The option whose value comes next. */
  readonly awaiting: string | null
  /** Whether `--` stands before. */
  readonly ended: boolean
}

const readWords = (typed: readonly string[]): Line => {
  let command: Command | undefined
  let awaiting: string | null = null
  let missing = 0
  let ended = false
  let helped = false
  const words: string[] = []
  const values = new Map<string, string>()
  for (const word of typed) {
    if (awaiting !== null) {
      values.set(awaiting, word)
      missing--
      if (missing === 0) awaiting = null
    } else if (!ended && word === '--') ended = true
    else if (!ended && word.startsWith('-')) {
      const [, written = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? []
      const name = canonical(command, written)
      if (value !== undefined) values.set(name, value)
      else if (isValued(command, name)) {
        awaiting = name
        missing = optionsOf(command)[name]?.nargs ?? 1
      } else values.set(name, '')
    } else if (!command && !helped && word === 'help') helped = true
    else if (!command && !helped && words.length === 0) {
      command = commandCalled(word)
      if (!command) words.push(word)
    } else words.push(word)
  }
  return { command, words, values, awaiting, ended }
}

const optionsOf = (command: Command | undefined): Command['options'] => ({
  ...command?.options,
  ...globalOptions,
})

/** An option's name, where it is written by its alias. */
const canonical = (command: Command | undefined, written: string): string =>
  Object.entries(optionsOf(command)).find(([, { alias }]) => alias === written)?.[0] ?? written

const isValued = (command: Command | undefined, name: string): boolean => {
  const options = optionsOf(command)
  return Object.hasOwn(options, name) && options[name]?.type === 'string'
}

const optionsFor = ({ command, values }: Line): string[] =>
  Object.entries({ ...optionsOf(command), help: {} })
    .filter(([name]) => !values.has(name))
    .flatMap(([name, { alias }]: [string, { alias?: unknown }]) => [name, ...(alias ? [String(alias)] : [])])
    .map(name => (name.length === 1 ? `-${name}` : `--${name}`))

/** `--format` of init and add-node is of names. */
const offerOf = (command: Command | undefined, name: string): Offer => {
  const written = canonical(command, name)
  if (!isValued(command, written)) return 'nothing'
  const own = command ? `${nameOf(command)} ${written}` : written
  for (const known of [own, written])
    if (Object.hasOwn(offersOfOptions, known)) return offersOfOptions[known] as Offer
  return 'nothing'
}

/** The offer for an argument by its place; the last of a command may be repeated. */
const argumentOf = (command: Command, index: number): Offer => {
  const names = Object.keys(command.positionals)
  const repeated = command.usage.includes('..')
  const name = names[index] ?? (repeated ? names.at(-1) : undefined)
  return name === undefined ? 'nothing' : (offersOfArguments[`${nameOf(command)} ${name}`] ?? 'nothing')
}

/** Behind `set SECTION`: the name of the section, then a key of it. */
const ofSet = async (
  [section = '', ...words]: readonly string[],
  looked: Looked,
  at: { readonly directory: string; readonly file: string },
): Promise<readonly string[]> => {
  if (!keyed.includes(section)) return []
  const isNamed = named.includes(section)
  if (isNamed && words.length === 0) return looked.names(section, at)
  if (words.length === (isNamed ? 1 : 0)) return looked.keys(section)
  // Members of a list are nodes.
  return ['members', 'nodes'].includes(words[isNamed ? 1 : 0] ?? '') ? looked.names('node', at) : []
}

const matching = (known: readonly string[], current: string): string[] =>
  known.filter(word => word === files || word.startsWith(current))
