import type { EvpnNeighborPlan, EvpnPlan, RoutingPlan, RoutingRole } from '../../../model/plan.js'
import { type Chunk, chunk } from '../../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../../render/stanzas.js'
import { sessionLines } from '../groups.js'
import { neighborFilters, reflectedFilter } from './filters.js'

/*
 * Ethernet VPN (RFC 7432) in frr.conf: sessions between VTEPs, which are the next hops of all that they
 * announce. Beside the sessions of the unicast families, whose next hops are on the overlay; or, where
 * the mesh has none, within those.
 */

/** Peer-groups on the VTEPs' addresses. */
const groups = {
  peer: ['EVPN'],
  client: ['EVPN-REFLECTORS'],
  reflector: ['EVPN-CLIENTS', 'EVPN-REFLECTORS'],
} as const

type Group = (typeof groups)[keyof typeof groups][number]

const membership = (group: Group): Stanzas<EvpnNeighborPlan, 'neighbors'> => ({
  neighbors: ({ address, name }) =>
    ` neighbor ${address} peer-group ${group}\n neighbor ${address} description ${name}\n`,
})
const peers = membership('EVPN')
const clients = membership('EVPN-CLIENTS')
const reflectors = membership('EVPN-REFLECTORS')

/** What stands where in frr.conf; nothing of it on a node without EVPN. */
export type EvpnSlots = Readonly<Record<'evpnFilters' | 'evpnNeighbors' | 'evpnFamily', readonly Chunk[]>>

/** All that EVPN adds to frr.conf. */
export const evpnSlots = (
  evpn: EvpnPlan | null,
  routing: RoutingPlan,
  release: string | null,
  stanzas: StanzaCache,
): EvpnSlots => {
  if (!evpn) return { evpnFilters: [], evpnNeighbors: [], evpnFamily: [] }
  return {
    evpnFilters: [
      ...neighborFilters(evpn, routing.role, stanzas),
      ...(routing.role === 'peer' ? [] : [reflectedFilter(evpn, routing)]),
    ],
    evpnNeighbors: evpn.sharesSessions ? [] : sessions(evpn, routing, release, stanzas),
    evpnFamily: [chunk(family(evpn, routing.role))],
  }
}

const sessions = (
  evpn: EvpnPlan,
  routing: RoutingPlan,
  release: string | null,
  stanzas: StanzaCache,
): Chunk[] => {
  const lines = groups[routing.role].flatMap(group => sessionLines(group, evpn.local, routing, release))
  return [
    chunk(lines.map(({ group, words }) => ` neighbor ${group} ${words}\n`).join('')),
    ...stanzas.chunks(clients, evpn.clients).neighbors,
    ...stanzas.chunks(routing.role === 'peer' ? peers : reflectors, evpn.neighbors).neighbors,
  ]
}

const family = (evpn: EvpnPlan, role: RoutingRole): string =>
  [
    ' !\n address-family l2vpn evpn',
    ...(evpn.sharesSessions ? ofEach(evpn, role) : ofGroups(evpn, role)).map(line => `  neighbor ${line}`),
    '  advertise-all-vni\n exit-address-family\n',
  ].join('\n')

/** What a group does in this family. Of peers each has a filter of its own. */
const policy: Readonly<Record<Group, readonly string[]>> = {
  EVPN: ['activate'],
  'EVPN-CLIENTS': ['activate', 'route-reflector-client', 'route-map evpn-clients in'],
  'EVPN-REFLECTORS': ['activate', 'route-map evpn-reflectors in'],
}

const ofGroups = ({ neighbors }: EvpnPlan, role: RoutingRole): string[] => [
  ...groups[role].flatMap(group => policy[group].map(words => `${group} ${words}`)),
  ...(role === 'peer' ? neighbors.map(ownFilter) : []),
]

/** Where the groups also hold nodes that have no part in this. */
const ofEach = ({ clients, neighbors }: EvpnPlan, role: RoutingRole): string[] => [
  ...clients.flatMap(({ address }) => policy['EVPN-CLIENTS'].map(words => `${address} ${words}`)),
  ...neighbors.flatMap(neighbor =>
    role === 'peer'
      ? [`${neighbor.address} activate`, ownFilter(neighbor)]
      : policy['EVPN-REFLECTORS'].map(words => `${neighbor.address} ${words}`),
  ),
]

const ownFilter = ({ name, address }: EvpnNeighborPlan): string => `${address} route-map evpn-${name} in`
