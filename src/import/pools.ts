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
} from '../net/index.js'

/** Where no pool can be had from the files: the first of these that is free. */
const spare: readonly Prefix[] = [
  '10.79.0.0/16',
  '10.78.0.0/16',
  '10.99.0.0/16',
  '172.29.0.0/16',
  '192.168.0.0/16',
  '100.99.0.0/16',
] as Prefix[]

/** The first spare pool, or the one that is usual, that shares no address with what is taken. */
export const sparePool = (usual: string, taken: readonly Prefix[]): Prefix =>
  [usual as Prefix, ...spare].find(pool => !taken.some(other => overlaps(pool, other))) ??
  (spare[0] as Prefix)

/** Ranges that no pool may hold: a host would lose what lives there (RFC 1122, RFC 3927, RFC 4291). */
const unfit = [
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/8', 'fe80::/10', 'ff00::/8'],
] as Prefix[]

export const isUnfit = (prefix: Prefix): boolean => unfit.some(range => overlaps(range, prefix))

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
  ].filter(pool => !isUnfit(pool))
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

/** Where clouds keep services that a host cannot do without: no node may have, or route, one of these. */
const services = [
  ...['169.254.169.254', '169.254.169.253', '169.254.169.123'],
  ...['169.254.170.2', '169.254.170.23', '169.254.0.23'],
] as Address[]

export const isService = (address: Address): boolean => services.includes(address)

export const holdsService = (prefix: Prefix): boolean => services.some(service => contains(prefix, service))
