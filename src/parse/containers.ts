import type { ContainerNetworkSpec, ContainerPool, ContainerPools } from '../model/spec.js'
import {
  type AddressFamily,
  accepted,
  addressPart,
  familyOf,
  type InterfaceAddress,
  lengthPart,
  type Parsed,
  type Prefix,
  parseInterfaceAddress,
  parseInterfaceName,
  parsePrefix,
  quoted,
  refused,
} from '../net/index.js'
import { integer, list, noneAmong, onePerFamily } from './fields.js'

/** `10.77.0.0/16 /24, fd42::/49 /64`: a pool and the size of each node's part, /24 or /64 where it is not written. */
export const containerPools = (value: string): Parsed<ContainerPools> => {
  if (value === 'none') return accepted({ ipv4: null, ipv6: null })
  const none = noneAmong(value, 'pools')
  if (none) return none
  const read = list(containerPool)(value)
  const distinct = read.ok ? onePerFamily(read.value, pool => familyOf(pool.prefix), 'pools') : read
  if (!distinct.ok) return distinct
  const of = (wanted: AddressFamily): ContainerPool | null =>
    distinct.value.find(pool => familyOf(pool.prefix) === wanted) ?? null
  return accepted({ ipv4: of('ipv4'), ipv6: of('ipv6') })
}

const containerPool = (value: string): Parsed<ContainerPool> => {
  const [pool = '', size, ...rest] = value.split(/\s+/)
  const [, outer, inner] = /^([^/]+\/[^/]+)\/([^/]+)$/.exec(pool) ?? []
  if (outer !== undefined)
    return refused(
      'prefix-syntax',
      `${quoted(pool)} is not a pool and a size`,
      `write them with a blank between: ${outer} /${inner}`,
    )
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

/**
 * `BRIDGE auto`, `BRIDGE PREFIX[, PREFIX6]` or `BRIDGE ADDRESS/LENGTH[, ADDRESS6/LENGTH]`. An address with
 * host bits says that the bridge exists and has that address; a network, that it is ours to make.
 */
export const containerNetworks = (value: string): Parsed<readonly ContainerNetworkSpec[]> => {
  if (value === 'none') return accepted([])
  const none = noneAmong(value, 'networks')
  if (none) return none
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
