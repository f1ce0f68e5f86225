import type { ContainerPool } from '../../model/spec.js'
import {
  addressPart,
  bitsOf,
  familyOf,
  lengthPart,
  networkOf,
  type Prefix,
  rangeOf,
} from '../../net/index.js'

/** The highest id that the pool has an address for; the one of the network itself and IPv4's last are nobody's. */
export const lastIdIn = (pool: Prefix): number => {
  const [first, last] = rangeOf(pool)
  return Math.max(0, Number(last - first) - (familyOf(pool) === 'ipv4' ? 1 : 0))
}

/** The highest id that the pool has a part for. */
export const lastPartIn = ({ prefix, length }: ContainerPool): number =>
  2 ** (length - lengthPart(prefix)) - 1

/** What to write where a pool of addresses ends before the highest id. */
export const moreAddresses = (key: 'underlay' | 'overlay', pool: Prefix, id: number): string => {
  const family = familyOf(pool)
  const length = bitsOf(family) - bitsIn(family === 'ipv4' ? id + 1 : id)
  const wide = widened(pool, length)
  return wide
    ? `write ${wide} instead: it has room for id ${id}, and no address changes`
    : `write a pool of ${slash(length)} or less, which changes every address, ${pins[key]} for the nodes above, or lower ids`
}

/** An address outside the pool. */
const pins = { underlay: 'underlay-address = ADDRESS', overlay: 'overlay-address = ADDRESS/LENGTH' }

/** What to write where a pool has too few parts: of a segment, where they are what nodes lease from, or networks. */
export const moreParts = (
  { prefix, length }: ContainerPool,
  id: number,
  of: 'mesh' | 'tenant' | 'segment',
): string => {
  const smaller = lengthPart(prefix) + bitsIn(id)
  const fits = smaller <= longest[familyOf(prefix)]
  if (fits && of === 'segment') return `write ${prefix} /${smaller} instead: it has room for id ${id}`
  const shorter = length - bitsIn(id)
  const wide = widened(prefix, shorter)
  if (wide) return `write ${wide} /${length} instead: it has room for id ${id}, and nobody's part changes`
  const ways = [
    ...(of === 'mesh' ? ['containers = BRIDGE PREFIX for the nodes above'] : []),
    ...(fits ? [`${prefix} /${smaller} for smaller parts`] : []),
    `a pool of ${slash(shorter)} or less`,
  ]
  return `write ${ways.join(', or ')}`
}

/** The longest parts that mesh.ini may name. */
const longest = { ipv4: 30, ipv6: 64 }

const slash = (length: number): string => `/${Math.max(length, 1)}`

const bitsIn = (number: number): number => number.toString(2).length

/** The pool with this length, where it begins; `null` where one so wide begins elsewhere. */
const widened = (pool: Prefix, length: number): Prefix | null => {
  if (length < 8) return null
  const wide = networkOf(addressPart(pool), length)
  return addressPart(wide) === addressPart(pool) ? wide : null
}
