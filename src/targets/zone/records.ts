import type { NamesPlan } from '../../model/plan.js'
import { type Address, familyOf, integerOf, type Prefix, rangeOf } from '../../net/index.js'
import { type Cut, cutsOf, ownerIn } from './cuts.js'

/** A zone's contents but for SOA and NS, which are the same in all. */
export interface Zone {
  /** Without the final dot. */
  readonly origin: string
  /** What there is to say about it, one line each. */
  readonly notes: readonly string[]
  readonly records: readonly ZoneRecord[]
}

interface ZoneRecord {
  /** Relative to the origin, so that no record lies outside its zone. */
  readonly owner: string
  readonly type: 'A' | 'AAAA' | 'PTR'
  readonly data: string
}

/** The forward zone, then the reverse zones, IPv4 first. */
export const zonesOf = (names: NamesPlan): Zone[] => {
  const named = namedAddresses(names)
  const forward = named.map(
    ({ owner, address }): ZoneRecord => ({
      owner,
      type: familyOf(address) === 'ipv4' ? 'A' : 'AAAA',
      data: address,
    }),
  )
  return [{ origin: names.domain, notes: [], records: forward }, ...reverseZones(names, named)]
}

interface Named {
  /** Relative to the domain. */
  readonly owner: string
  readonly address: Address
}

const namedAddresses = ({ nodes }: NamesPlan): Named[] =>
  nodes.flatMap(({ name, overlay, underlay, gateways, pinned }) => [
    ...overlay.map(address => ({ owner: name, address })),
    ...underlay.map(address => ({ owner: `underlay.${name}`, address })),
    ...gateways.map(address => ({ owner: `containers.${name}`, address })),
    ...pinned.flatMap(container =>
      container.addresses.map(address => ({ owner: `${container.name}.${name}`, address })),
    ),
  ])

const reverseZones = ({ ranges, domain }: NamesPlan, named: readonly Named[]): Zone[] => {
  const inOrder = [...named].sort((a, b) => (integerOf(a.address) < integerOf(b.address) ? -1 : 1))
  return cutsOf(ranges).map(cut => ({
    origin: cut.origin,
    notes: notesOf(cut),
    records: inOrder.filter(within(cut.prefix)).map(({ owner, address }) => ({
      owner: ownerIn(cut.prefix, address),
      type: 'PTR',
      data: `${owner}.${domain}.`,
    })),
  }))
}

const within = (prefix: Prefix): ((named: Named) => boolean) => {
  const family = familyOf(prefix)
  const [first, last] = rangeOf(prefix)
  return ({ address }) => {
    const number = integerOf(address)
    return familyOf(address) === family && first <= number && number <= last
  }
}

const notesOf = ({ prefix, around }: Cut): string[] =>
  around.length === 0
    ? [prefix]
    : [
        `${prefix}, which is more than the mesh's ${around.join(' and ')}: no reverse zone is smaller.`,
        'Put records of others in this range elsewhere, or delegate the single addresses.',
      ]
