import { endpointFor, likenessOf } from '../model/dialing.js'
import type { Mesh, MeshClient, MeshNode } from '../model/mesh.js'
import type { NextPeerPlan, PeerPlan, TunnelPlan } from '../model/plan.js'
import {
  addressPart,
  bitsOf,
  contains,
  familyOf,
  hiddenPresharedKey,
  hostPrefix,
  type InterfaceAddress,
  interfaceAddress,
  lengthPart,
  networkOfInterface,
  type Prefix,
  type PresharedKey,
  type PublicKey,
  pairOf,
  presharedKeyOf,
} from '../net/index.js'
import { behind, clientsOf } from './behind.js'
import { once } from './once.js'
import { direct, type Others, reachable } from './others.js'
import { prefixesIn } from './pools.js'

/** Below the 30 seconds after which common NAT boxes forget a UDP flow. */
const keepaliveBehindNat = 25

/** The WireGuard interface of a node and its peers. */
export const tunnelPlanner = (mesh: Mesh, others: Others): ((node: MeshNode) => TunnelPlan) => {
  const peersOf = viewer(mesh, others)
  const watched = watchesPaths(mesh)
  // Where every address lies in the pool, so does every route.
  const hosts = watched || mesh.nodes.some(node => node.underlay.some(isHost))
  const routed = mesh.nodes.some(({ allowedIps }) => allowedIps.length > 0)
  const nextKeys = new Map(mesh.nodes.map(({ name, nextPublicKey }) => [name, nextPublicKey]))
  const rotating = mesh.nodes.some(({ nextPublicKey }) => nextPublicKey !== null)
  return node => {
    const clients = node.clients.map(clientView)
    const peers = once(() => [...peersOf(node), ...clients])
    const routes = once(() => [
      ...(watched ? poolsOf(mesh, node) : []),
      ...(hosts
        ? routesOf(
            node,
            watched ? poolsOf(mesh, node) : underlayNetworks(node),
            others(mesh.nodes, node, reachable),
          )
        : []),
      // Nearer than what stands in for them in the routing daemon.
      ...clientsOf(node),
      ...(routed ? others(mesh.nodes, node, reachable).flatMap(({ allowedIps }) => allowedIps) : []),
    ])
    const nextPeers = rotating ? peers().flatMap(peer => nextPeerOf(mesh, node, peer, nextKeys)) : []
    return {
      interface: mesh.name,
      listenPort: node.listenPort,
      dialedFrom: dialedFrom(node),
      fwmark: node.fwmark,
      privateKey: node.privateKey,
      publicKey: node.publicKey,
      addresses: watched ? node.underlay.map(hostAddress) : node.underlay,
      // As long as the mesh is large, and not asked for by those who only ask whether a tool will do.
      get routes() {
        return routes()
      },
      get peers() {
        return peers()
      },
      // One for each pair, half a million among 1,000 nodes.
      get presharedKeys() {
        return presharedKeys(mesh, node, peers())
      },
      ...(nextPeers.length > 0 ? { nextPeers } : {}),
      ...(clients.length > 0 ? { clients: clients.map(({ name }) => name) } : {}),
      hooks: node.hooks,
    }
  }
}

const dialedFrom = ({ endpoints, endpointsAt }: MeshNode): TunnelPlan['dialedFrom'] =>
  endpoints.length > 0
    ? 'anywhere'
    : [...endpointsAt].flatMap(([site, local]) => (local.length > 0 ? site : []))

const presharedKeys = (
  mesh: Mesh,
  node: MeshNode,
  peers: readonly PeerPlan[],
): (PresharedKey | null)[] | null =>
  mesh.presharedSeed === null && mesh.pinnedPresharedKeys.size === 0
    ? null
    : peers.map(({ publicKey }) => presharedKeyFor(mesh, node, publicKey))

/** The key that a node shares with a peer, or `null` where they have none. */
export const presharedKeyFor = (
  { presharedSeed: seed, pinnedPresharedKeys: pinned }: Mesh,
  node: MeshNode,
  peer: PublicKey,
): PresharedKey | null => {
  const own = pinned.get(pairOf(node.publicKey, peer))
  if (own || seed === null) return own ?? null
  return derivedKey(seed, node, peer)
}

const derivedKey = (seed: Uint8Array | 'hidden', node: MeshNode, peer: PublicKey): PresharedKey =>
  seed === 'hidden' ? hiddenPresharedKey : presharedKeyOf(seed, node.publicKey, peer)

/** A pair that had a preshared key of its own keeps it; a derived one changes with the public key. */
const nextPeerOf = (
  { presharedSeed: seed, pinnedPresharedKeys: pinned }: Mesh,
  node: MeshNode,
  peer: PeerPlan,
  nextKeys: ReadonlyMap<string, PublicKey | null>,
): NextPeerPlan[] => {
  const publicKey = nextKeys.get(peer.name)
  if (!publicKey) return []
  const own = pinned.get(pairOf(node.publicKey, peer.publicKey)) ?? null
  const presharedKey = own ?? (seed === null ? null : derivedKey(seed, node, publicKey))
  return [{ peer: { ...peer, publicKey }, presharedKey }]
}

/** A /32 or /128 gives the interface no connected route to anybody. */
const isHost = (address: InterfaceAddress): boolean =>
  lengthPart(address) === (familyOf(address) === 'ipv4' ? 32 : 128)

const hostAddress = (address: InterfaceAddress): InterfaceAddress => {
  const host = addressPart(address)
  return interfaceAddress(host, bitsOf(familyOf(host)))
}

/**
 * Whether addresses stand alone and the pools are routes. FRR takes a neighbor in a network of the interface's
 * to be one hop away, and BFD then believes no packet that a relay has forwarded (RFC 5881, section 5): sessions
 * over the tunnel would not be watched. It has to be alike on all nodes, whether there is a relay yet or not.
 */
const watchesPaths = ({ mode, segments, tenants }: Mesh): boolean =>
  mode === 'l3' || segments.length + tenants.length > 0

const poolsOf = ({ underlay }: Mesh, node: MeshNode): Prefix[] =>
  prefixesIn(underlay).filter(pool => node.underlay.some(address => familyOf(address) === familyOf(pool)))

const underlayNetworks = (node: MeshNode): Prefix[] =>
  node.underlay.filter(address => !isHost(address)).map(networkOfInterface)

/** Underlay addresses of reachable nodes that nothing of this node's `covered` has. */
const routesOf = (node: MeshNode, covered: readonly Prefix[], others: readonly MeshNode[]): Prefix[] =>
  others
    .flatMap(other => other.underlay.map(addressPart))
    .filter(address => !covered.some(prefix => contains(prefix, address)))
    .filter(address => node.underlay.some(own => familyOf(own) === familyOf(address)))
    .map(hostPrefix)

/**
 * Makes the views that a node has of its peers; equal views are one object.
 *
 * What a node sees of another depends only on how the node itself dials and is dialled, and most nodes are
 * alike in that: each kind of node has its views made once.
 */
const viewer = (mesh: Mesh, others: Others): ((node: MeshNode) => readonly PeerPlan[]) => {
  const kinds = new Map<string, PeerPlan[]>()
  const known = new Map<string, PeerPlan>()
  const shared = (view: PeerPlan, peer: MeshNode): PeerPlan => {
    const key = `${peer.id} ${view.endpoint} ${view.keepalive}`
    known.set(key, known.get(key) ?? view)
    return known.get(key) as PeerPlan
  }
  return node => {
    const kind = `${likenessOf(node)} ${node.keepalive}`
    const views = kinds.get(kind) ?? mesh.nodes.map(peer => shared(viewOf(mesh, node, peer, [peer]), peer))
    kinds.set(kind, views)
    const peers = others(views, node, direct)
    const relayed = relayedBy(mesh, node)
    if (relayed.size === 0) return peers
    const nodes = others(mesh.nodes, node, direct)
    return nodes.map((peer, at) => {
      const behind = relayed.get(peer.id)
      return behind ? viewOf(mesh, node, peer, [peer, ...behind]) : (peers[at] as PeerPlan)
    })
  }
}

/** The nodes that others forward for on the way from `node`, by the forwarder's id. */
const relayedBy = (mesh: Mesh, node: MeshNode): Map<number, MeshNode[]> => {
  const relayed = new Map<number, MeshNode[]>()
  const detours = mesh.detours.get(node.id)
  if (!detours) return relayed
  for (const other of mesh.nodes) {
    const relay = detours.get(other.id)
    if (typeof relay === 'number') relayed.set(relay, [...(relayed.get(relay) ?? []), other])
  }
  return relayed
}

/** How `node` sees `peer`, behind which are the `owners` of the addresses routed there. */
const viewOf = (mesh: Mesh, node: MeshNode, peer: MeshNode, owners: readonly MeshNode[]): PeerPlan => ({
  name: peer.name,
  publicKey: peer.publicKey,
  allowedIps: owners.flatMap(owner => [
    ...owner.underlay.map(address => hostPrefix(addressPart(address))),
    ...owner.allowedIps,
    ...behind(owner),
    // Nothing else carries them where there is no VXLAN: WireGuard itself drops what it does not allow.
    ...(mesh.mode === 'l3' ? owner.networks.flatMap(network => network.prefixes) : []),
  ]),
  endpoint: endpointFor(node, peer)?.endpoint ?? null,
  keepalive: keepaliveOf(node, peer),
})

/** How its carrier sees a client, which nobody dials. */
const clientView = ({ name, publicKey, addresses }: MeshClient): PeerPlan => ({
  name,
  publicKey,
  allowedIps: addresses,
  endpoint: null,
  keepalive: null,
})

/** Seconds where mesh.ini says so (0: never); else the side that cannot be dialled keeps the way open. */
const keepaliveOf = (node: MeshNode, peer: MeshNode): number | null => {
  if (node.keepalive !== null) return node.keepalive === 0 ? null : node.keepalive
  return endpointFor(peer, node) ? null : keepaliveBehindNat
}
