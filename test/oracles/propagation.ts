import { floods } from './delivery.js'
import type { NodeFacts } from './facts.js'
import { sessionAddressOf } from './facts.js'
import { type FrrFile, permitted } from './frr.js'
import type { World } from './world.js'

/** A small model of iBGP (RFC 4271) over what the nodes' frr.conf files say. */
export interface Rib {
  /** Prefix → names of the nodes it was learned from. */
  readonly learned: ReadonlyMap<string, readonly string[]>
}

type Ip = 'ipv4' | 'ipv6'

/** Whether the two files make one session: each names the other's address and AS, and packets arrive. */
export const inSession = (world: World, a: NodeFacts, b: NodeFacts): boolean => {
  const [left, right] = [world.frr(a), world.frr(b)]
  if (!left || !right) return false
  return (
    names(left, sessionAddressOf(b), right.asn) &&
    names(right, sessionAddressOf(a), left.asn) &&
    sourceOf(left) === sessionAddressOf(a) &&
    sourceOf(right) === sessionAddressOf(b) &&
    floods(world, a, b) &&
    floods(world, b, a)
  )
}

const names = (file: FrrFile, address: string, asn: number): boolean =>
  file.neighbors.get(address)?.group === 'CIAB' && remoteAs(file) === asn

export const remoteAs = (file: FrrFile): number => Number(file.group.get('remote-as'))

export const sourceOf = (file: FrrFile): string | undefined => file.group.get('update-source')

/**
 * What each node ends up with. In a full mesh of iBGP a route travels one hop: what came from an internal
 * neighbor is not told to another (RFC 4271, section 9.2).
 */
export const propagate = (world: World): Map<NodeFacts, Rib> =>
  new Map(
    world.nodes.map(node => {
      const learned = new Map<string, string[]>()
      for (const other of world.nodes)
        if (other !== node && inSession(world, other, node))
          for (const prefix of exchanged(world, other, node))
            learned.set(prefix, [...(learned.get(prefix) ?? []), other.name])
      return [node, { learned }]
    }),
  )

/** The prefixes of one node that another lets in, in both families. */
const exchanged = (world: World, from: NodeFacts, to: NodeFacts): string[] => {
  const [sender, receiver] = [world.frr(from), world.frr(to)]
  if (!sender || !receiver) return []
  return (['ipv4', 'ipv6'] as Ip[]).flatMap(family =>
    announced(sender, sessionAddressOf(to), family).filter(prefix =>
      passes(receiver, sessionAddressOf(from), family, 'in', prefix),
    ),
  )
}

export const announced = (file: FrrFile, neighbor: string, family: Ip): string[] => {
  const open = file.families[family]
  const active = open?.activated.has('CIAB') || open?.activated.has(neighbor)
  if (!open || !active) return []
  return open.networks.filter(prefix => passes(file, neighbor, family, 'out', prefix))
}

/** A member's own list overrides its peer-group's. */
const passes = (file: FrrFile, neighbor: string, family: Ip, way: 'in' | 'out', prefix: string): boolean => {
  const filters = file.families[family]?.filters
  const list = filters?.get(neighbor)?.[way] ?? filters?.get('CIAB')?.[way]
  if (list === undefined) return true
  const allowed = permitted(file, family === 'ipv4' ? 'ip' : 'ipv6', list)
  return allowed === 'all' || allowed.includes(prefix)
}
