import type { Blueprint } from '../arbitraries/blueprint.js'
import { type EndpointFacts, factsOf, type NodeFacts } from './facts.js'

/** Who can dial, peer with and relay for whom, worked out pair by pair and slowly. */
export interface DialingModel {
  readonly nodes: readonly NodeFacts[]
  /** The endpoint that `from` uses for `to`, or `null` where it cannot dial. */
  endpoint(from: NodeFacts, to: NodeFacts): string | null
  /** Whether the two are WireGuard peers. */
  peers(a: NodeFacts, b: NodeFacts): boolean
  /** The node that forwards between two that do not peer, or `null`. */
  relay(a: NodeFacts, b: NodeFacts): NodeFacts | null
  /** Whether packets between them arrive, directly or through a relay. */
  reachable(a: NodeFacts, b: NodeFacts): boolean
}

/** What `to` says to `from`: what it says to its site hides what it says to everybody, `none` too. */
export const endpointsSeen = (from: NodeFacts, to: NodeFacts): readonly EndpointFacts[] => {
  for (const [site, local] of to.endpointsAt) if (site === from.site) return local
  return to.endpoints
}

export const endpointFor = (from: NodeFacts, to: NodeFacts): string | null => {
  const seen = endpointsSeen(from, to)
  const families = seen === to.endpoints ? from.dials : from.dialsAtSite
  // The dialer's families say which comes first; an address goes before a name, in whatever order they stand.
  for (const family of families)
    for (const named of [false, true])
      for (const endpoint of seen)
        if (endpoint.named === named && endpoint.families.includes(family)) return endpoint.text
  return null
}

export const dialingModel = (blueprint: Blueprint): DialingModel => {
  const nodes = factsOf(blueprint)
  const excluded = (a: NodeFacts, b: NodeFacts): boolean =>
    blueprint.exclude.some(([x, y]) => (x === a.name && y === b.name) || (x === b.name && y === a.name))
  const peers = (a: NodeFacts, b: NodeFacts): boolean =>
    a !== b && !excluded(a, b) && (endpointFor(a, b) !== null || endpointFor(b, a) !== null)
  const silent = ({ source }: NodeFacts): boolean => source.targets.routing === 'none'
  // Where WireGuard itself has the containers' packets, who has no routes to them is none who forwards them.
  const forwards = (node: NodeFacts, a: NodeFacts, b: NodeFacts): boolean =>
    blueprint.mesh.mode !== 'l3' || silent(a) || silent(b) || !silent(node)
  const relay = (a: NodeFacts, b: NodeFacts): NodeFacts | null =>
    nodes.find(node => peers(node, a) && peers(node, b) && forwards(node, a, b)) ?? null
  const reachable = (a: NodeFacts, b: NodeFacts): boolean => a !== b && (peers(a, b) || relay(a, b) !== null)
  return { nodes, endpoint: endpointFor, peers, relay, reachable }
}
