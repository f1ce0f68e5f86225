import type { EvpnPlan, RoutingPlan, TenantPlan } from '../../../model/plan.js'
import { type Chunk, chunk } from '../../../render/chunks.js'
import { isIpv4, isIpv6 } from '../lists.js'

/** `vrf` sections: which VNI a tenant's routed packets travel under (RFC 9136, section 4.4). */
export const vrfSections = (evpn: EvpnPlan | null, tunnel: string): Chunk[] => {
  const sections = (evpn?.tenants ?? []).map(({ vrf, vni, blackholes, leaks, guests }) =>
    [
      `vrf ${vrf}`,
      ` vni ${vni}`,
      ...blackholes.map(prefix => ` ${route(prefix)} blackhole 250`),
      ...leaks.map(leak => ` ${route(leak.prefix)} ${leak.bridge} nexthop-vrf ${leak.vrf}`),
      // Behind the tunnel, which is in the host's own routing table.
      ...addressesOf(guests).map(address => ` ${route(address)} ${tunnel} nexthop-vrf default`),
      'exit-vrf\n!\n',
    ].join('\n'),
  )
  return sections.length > 0 ? [chunk(sections.join(''))] : []
}

/** One that enters a segment and the tenant around it is there once. */
const addressesOf = (guests: TenantPlan['guests']): string[] => [
  ...new Set(guests.flatMap(({ addresses }) => addresses)),
]

const route = (prefix: string): string => `${isIpv4(prefix) ? 'ip' : 'ipv6'} route ${prefix}`

/** A BGP instance for each tenant, whose routes leave as EVPN's (RFC 9136) with automatic RD and route targets. */
export const vrfRouters = (evpn: EvpnPlan | null, routing: RoutingPlan): Chunk[] => {
  const routers = (evpn?.tenants ?? []).map(tenant => routerOf(tenant, routing))
  return routers.length > 0 ? [chunk(routers.join(''))] : []
}

const routerOf = (tenant: TenantPlan, { asn, routerId }: RoutingPlan): string => {
  const families = (['ipv4', 'ipv6'] as const).flatMap(family => familyOf(tenant, family))
  return [
    `router bgp ${asn} vrf ${tenant.vrf}`,
    ` bgp router-id ${routerId}`,
    ' no bgp default ipv4-unicast',
    ...families.flatMap(({ family, lines }) => [
      ' !',
      ` address-family ${family} unicast`,
      ...lines.map(line => `  ${line}`),
      ' exit-address-family',
    ]),
    ' !',
    ' address-family l2vpn evpn',
    ...families.map(({ family }) => `  advertise ${family} unicast`),
    ' exit-address-family',
    '!\n',
  ].join('\n')
}

/** A family in which the tenant has nothing would be a section that FRR does not print. */
const familyOf = (
  { originates, leaks, guests }: TenantPlan,
  family: 'ipv4' | 'ipv6',
): { readonly family: string; readonly lines: readonly string[] }[] => {
  const networks = [...originates, ...leaks.map(({ prefix }) => prefix), ...addressesOf(guests)].filter(
    family === 'ipv4' ? isIpv4 : isIpv6,
  )
  return networks.length === 0 ? [] : [{ family, lines: networks.map(prefix => `network ${prefix}`) }]
}
