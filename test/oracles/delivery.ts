import { isWithin } from './addresses.js'
import { type NodeFacts, vtepOf } from './facts.js'
import type { World } from './world.js'

/** What becomes of a packet from one node to an address of another, by the files alone. */
export type Journey = 'delivered' | 'no peer' | 'lost'

/** WireGuard's cryptokey routing: out to the peer whose allowed IPs hold the destination. */
const nextHop = (world: World, at: NodeFacts, destination: string): NodeFacts | null => {
  const peer = world
    .conf(at)
    .peers.find(({ allowedIps }) => allowedIps.some(prefix => isWithin(destination, prefix)))
  return peer ? world.nodeWithKey(peer.publicKey) : null
}

/** And in from a peer only if its allowed IPs hold the source. */
const admits = (world: World, at: NodeFacts, from: NodeFacts, source: string): boolean =>
  nextHop(world, at, source) === from

/** Sends a packet between two nodes' underlay addresses and follows it. */
export const send = (world: World, from: NodeFacts, to: NodeFacts): Journey =>
  sendFrom(world, [from, vtepOf(from)], [to, vtepOf(to)])

/** The same between addresses at two nodes. */
export const sendFrom = (
  world: World,
  [from, source]: readonly [NodeFacts, string],
  [to, destination]: readonly [NodeFacts, string],
): Journey => {
  let at = from
  for (let hops = 0; hops < 3; hops++) {
    const next = nextHop(world, at, destination)
    if (!next) return hops === 0 ? 'no peer' : 'lost'
    if (!admits(world, next, at, source)) return 'lost'
    if (next === to) return 'delivered'
    at = next
  }
  return 'lost'
}

/** Whether a broadcast on the segment reaches the other: the flood entry, and the way under it. */
export const floods = (world: World, from: NodeFacts, to: NodeFacts): boolean =>
  world.fdb(from).some(({ mac, destination }) => mac === '00:00:00:00:00:00' && destination === vtepOf(to)) &&
  send(world, from, to) === 'delivered'
