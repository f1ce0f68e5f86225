import type { NeighborPlan, RoutingPlan } from '../../model/plan.js'
import { isOlder } from '../../net/index.js'
import { type Chunk, chunk } from '../../render/chunks.js'
import { clientMap } from './groups.js'
import { listOf } from './neighbors.js'

/*
 * FRR announces an IPv6 next hop twice: as the address of the session's interface, and as the link-local one, which it
 * prefers. That one follows from the MAC address, so that it leads nowhere once the device is made anew with another
 * while the session stays; and the other FRR forgets as it goes with the device, and announces the IPv4 address mapped
 * to IPv6 from then on. So both sides name the address that mesh.ini gives.
 */

const preferred = ' set ipv6 next-hop prefer-global'

/** For whoever does not tell one neighbor from another, and for what is announced. */
export const nextHopMaps = ({ ipv6, nextHop6 }: RoutingPlan): Chunk[] =>
  ipv6
    ? [
        chunk(`route-map global-next-hop permit 10\n${preferred}\n!\n`),
        ...(nextHop6
          ? [chunk(`route-map own-next-hop permit 10\n set ipv6 next-hop global ${nextHop6}\n!\n`)]
          : []),
      ]
    : []

/**
 * A reflector hears each client announce exactly its own networks, by way of itself: a clause for each, with
 * its id as number, so that a node that comes or goes leaves the others' clauses as they are.
 */
export const clientRouteMaps = (release: string | null, { clients, ipv6 }: RoutingPlan): Chunk[] => {
  if (clients.length === 0) return []
  const clauses = [
    ...clients.map(client => clause(client, 'ipv4', `match ip next-hop address ${client.address}`)),
    ...(ipv6 ? clients.map(client => clause(client, 'ipv6', matched6(release, client))) : []),
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
  family === 'ipv6' ? preferred : null,
]

/** 7.5 lacks the word `address`. */
const matched6 = (release: string | null, { nextHop6 }: NeighborPlan): string | null =>
  nextHop6 &&
  (isOlder(release, '8.0') ? `match ipv6 next-hop ${nextHop6}` : `match ipv6 next-hop address ${nextHop6}`)
