import { parseNodeName } from '../../net/index.js'
import { all, one, UsageError, wholeNumber } from '../arguments.js'
import type { Arguments } from '../command.js'

/** A node that is to be made, and where it can be dialled if that was said. */
export interface Newcomer {
  readonly name: string
  readonly endpoint: string | undefined
}

/** More nodes than a mesh of full peering can hold. */
const mostNodes = 10_000

/** `NAME` or `NAME=ENDPOINT`. */
const newcomerOf = (text: string): Newcomer => {
  const equals = text.indexOf('=')
  const name = requireLabel(equals < 0 ? text : text.slice(0, equals))
  const endpoint = equals < 0 ? undefined : text.slice(equals + 1).trim()
  if (endpoint === '')
    throw new UsageError(`${name}= has no endpoint`, `write ${name}=HOST, ${name}=HOST:PORT or ${name}=none`)
  return { name, endpoint }
}

/** The nodes named one by one, and those that `--count`, `--format` and `--endpoint` make by their ids. */
export const newcomersOf = (args: Arguments, named: readonly string[], firstId: number): Newcomer[] => {
  const count = wholeNumber(args, 'count', 1, mostNodes)
  const format = one(args, 'format')
  if (format !== undefined && count === undefined)
    throw new UsageError('--format is without --count', 'write --count N too')
  const newcomers = named.map(newcomerOf)
  const endpoint = count === undefined ? undefined : one(args, 'endpoint')
  const first = firstId + newcomers.length
  for (let id = first; id < first + (count ?? 0); id++)
    newcomers.push({
      name: requireLabel(formatted('--format', format ?? 'node%d', id)),
      endpoint:
        endpoint === undefined || endpoint === 'none' ? endpoint : formatted('--endpoint', endpoint, id),
    })
  const seen = new Set<string>()
  for (const { name } of newcomers) {
    if (seen.has(name)) throw new UsageError(`"${name}" stands twice`, 'name every node once')
    seen.add(name)
  }
  return newcomers
}

export const requireLabel = (text: string): string => {
  const label = parseNodeName(text)
  if (!label.ok) throw new UsageError(label.message, label.hint)
  return label.value
}

/** Comma-separated words of an option that may be repeated. */
export const words = (args: Arguments, name: string): string[] =>
  all(args, name).flatMap(text => {
    const parts = text.split(',').map(part => part.trim())
    if (parts.includes(''))
      throw new UsageError(`--${name} has an empty member`, 'write names with one comma between them')
    return parts
  })

/** printf(3)'s `%d` and `%02d`, once. */
const formatted = (option: string, format: string, number: number): string => {
  const parts = /^([^%]*)%(?:0([1-9]))?d([^%]*)$/.exec(format)
  if (!parts) throw new UsageError(`${option} ${format} does not have one %d`, `write ${option} 'node%02d'`)
  const [, before, width, behind] = parts
  return `${before}${`${number}`.padStart(Number(width ?? 0), '0')}${behind}`
}
