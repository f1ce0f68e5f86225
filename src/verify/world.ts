import { rememberedNumbers } from './filter/ranges.js'
import type { NodeFiles, Peer } from './node.js'
import type { Forwarding } from './overlay.js'
import type { Said } from './said.js'
import { tableOf } from './table.js'

/** The nodes of a tree, and who is who among their peers. */
export interface World {
  readonly nodes: readonly NodeFiles[]
  /** The node that a peer is, or `null` where no folder is its. */
  nodeOf(peer: Peer): NodeFiles | null
  /** The peer that a node has for another, or `null`. */
  peerFor(node: NodeFiles, other: NodeFiles): Peer | null
  /** The peer that a packet to the address goes to: the longest of the allowed IPs, as wg(8) has it. */
  route(node: NodeFiles, destination: string): Peer | null
  /** The addresses by which a node has another for a BGP neighbor. */
  neighbors(node: NodeFiles, other: NodeFiles): readonly string[]
  /** Its forwarding entries with this destination. */
  entriesTo(node: NodeFiles, destination: string): readonly Forwarding[]
  /** The node whose address it is, on the tunnel or the segment. */
  owner(address: string): NodeFiles | null
}

/** `10.79.0.1` of `10.79.0.1/16`. */
export const bare = (text: string): string => text.split('/')[0] as string

/** All addresses of a node, on the tunnel and on the segment. */
export const addressesOf = (node: NodeFiles): readonly Said[] => [
  ...node.addresses,
  ...(node.overlay?.addresses ?? []),
]

/** Works out once what every check asks for. */
export const worldOf = (nodes: readonly NodeFiles[]): World => {
  const owners = new Map<string, NodeFiles>()
  const tunnelOwners = new Map<string, NodeFiles>()
  for (const node of nodes) {
    for (const { value } of addressesOf(node)) if (!owners.has(bare(value))) owners.set(bare(value), node)
    for (const { value } of node.addresses)
      if (!tunnelOwners.has(bare(value))) tunnelOwners.set(bare(value), node)
  }
  const keys = keyOwners(nodes, tunnelOwners)
  const peers = new Map(
    nodes.map(node => [
      node,
      new Map(
        node.peers.flatMap(peer => {
          const other = peer.key && keys.get(peer.key.value)
          return other ? [[other, peer] as const] : []
        }),
      ),
    ]),
  )
  const numbers = rememberedNumbers()
  const routes = new Map(
    nodes.map(node => [
      node,
      tableOf(
        node.peers.flatMap(peer => peer.allowed.map(({ value }) => [value, peer] as const)),
        numbers,
      ),
    ]),
  )
  const neighbors = new Map(
    nodes.map(node => {
      const of = new Map<NodeFiles, string[]>()
      for (const address of node.routing?.neighbors.keys() ?? []) {
        const owner = owners.get(address)
        if (owner) of.set(owner, [...(of.get(owner) ?? []), address])
      }
      return [node, of]
    }),
  )
  const entries = new Map(
    nodes.map(node => {
      const of = new Map<string, Forwarding[]>()
      for (const entry of node.forwarding) {
        const found = of.get(entry.destination)
        if (found) found.push(entry)
        else of.set(entry.destination, [entry])
      }
      return [node, of]
    }),
  )
  return {
    nodes,
    entriesTo: (node, destination) => entries.get(node)?.get(destination) ?? [],
    neighbors: (node, other) => neighbors.get(node)?.get(other) ?? [],
    nodeOf: peer => (peer.key && keys.get(peer.key.value)) ?? null,
    peerFor: (node, other) => peers.get(node)?.get(other) ?? null,
    route: (node, destination) => routes.get(node)?.find(destination) ?? null,
    owner: address => owners.get(address) ?? null,
  }
}

/** Two nodes that are meant not to meet: neither sends anything of the other's into the tunnel, nor frames for it, nor BGP. */
export const areApart = (world: World, one: NodeFiles, other: NodeFiles): boolean =>
  (
    [
      [one, other],
      [other, one],
    ] as const
  ).every(
    ([from, to]) =>
      world.neighbors(from, to).length === 0 &&
      to.addresses.every(({ value }) => world.route(from, bare(value)) === null) &&
      (!to.overlay?.local || world.entriesTo(from, to.overlay.local.value).length === 0),
  )

/**
 * Whose public keys are: by the private keys where the files have them, else by the node whose address most of those who
 * name the key put first among its allowed IPs.
 */
const keyOwners = (
  nodes: readonly NodeFiles[],
  owners: ReadonlyMap<string, NodeFiles>,
): Map<string, NodeFiles> => {
  const keys = new Map<string, NodeFiles>()
  for (const node of nodes) if (node.publicKey !== null) keys.set(node.publicKey, node)
  const votes = new Map<NodeFiles, Map<string, number>>()
  for (const { peers } of nodes)
    for (const { key, allowed } of peers) {
      if (!key || keys.has(key.value)) continue
      const node = allowed.map(({ value }) => owners.get(bare(value))).find(Boolean)
      if (!node || node.publicKey !== null) continue
      const of = votes.get(node) ?? new Map<string, number>()
      votes.set(node, of.set(key.value, (of.get(key.value) ?? 0) + 1))
    }
  for (const [node, of] of votes) {
    const [best] = [...of].sort(([, a], [, b]) => b - a)
    if (best) keys.set(best[0], node)
  }
  return keys
}
