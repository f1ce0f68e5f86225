import * as z from 'zod/mini'
import type { OverlayPin, Pools } from '../model/spec.js'
import {
  type AddressFamily,
  accepted,
  addressPart,
  type EndpointSpec,
  familyOf,
  type InterfaceName,
  lengthPart,
  type Parsed,
  type Prefix,
  parseAddress,
  parseDomain,
  parseInteger,
  parseInterfaceAddress,
  parseInterfaceName,
  parseLabel,
  parsePrefix,
  quoted,
  refused,
} from '../net/index.js'

/** How a key is read. */
export interface Field<T> {
  /** Whether it may stand several times as `key[] = value`; each value then gives any number of members. */
  readonly many: boolean
  /** Whether its values, where it stands several times, are read together, as if they stood on one line with commas. */
  readonly joined?: true
  readonly type: z.ZodMiniType<T>
  /** Whether the value is a list of members, each like the others, or one. */
  readonly of: 'members' | 'whole'
  /** The value as it is written: a text for each `key[] = value` of a key that may stand several times. */
  readonly print: (value: T) => readonly string[]
}

/** A field for every key of a section, of its type: a key more, a key less or another type does not compile. */
export type FieldsOf<Keys> = { readonly [Key in keyof Keys]-?: Field<Keys[Key]> }

/** A zod type of text that one of our value parsers reads; its code and hint travel as the issue's parameters. */
const text = <T>(parse: (text: string) => Parsed<T>): z.ZodMiniType<T> =>
  z.pipe(
    z.string(),
    z.transform((input: string, payload): T => {
      const parsed = parse(input)
      if (parsed.ok) return parsed.value
      const { code, hint, message } = parsed
      payload.issues.push({ code: 'custom', message, params: { code, hint }, input })
      return z.NEVER
    }),
  )

/** How a value is written: values that are text or a number already need nobody to say so. */
type Printing<T> = T extends string | number ? [print?: (value: T) => string] : [print: (value: T) => string]

/** A field that may stand once. */
export const one = <T>(
  parse: (text: string) => Parsed<T>,
  ...[print = value => `${value}`]: Printing<T>
): Field<T> => ({ many: false, of: 'whole', type: text(parse), print: value => [print(value)] })

/** A list whose members say something only together: one line with commas, or several of `key[] = value`. */
export const joined = <T>(
  parse: (text: string) => Parsed<T>,
  print: (value: T) => string,
  of: T extends readonly unknown[] ? 'members' : 'whole',
): Field<T> => ({ many: false, joined: true, of, type: text(parse), print: value => [print(value)] })

/** A field that may stand several times, its members written by `print`. */
export const many = <T>(
  parse: (text: string) => Parsed<readonly T[]>,
  print: (value: readonly T[]) => readonly string[],
): Field<readonly T[]> => ({ many: true, of: 'members', type: text(parse), print })

/** Comma-separated members, each read by `parse`. */
export const list =
  <T>(parse: (text: string) => Parsed<T>) =>
  (value: string): Parsed<readonly T[]> => {
    const members: T[] = []
    for (const part of value.split(',')) {
      const parsed =
        part.trim() === ''
          ? refused('value-list', 'a member of the list is empty', 'delete the comma')
          : parse(part.trim())
      if (!parsed.ok) return parsed
      members.push(parsed.value)
    }
    return accepted(members)
  }

/** `none` means all of the value: it has no place in a list. */
export const noneAmong = (value: string, others: string): Parsed<never> | null =>
  value.includes(',') && value.split(',').some(part => part.trim() === 'none')
    ? refused('value-list', '"none" stands beside other values', `write none alone, or the ${others} alone`)
    : null

/** Names of nodes or tenants; `none` for nobody. */
export const names =
  (parse: (text: string) => Parsed<string>, what: string) =>
  (value: string): Parsed<readonly string[]> =>
    value === 'none' ? accepted([]) : (noneAmong(value, what) ?? list(parse)(value))

/** Names of interfaces; `none` for no such interface. */
export const interfaces = (value: string): Parsed<readonly InterfaceName[]> => {
  if (value === 'none') return accepted([])
  const read = noneAmong(value, 'interfaces') ?? list(parseInterfaceName)(value)
  return read.ok && new Set(read.value).size < read.value.length
    ? refused('value-list', 'the list names one interface twice', 'delete one')
    : read
}

/** One of a few words. */
export const choice =
  <T>(words: Readonly<Record<string, T>>) =>
  (value: string): Parsed<T> =>
    Object.hasOwn(words, value)
      ? accepted(words[value] as T)
      : refused(
          'value-choice',
          `${quoted(value)} is not one of ${Object.keys(words).join(', ')}`,
          `write ${Object.keys(words).join(' or ')}`,
        )

/** `on`, `off`, `true` and `false` are read too. */
export const yesOrNo = (value: string): Parsed<boolean> => {
  const read = choice({ yes: true, no: false, on: true, off: false, true: true, false: false })(value)
  return read.ok ? read : refused('value-choice', `${quoted(value)} is not yes or no`, 'write yes or no')
}

/** A bounded whole number. */
export const integer = (what: string, least: number, most: number) => (value: string) =>
  parseInteger(value, what, least, most)

const family = choice<AddressFamily>({ ipv4: 'ipv4', ipv6: 'ipv6' })

/** One family or both. */
export const families = (value: string): Parsed<readonly AddressFamily[]> => {
  const read = list(family)(value)
  return read.ok && new Set(read.value).size < read.value.length
    ? refused('value-list', 'the list names one family twice', 'write ipv4, ipv6 or both')
    : read
}

/** At most one member of each family. */
export const onePerFamily = <T>(
  members: readonly T[],
  familyIn: (member: T) => AddressFamily | null,
  what: string,
): Parsed<readonly T[]> => {
  const families = members.map(familyIn)
  return families.some((one, index) => one !== null && families.indexOf(one) !== index)
    ? refused('value-list', `there are two ${what} of one family`, `write one for IPv4 and one for IPv6`)
    : accepted(members)
}

/** `10.79.0.0/16, fd42::/64`: one prefix for each family. */
export const pools = (value: string): Parsed<Pools> => {
  const prefixes = list(parsePrefix)(value)
  const distinct = prefixes.ok ? onePerFamily(prefixes.value, familyOf, 'pools') : prefixes
  if (!distinct.ok) return distinct
  const of = (wanted: AddressFamily): Prefix | null =>
    distinct.value.find(prefix => familyOf(prefix) === wanted) ?? null
  return accepted({ ipv4: of('ipv4'), ipv6: of('ipv6') })
}

/** `none`, or one endpoint for each family. */
export const endpoints = (parse: (text: string) => Parsed<EndpointSpec>) => (value: string) => {
  if (value === 'none') return accepted([])
  const read = list(parse)(value)
  if (read.ok && read.value.some(({ host }) => host === 'none'))
    return refused(
      'value-list',
      '"none" stands beside other values',
      'write none alone, or the endpoints alone',
    )
  if (read.ok && read.value.length > 2)
    return refused('value-list', 'there are more than two endpoints', 'write one for IPv4 and one for IPv6')
  return read.ok ? onePerFamily(read.value, endpoint => endpoint.family, 'endpoints') : read
}

/** One address for each family. */
export const addresses = (value: string) => {
  const read = list(parseAddress)(value)
  return read.ok ? onePerFamily(read.value, familyOf, 'addresses') : read
}

const overlayPin = (value: string): Parsed<OverlayPin> => {
  if (!value.includes('/')) {
    const alone = parseAddress(value)
    return alone.ok ? accepted({ address: alone.value, length: null }) : alone
  }
  const own = parseInterfaceAddress(value)
  return own.ok ? accepted({ address: addressPart(own.value), length: lengthPart(own.value) }) : own
}

/** `ADDRESS` in the pool or `ADDRESS/LENGTH` anywhere, any number of them, each once. */
export const overlayAddresses = (value: string): Parsed<readonly OverlayPin[]> => {
  const read = list(overlayPin)(value)
  return read.ok && new Set(read.value.map(({ address }) => address)).size < read.value.length
    ? refused('value-list', 'an address stands twice', 'delete one of the two')
    : read
}

/** Prefixes of either family, each once. */
export const prefixes = (value: string): Parsed<readonly Prefix[]> => {
  const read = list(parsePrefix)(value)
  return read.ok && new Set(read.value).size < read.value.length
    ? refused('value-list', 'a prefix stands twice', 'delete one of the two')
    : read
}

/** A node's name, or a full name outside the mesh. */
const nameServer = (value: string): Parsed<string> =>
  value.includes('.') ? parseDomain(value) : parseLabel(value)

/** Name servers, the primary first, each once. */
export const nameServers = (value: string): Parsed<readonly string[]> => {
  const read = list(nameServer)(value)
  return read.ok && new Set(read.value).size < read.value.length
    ? refused('value-list', 'a name server stands twice', 'delete one of the two')
    : read
}

/** A command for a root shell, on one line. */
export const hook = (value: string): Parsed<readonly string[]> => accepted([value])

/** `7.2`, `8.4`, `10.3.1`: FRR's release line as `major.minor`. */
export const frrRelease = (value: string): Parsed<string> => {
  const match = /^([1-9][0-9]?)(?:\.([0-9]{1,2}))?(?:\.[0-9]{1,2})?$/.exec(value)
  const [major, minor] = [Number(match?.[1]), Number(match?.[2] ?? 0)]
  return match && (major > 7 || (major === 7 && minor >= 2))
    ? accepted(`${major}.${minor}`)
    : refused(
        'value-choice',
        `${quoted(value)} is not a release of FRR from 7.2 on`,
        'write what "vtysh --version" prints, such as 8.4',
      )
}

/** `0x1234` or decimal; 32 bits, not 0. */
export const fwmark = (value: string): Parsed<number> =>
  /^0x[0-9a-fA-F]{1,8}$/.test(value) && Number(value) > 0
    ? accepted(Number(value))
    : parseInteger(value, 'a firewall mark', 1, 0xffffffff)
