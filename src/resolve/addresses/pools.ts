import type { Diagnostic, Span } from '../../diagnostics/index.js'
import type { ContainerPool } from '../../model/spec.js'
import {
  type Address,
  addressOf,
  addressPart,
  bitsOf,
  familyOf,
  lengthPart,
  networkOf,
  type Prefix,
  rangeOf,
  subnet,
} from '../../net/index.js'
import type { Report } from '../report.js'

/** The pool's `id`-th address: not the network itself, and in IPv4 not its broadcast address either. */
export const hostIn = (pool: Prefix, id: number): Address | null => {
  const family = familyOf(pool)
  const [first, last] = rangeOf(pool)
  const integer = first + BigInt(id)
  return integer > last || (family === 'ipv4' && integer === last) ? null : addressOf(family, integer)
}

/** The highest id that the pool has an address for; the one of the network itself and IPv4's last are nobody's. */
export const lastIdIn = (pool: Prefix): number => {
  const [first, last] = rangeOf(pool)
  return Math.max(0, Number(last - first) - (familyOf(pool) === 'ipv4' ? 1 : 0))
}

/** What is cut into a part for each node: the mesh's own container pool, or one of a tenant or segment. */
export interface PartedPool {
  readonly pool: ContainerPool
  readonly of: 'mesh' | 'tenant' | 'segment'
  /** Of the tenant or segment. */
  readonly name?: string
  /** The highest id that it is to have a part for. */
  readonly highest: number
  readonly span: Span
  readonly related?: Diagnostic['related']
}

/** The pool's `id`-th part; where it ends before, that is said once. */
export const partOf = (
  { id, name: node }: { readonly id: number; readonly name: string },
  { pool, of, name, highest, span, related }: PartedPool,
  report: Report,
): Prefix | null => {
  const { prefix, length } = pool
  const part = subnet(prefix, length, id)
  if (part || !report.isNew(`parts of ${of} ${name} ${prefix}`)) return part
  const what = of === 'segment' ? 'subnet' : 'container pool'
  const whose = of === 'mesh' ? '' : `, such as that of ${node}`
  report.error(
    'pool-too-small',
    `the ${what} ${prefix} has no /${length} for ids above ${lastPartIn(pool)}${whose}`,
    span,
    moreParts(pool, highest, of),
    related,
  )
  return null
}

/** The highest id that the pool has a part for. */
const lastPartIn = ({ prefix, length }: ContainerPool): number => 2 ** (length - lengthPart(prefix)) - 1

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
const moreParts = (
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
