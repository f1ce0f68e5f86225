import type { NeighborPlan, RoutingPlan } from '../../model/plan.js'
import { isOlder } from '../../net/index.js'
import { type Chunk, chunk } from '../../render/chunks.js'
import { clientMap } from './groups.js'
import { listOf } from './neighbors.js'

/**
 * A reflector hears each client announce exactly its own networks, by way of itself: a clause for each, with
 * its id as number, so that a node that comes or goes leaves the others' clauses as they are.
 */
export const clientRouteMaps = (release: string | null, { clients, ipv6 }: RoutingPlan): Chunk[] => {
  if (clients.length === 0) return []
  const clauses = [
    ...clients.map(client => clause(client, 'ipv4', `match ip next-hop address ${client.address}`)),
    ...(ipv6 ? clients.map(client => clause(client, 'ipv6', nextHop6(release, client))) : []),
  ]
  return [
    chunk(clauses.map(lines => lines.filter(line => line !== null).join('\n')).join('\n!\n')),
    chunk('\n!\n'),
  ]
}

/** In the order in which FRR prints them. */
const clause = (client: NeighborPlan, family: 'ipv4' | 'ipv6', nextHop: string | null): (string | null)[] => [
  `route-map ${clientMap[family]} permit ${client.id}`,
  ` match ${family === 'ipv4' ? 'ip' : 'ipv6'} address prefix-list ${listOf(client)}`,
  nextHop && ` ${nextHop}`,
  ` match peer ${client.address}`,
]

/** 7.5 lacks the word `address`. */
const nextHop6 = (release: string | null, { nextHop6 }: NeighborPlan): string | null =>
  nextHop6 &&
  (isOlder(release, '8.0') ? `match ipv6 next-hop ${nextHop6}` : `match ipv6 next-hop address ${nextHop6}`)
