import { endpointFor } from '../model/dialing.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import { type MeshAspect, type MeshChange, type NodeAspect, type NodeChange, textOf } from './changes.js'
import { type Carried, carriedIn, clientsBefore } from './clients.js'

/** What a change keeps from passing while some nodes have their new files and others do not. Nodes by their new names. */
export type Interruption =
  /** A node has another key: between it and a peer nothing passes until both have theirs, the node its key. */
  | {
      readonly kind: 'key'
      readonly node: string
      readonly peers: readonly string[]
      /** Pairs that meet through it. */
      readonly relayed: readonly (readonly [string, string])[]
      /** Whether the peers were told of the key before, so that `follow-keys.sh` takes them along. */
      readonly staged: boolean
      /** Whether the key lies on the node alone, where no file brings it another. */
      readonly byHand: boolean
    }
  /** A node listens on another port. */
  | {
      readonly kind: 'port'
      readonly node: string
      /** They do not hear of it from the node itself. */
      readonly peers: readonly string[]
      /** They do, as soon as it asks them whether they hear it. */
      readonly following: readonly string[]
    }
  /** A client's file no longer fits what carries it: it is imported again. */
  | { readonly kind: 'client'; readonly client: string; readonly carrier: string }
  /** A node has other addresses. */
  | { readonly kind: 'addresses'; readonly node: string }
  /** Other nodes reflect routes: who had a session before has none now, or the reverse. */
  | { readonly kind: 'reflection'; readonly nodes: readonly string[] }
  /** Nodes that have this of the mesh and nodes that have it not yet do not understand each other. */
  | { readonly kind: 'apart'; readonly aspects: readonly MeshAspect[] }

/** What the two halves of a mesh must agree in. */
const agreed: readonly MeshAspect[] = [
  'name',
  'mode',
  'underlay',
  'overlay',
  'vni',
  'vxlanPort',
  'asn',
  'presharedSeed',
  'sessionPassword',
]

const hasOverlay = ({ mode, nodes }: Mesh): boolean =>
  mode === 'vxlan' && nodes.some(({ targets }) => targets.overlay !== 'none')

/** Whether others speak to a node at its addresses on the overlay. */
const meets = ({ targets }: MeshNode, { mode }: Mesh): boolean =>
  mode === 'vxlan' && (targets.overlay !== 'none' || targets.routing !== 'none')

const speaksBgp = ({ nodes }: Mesh): boolean => nodes.some(({ targets }) => targets.routing !== 'none')

/** Of what nobody has that may be without it: no overlay, no segment, no BGP. */
const users: Partial<Record<MeshAspect, (mesh: Mesh) => boolean>> = {
  overlay: mesh => mesh.nodes.some(node => meets(node, mesh)),
  vni: hasOverlay,
  vxlanPort: mesh => hasOverlay(mesh) || mesh.segments.length + mesh.tenants.length > 0,
  asn: speaksBgp,
  sessionPassword: speaksBgp,
}

/** Whether somebody has it, before the change or after it. */
const isInUse = (aspect: MeshAspect, { before, after }: MeshChange): boolean =>
  [before, after].some(users[aspect] ?? (() => true))

/** What a change interrupts between nodes; what it interrupts on a node itself its tools know. */
export const interruptionsOf = (change: MeshChange): Interruption[] => {
  const both = change.nodes.filter(isThere)
  const aspects = agreed.filter(aspect => change.aspects.has(aspect) && isInUse(aspect, change))
  const moved = aspects.some(aspect => aspect === 'underlay' || aspect === 'overlay' || aspect === 'mode')
  return [
    ...both.filter(has('publicKey')).map(({ before, after }) => keyOf(change.after, before, after)),
    ...portsOf(change.after, both),
    ...clientsOf(change),
    ...(moved
      ? []
      : both
          .filter(
            ({ before, after, aspects }) =>
              aspects.has('underlay') ||
              (aspects.has('overlay') && (meets(before, change.before) || meets(after, change.after))),
          )
          .map(({ after }): Interruption => ({ kind: 'addresses', node: after.name }))),
    ...reflectionIn(both),
    ...(aspects.length > 0 && change.after.nodes.length > 1 ? [{ kind: 'apart', aspects } as const] : []),
  ]
}

/** Of a node, what interrupts nothing but what {@link interruptionsOf} and the node's tools say. */
const accounted: ReadonlySet<NodeAspect> = new Set<NodeAspect>([
  'hostname',
  'listenPort',
  'keepalive',
  'publicKey',
  'nextPublicKey',
  'site',
  'endpoints',
  'endpointsAt',
  'families',
  'familiesAtSite',
  'underlay',
  'overlay',
  'clients',
])

/** Whether a change interrupts nothing but what {@link interruptionsOf} and the nodes' tools say; others may. */
export const isAccountedFor = (change: MeshChange): boolean => {
  const { aspects, nodes, before, after } = change
  const kept = new Set(nodes.filter(isThere).map(({ after }) => after.id))
  return (
    nodes.every(isNodeAccountedFor) &&
    detoursAmong(before, kept) === detoursAmong(after, kept) &&
    [...aspects].every(
      aspect =>
        agreed.includes(aspect) ||
        (aspect === 'bgp' && textOf({ ...before.bgp, bfd: null }) === textOf({ ...after.bgp, bfd: null })) ||
        ((aspect === 'segments' || aspect === 'tenants') && holdsAll(before[aspect], after[aspect])),
    )
  )
}

/** Of a node that goes, the others miss what it reflected. */
const isNodeAccountedFor = ({ before, after, aspects }: NodeChange): boolean => {
  if (!before) return true
  if (!after) return !before.reflector
  return [...aspects].every(
    aspect =>
      accounted.has(aspect) ||
      (aspect === 'forward' && holdsAll(before.forward, after.forward)) ||
      (aspect === 'lans' && holdsAll(before.lans, after.lans)) ||
      (aspect === 'metadata' && after.metadata),
  )
}

/** By whom these nodes reach each other, where it is not directly. */
const detoursAmong = ({ detours }: Mesh, ids: ReadonlySet<number>): string =>
  textOf(
    [...detours].flatMap(([id, ways]) =>
      ids.has(id) ? [...ways].flatMap(([other, by]) => (ids.has(other) ? [[id, other, by]] : [])) : [],
    ),
  )

/** Whether some have come, and those of before are what they were. */
const holdsAll = (before: readonly unknown[], after: readonly unknown[]): boolean => {
  const now = new Set(after.map(textOf))
  return before.every(one => now.has(textOf(one)))
}

type Both = NodeChange & { readonly before: MeshNode; readonly after: MeshNode }

const isThere = (node: NodeChange): node is Both => node.before !== null && node.after !== null

const has =
  (aspect: NodeAspect) =>
  ({ aspects }: NodeChange): boolean =>
    aspects.has(aspect)

const keyOf = (mesh: Mesh, before: MeshNode, after: MeshNode): Interruption => ({
  kind: 'key',
  node: after.name,
  peers: peersOf(mesh, after).map(({ name }) => name),
  relayed: relayedBy(mesh, after),
  staged: before.nextPublicKey === after.publicKey,
  byHand: after.privateKey === null,
})

/**
 * A peer that the node dials follows: WireGuard answers to where the last packet came from. One that dials the node,
 * from behind NAT, hears nothing from another port; and of two that both move neither finds the other.
 */
const portsOf = (mesh: Mesh, both: readonly Both[]): Interruption[] => {
  const moving = both.filter(has('listenPort')).map(({ after }) => after)
  return moving.map(node => {
    const running = peersOf(mesh, node).filter(peer => both.some(({ after }) => after === peer))
    const names = (which: (peer: MeshNode) => boolean): string[] =>
      running.filter(which).map(({ name }) => name)
    const isDialed = (peer: MeshNode): boolean => endpointFor(node, peer) !== null
    return {
      kind: 'port',
      node: node.name,
      peers: names(peer => (moving.includes(peer) ? node.id < peer.id : !isDialed(peer))),
      following: names(peer => !moving.includes(peer) && isDialed(peer)),
    }
  })
}

/** Where some reflect, the others have sessions with those alone (RFC 4456, section 4). */
const reflectionIn = (both: readonly Both[]): Interruption[] => {
  const nodes = both.filter(has('reflector')).map(({ after }) => after.name)
  return nodes.length > 0 ? [{ kind: 'reflection', nodes }] : []
}

/** Clients whose own file changes in what lets them in: by whom, under which keys and addresses, at which port. */
const clientsOf = ({ before, after }: MeshChange): Interruption[] => {
  const old = clientsBefore(before, after)
  return carriedIn(after).flatMap(({ client, carrier }): Interruption[] => {
    const was = old.get(client.name)
    return was && entryOf(was) !== entryOf({ client, carrier })
      ? [{ kind: 'client', client: client.name, carrier: carrier.name }]
      : []
  })
}

const entryOf = ({ client, carrier }: Carried): string =>
  textOf([client.publicKey, client.addresses, carrier.id, carrier.publicKey, carrier.listenPort])

/** The nodes that a node has as WireGuard peers. */
export const peersOf = (mesh: Mesh, node: MeshNode): MeshNode[] =>
  mesh.nodes.filter(({ id }) => id !== node.id && !mesh.detours.get(node.id)?.has(id))

/** Pairs whose way leads through a node. */
export const relayedBy = (mesh: Mesh, node: MeshNode): (readonly [string, string])[] => {
  const names = new Map(mesh.nodes.map(({ id, name }) => [id, name]))
  return [...mesh.detours].flatMap(([id, detours]) =>
    [...detours]
      .filter(([other, relay]) => relay === node.id && id < other)
      .map(([other]) => [names.get(id) as string, names.get(other) as string] as const),
  )
}
