import { endpointFor } from '../model/dialing.js'
import { isRouter } from '../model/members.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import { addressPart, familyOf } from '../net/index.js'

/** A step of what one node's container sends to another's. */
export interface Hop {
  /** The node that it happens on. */
  readonly node: string
  /** What happens, in words. */
  readonly what: string
}

/** The way from one node to another, as the mesh has planned it. */
export interface Way {
  readonly hops: readonly Hop[]
  /** The nodes that it goes over, both ends too. */
  readonly nodes: readonly string[]
  /** Nodes that tell one end of the networks of the other, where it is not the other itself. */
  readonly reflectors: readonly string[]
  /** What it ends at, or `null` where it arrives. */
  readonly ends: string | null
}

/**
 * The way that packets of one node's containers take to those of another, hop by hop, when some nodes are off. It is the
 * plan's: what the files of all nodes make of it, `verify` says.
 *
 * @param without names of nodes that are off
 */
export const wayBetween = (
  mesh: Mesh,
  from: MeshNode,
  to: MeshNode,
  without: readonly string[] = [],
): Way => {
  const off = new Set(without)
  const relayId = mesh.detours.get(from.id)?.get(to.id)
  const relay = relayId === undefined || relayId === null ? null : mesh.nodes.find(({ id }) => id === relayId)
  const reflected =
    !from.reflector && !to.reflector && mesh.nodes.some(node => node.reflector && isRouter(node))
  const reflectors = reflected ? tellers(mesh, from, to, off) : []
  const own = from.networks[0]
  const its = to.networks.flatMap(({ prefixes }) => prefixes)
  const vxlan = mesh.mode === 'vxlan' && [from, to].every(({ targets }) => targets.overlay !== 'none')
  const hops: Hop[] = []
  const say = ({ name: node }: MeshNode, what: string): number => hops.push({ node, what })
  const way = (nodes: readonly MeshNode[], ends: string | null): Way => ({
    hops,
    nodes: nodes.map(({ name }) => name),
    reflectors: reflectors.map(({ name }) => name),
    ends,
  })
  const gone = [from, to].find(({ name }) => off.has(name))
  if (gone) return way([from], `${gone.name} is off`)
  if (own) say(from, `a container sends to its gateway on ${own.bridge}`)
  if (isRouter(from) && isRouter(to) && its.length > 0) {
    if (reflected && reflectors.length === 0)
      return way([from], `no reflector is on that tells ${from.name} of ${to.name}`)
    say(from, `a route to ${its.join(' and ')} by BGP, told by ${reflected ? listed(reflectors) : to.name}`)
  }
  if (relayId === null) return way([from], `no tunnel to ${to.name}, and no node can forward`)
  if (vxlan)
    say(
      from,
      `VXLAN ${mesh.vni}, from ${vtep(from)} to ${vtep(to)}, UDP ${mesh.vxlanPort}, inside the tunnel`,
    )
  if (relay && off.has(relay.name))
    return way([from], `no tunnel to ${to.name}, and its relay ${relay.name} is off`)
  const legs = relay ? [from, relay, to] : [from, to]
  legs.slice(1).forEach((next, at) => {
    const here = legs[at] as MeshNode
    say(here, `WireGuard to ${next.name}: ${dialed(here, next)}`)
    if (next !== to) say(next, `decrypts, and forwards ${vtep(to)} to ${to.name}`)
  })
  const [last] = to.networks
  say(to, last ? `decrypts, and delivers on ${last.bridge}` : 'decrypts, and takes it itself')
  return way(legs, null)
}

/** Whether two nodes hear of each other: directly, or by a relay that is on. */
const meets = (mesh: Mesh, off: ReadonlySet<string>, a: MeshNode, b: MeshNode): boolean => {
  const relay = mesh.detours.get(a.id)?.get(b.id)
  if (a === b || relay === undefined) return true
  return relay !== null && !off.has(mesh.nodes.find(({ id }) => id === relay)?.name ?? '')
}

/**
 * The reflectors that tell `from` of what `to` has: of their own clients, or of those of another reflector (RFC 4456,
 * section 6).
 */
const tellers = (mesh: Mesh, from: MeshNode, to: MeshNode, off: ReadonlySet<string>): MeshNode[] => {
  const on = mesh.nodes.filter(node => node.reflector && isRouter(node) && !off.has(node.name))
  const ofTo = on.filter(node => meets(mesh, off, node, to))
  return on.filter(node => meets(mesh, off, node, from) && ofTo.some(other => meets(mesh, off, node, other)))
}

const vtep = ({ underlay }: MeshNode): string =>
  underlay.map(addressPart).find(address => familyOf(address) === 'ipv4') ?? ''

const dialed = (a: MeshNode, b: MeshNode): string => {
  const [there, back] = [endpointFor(a, b), endpointFor(b, a)]
  return [
    ...(there ? [`${a.name} dials ${there.endpoint}`] : []),
    ...(back ? [`${b.name} dials ${back.endpoint}`] : []),
  ].join(', or ')
}

const listed = (nodes: readonly MeshNode[]): string => nodes.map(({ name }) => name).join(' and ')
