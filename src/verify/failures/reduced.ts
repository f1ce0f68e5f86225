import { rememberedNumbers } from '../filter/ranges.js'
import { announcedIn, evpnOf, type Net } from '../flow/net.js'
import { newCarriages } from '../flow/trip.js'
import type { NodeFiles } from '../node.js'
import type { Speaker } from '../session.js'
import { type Routes, type Sessions, type Spread, spread } from '../spread.js'
import type { World } from '../world.js'

/** What is left of a tree, with what of it was worked out before. */
export interface Reduced {
  readonly world: World
  /** Announced networks of those that are left, with who learns of them now. */
  readonly spreads: readonly Spread[]
  readonly net: Net
}

/** A world without some of its nodes: what files say stays said, and nobody answers for those that are gone. */
export const worldWithout = (world: World, gone: ReadonlySet<string>): World => {
  const left = <Node extends NodeFiles>(node: Node | null): Node | null =>
    node && !gone.has(node.name) ? node : null
  return {
    nodes: world.nodes.filter(({ name }) => !gone.has(name)),
    nodeOf: peer => left(world.nodeOf(peer)),
    peerFor: (node, other) => (gone.has(other.name) ? null : world.peerFor(node, other)),
    route: (node, destination) => world.route(node, destination),
    neighbors: (node, other) => (gone.has(other.name) ? [] : world.neighbors(node, other)),
    entriesTo: world.entriesTo,
    owner: address => left(world.owner(address)),
  }
}

/** Works out anew what hangs on the nodes that are gone, and nothing else. */
export const reduced = (
  { world, routes, net }: { readonly world: World; readonly routes: Routes; readonly net: Net },
  gone: ReadonlySet<string>,
  /** Networks that somebody heard of from a node that is gone. */
  affected: ReadonlySet<Spread>,
): Reduced => {
  const smaller = worldWithout(world, gone)
  const sessions = {
    ipv4: sessionsWithout(routes.sessions.ipv4, gone),
    ipv6: sessionsWithout(routes.sessions.ipv6, gone),
  }
  const spreads = routes.spreads
    .filter(({ origin }) => !gone.has(origin.name))
    .map(one => (affected.has(one) ? { ...one, learned: spread(smaller, sessions[one.family], one) } : one))
  const machines = net.machines.filter(({ name }) => !gone.has(name))
  return {
    world: smaller,
    spreads,
    net: {
      ...net,
      world: smaller,
      machines,
      announced: announcedIn(spreads, rememberedNumbers()),
      carriages: newCarriages(),
      ...evpnOf(smaller, machines),
    },
  }
}

const sessionsWithout = ({ from, wrong, reflectors }: Sessions, gone: ReadonlySet<string>): Sessions => ({
  from: new Map(
    [...from]
      .filter(([node]) => !gone.has(node.name))
      .map(([node, ways]) => [node, ways.filter(([, { node: other }]) => !gone.has(other.name))]),
  ),
  wrong,
  reflectors: new Set([...reflectors].filter((node: Speaker) => !gone.has(node.name))),
})
