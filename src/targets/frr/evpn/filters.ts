import type { EvpnNeighborPlan, EvpnPlan, RoutingPlan, RoutingRole } from '../../../model/plan.js'
import type { Asn, Vni } from '../../../net/index.js'
import { type Chunk, chunk } from '../../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../../render/stanzas.js'

/*
 * A node may announce only with its own VTEP, and only into the segments and tenants that it is on. Which
 * those are is told by the route targets (RFC 7432, section 7.10): FRR's "match evpn vni" lets pass what has
 * no VNI, such as the routes that make flood lists, and FRR imports by route target alone.
 */

/** In a full mesh each neighbor has a route-map; what it holds is the same in every node's file. */
const peerStanzas: Stanzas<EvpnNeighborPlan, 'filters'> = {
  filters: neighbor => `${list(neighbor)}${clause(`evpn-${neighbor.name} permit 10`, neighbor)}!\n`,
}

/** A reflector has one for all clients, with a clause for each, numbered with its id. */
const clientStanzas: Stanzas<EvpnNeighborPlan, 'filters'> = {
  filters: neighbor =>
    `${list(neighbor)}${clause(`evpn-clients permit ${neighbor.id}`, neighbor)} match peer ${neighbor.address}\n!\n`,
}

const list = ({ name, asn, vnis }: EvpnNeighborPlan): string => extcommunityList(`rt-${name}`, asn, vnis)

const clause = (head: string, { name, address }: EvpnNeighborPlan): string =>
  `route-map ${head}\n match extcommunity rt-${name}\n match ip next-hop address ${address}\n`

/** Filters for whoever speaks for itself. */
export const neighborFilters = (
  { neighbors, clients }: EvpnPlan,
  role: RoutingRole,
  stanzas: StanzaCache,
): Chunk[] =>
  role === 'peer'
    ? stanzas.chunks(peerStanzas, neighbors).filters
    : stanzas.chunks(clientStanzas, clients).filters

/** From a reflector comes what anybody announces, but never from our own VTEP, and only what concerns us. */
export const reflectedFilter = ({ vnis, local }: EvpnPlan, { asn }: RoutingPlan): Chunk =>
  chunk(
    [
      extcommunityList('own-targets', asn, vnis).trimEnd(),
      'route-map evpn-reflectors deny 5',
      ` match ip next-hop address ${local}`,
      '!',
      'route-map evpn-reflectors permit 10',
      ' match extcommunity own-targets',
      '!\n',
    ].join('\n'),
  )

/**
 * Permits the extended communities of a route, as FRR prints them, that hold the automatic route targets of
 * these VNIs and no others: AS, of which FRR takes 16 bits, and VNI (RFC 8365, section 5.1.2.1). What is not a
 * route target, such as a router's MAC address, passes. It names what may pass because FRR imports on the VNI
 * alone, whatever the AS in front of it.
 */
const extcommunityList = (name: string, asn: Asn, vnis: readonly Vni[]): string => {
  const others = '[^R ][^ ]*|R[^T ][^ ]*'
  const own = vnis.length > 0 ? `RT:${asn & 0xffff}:(${vnis.join('|')})|` : ''
  return `bgp extcommunity-list expanded ${name} seq 5 permit ^((${own}${others}) ?)+$\n`
}
