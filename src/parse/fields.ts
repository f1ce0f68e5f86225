import { z } from 'zod'
import type { ContainerNetworkSpec, ContainerPool, ContainerPools, OverlayPin, Pools } from '../model/spec.js'
import {
  type AddressFamily,
  accepted,
  addressPart,
  familyOf,
  type InterfaceAddress,
  lengthPart,
  type Parsed,
  type Prefix,
  parseAddress,
  parseDomain,
  parseEndpoint,
  parseInteger,
  parseInterfaceAddress,
  parseInterfaceName,
  parseLabel,
  parsePrefix,
  quoted,
  refused,
} from '../net/index.js'

/** A zod type of text that one of our value parsers reads; its code and hint travel as the issue's parameters. */
export const text = <T>(parse: (text: string) => Parsed<T>) =>
  z.string().transform((value, context): T => {
    const parsed = parse(value)
    if (parsed.ok) return parsed.value
    const { code, hint, message } = parsed
    context.addIssue({ code: 'custom', message, params: { code, hint } })
    return z.NEVER
  })

/** A field that may stand once. */
export const one = <T>(parse: (text: string) => Parsed<T>) => ({ many: false as const, type: text(parse) })

/** A field that may stand several times as `key[] = value`; each value gives any number of members. */
export const many = <T>(parse: (text: string) => Parsed<readonly T[]>) => ({
  many: true as const,
  type: text(parse),
})

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

export const yesOrNo = choice({ yes: true, no: false, on: true, off: false, true: true, false: false })

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
const onePerFamily = <T>(
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

/** `10.77.0.0/16 /24, fd42::/49 /64`: a pool and the size of each node's part, /24 or /64 where it is not written. */
export const containerPools = (value: string): Parsed<ContainerPools> => {
  if (value === 'none') return accepted({ ipv4: null, ipv6: null })
  const read = list(containerPool)(value)
  const distinct = read.ok ? onePerFamily(read.value, pool => familyOf(pool.prefix), 'pools') : read
  if (!distinct.ok) return distinct
  const of = (wanted: AddressFamily): ContainerPool | null =>
    distinct.value.find(pool => familyOf(pool.prefix) === wanted) ?? null
  return accepted({ ipv4: of('ipv4'), ipv6: of('ipv6') })
}

const containerPool = (value: string): Parsed<ContainerPool> => {
  const [pool = '', size, ...rest] = value.split(/\s+/)
  const prefix = parsePrefix(pool)
  if (!prefix.ok) return prefix
  const ipv4 = familyOf(prefix.value) === 'ipv4'
  const longest = ipv4 ? 30 : 64
  if (rest.length > 0 || (size !== undefined && !size.startsWith('/')))
    return refused(
      'prefix-syntax',
      `${quoted(value)} is not a pool and a size`,
      'write POOL /LENGTH, such as 10.77.0.0/16 /24',
    )
  const shortest = lengthPart(prefix.value)
  if (shortest > longest)
    return refused(
      'number-range',
      `${pool} is too small for container networks, which end at /${longest}`,
      `write a pool of /${longest - 8} or less`,
    )
  const usual = ipv4 ? 24 : 64
  if (size === undefined && shortest > usual)
    return refused(
      'number-range',
      `${pool} is smaller than the /${usual} that each node gets of it`,
      `write a shorter prefix, or the size of each node's part: ${pool} /${longest}`,
    )
  const length = integer('a prefix length', shortest, longest)((size ?? `/${usual}`).slice(1))
  return length.ok ? accepted({ prefix: prefix.value, length: length.value }) : length
}

/** `none`, or one endpoint for each family. */
export const endpoints = (value: string) => {
  if (value === 'none') return accepted([])
  const read = list(parseEndpoint)(value)
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

/**
 * `BRIDGE auto`, `BRIDGE PREFIX[, PREFIX6]` or `BRIDGE ADDRESS/LENGTH[, ADDRESS6/LENGTH]`. An address with
 * host bits says that the bridge exists and has that address; a network, that it is ours to make.
 */
export const containerNetworks = (value: string): Parsed<readonly ContainerNetworkSpec[]> => {
  if (value === 'none') return accepted([])
  const [name = '', ...words] = value.split(/\s+/)
  const rest = words.join(' ')
  const hint = 'write BRIDGE auto, BRIDGE PREFIX or BRIDGE PREFIX, PREFIX6, such as lxdbr0 10.77.1.1/24'
  const bridge = parseInterfaceName(name)
  if (!bridge.ok)
    return { ...bridge, hint: parseInterfaceAddress(name.replace(/,$/, '')).ok ? hint : bridge.hint }
  if (rest === '') return refused('prefix-syntax', `the bridge ${name} has no prefix`, hint)
  if (rest === 'auto') return accepted([{ bridge: bridge.value, prefixes: null, addresses: [] }])
  const read = list(parseInterfaceAddress)(rest)
  const distinct = read.ok ? onePerFamily(read.value, familyOf, 'prefixes') : read
  if (!distinct.ok) return distinct
  const networks = distinct.value.filter(isNetwork)
  if (networks.length === distinct.value.length)
    return accepted([{ bridge: bridge.value, prefixes: networks, addresses: [] }])
  return networks.length === 0
    ? accepted([{ bridge: bridge.value, prefixes: [], addresses: distinct.value }])
    : refused(
        'prefix-host-bits',
        `${networks[0]} is a network, and the other an address of an existing bridge`,
        'write two networks for a bridge that ciab-gen makes, or the two addresses that an existing bridge has',
      )
}

const isNetwork = (prefix: InterfaceAddress | Prefix): prefix is Prefix & InterfaceAddress =>
  parsePrefix(`${addressPart(prefix)}/${lengthPart(prefix)}`).ok &&
  lengthPart(prefix) < (familyOf(prefix) === 'ipv4' ? 31 : 127)

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
