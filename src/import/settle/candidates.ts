import {
  type Address,
  type AddressFamily,
  addressPart,
  bitsOf,
  contains,
  familyOf,
  type InterfaceAddress,
  integerOf,
  lengthPart,
  networkOfInterface,
  overlaps,
  type Prefix,
  rangeOf,
} from '../../net/index.js'
import { rangeHit, reservedIn, takenRanges } from '../../resolve/addresses/known-ranges.js'

/**
 * Where no pool can be had from the files: the usual one, or else what is seldom in use. The last is taken where
 * routes into the tunnel fill all others.
 */
const spares = (usual: Prefix): readonly Prefix[] => [
  usual,
  ...numbers(16, 79).map(number => `10.${number}.0.0/16` as Prefix),
  ...numbers(80, 127).map(number => `10.${number}.0.0/16` as Prefix),
  ...(['172.16.0.0/16', '192.168.128.0/17', '100.99.0.0/16'] as Prefix[]),
]

/** Downwards, as the usual ones are numbered. */
const numbers = (least: number, most: number): number[] =>
  Array.from({ length: most - least + 1 }, (_, index) => most - index)

/** The first spare pool that shares no address with what the files have, and none with what hosts often have. */
export const sparePool = (usual: Prefix, taken: readonly Prefix[]): Prefix => {
  const free = spares(usual).filter(pool => !taken.some(other => overlaps(pool, other)))
  return free.find(pool => !rangeHit(takenRanges, pool)) ?? free[0] ?? usual
}

/**
 * The pool of a family that the addresses came from: of the pools named and the addresses' own networks
 * the one that holds most of them, and of those alike the first named.
 */
export const poolFor = (
  family: AddressFamily,
  named: readonly Prefix[],
  addresses: readonly InterfaceAddress[],
): Prefix | null => {
  const own = addresses.filter(address => familyOf(address) === family)
  const candidates = [
    ...named.filter(pool => familyOf(pool) === family),
    ...own.map(networkOfInterface).filter(network => lengthPart(network) <= bitsOf(family) - 2),
  ].filter(pool => !reservedIn(pool))
  let best: Prefix | null = null
  let most = -1
  for (const pool of new Set(candidates)) {
    const held = own.filter(address => contains(pool, addressPart(address))).length
    if (held > most) [best, most] = [pool, held]
  }
  return best
}

/** Whether the address is one that a pool gives away: neither its network's nor its broadcast address. */
export const isHostOf = (pool: Prefix, address: Address): boolean => {
  if (!contains(pool, address)) return false
  const [first, last] = rangeOf(pool)
  const integer = integerOf(address)
  return integer !== first && (familyOf(pool) === 'ipv6' || integer !== last)
}
