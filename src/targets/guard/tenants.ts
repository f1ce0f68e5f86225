import type { ContainerNetworkPlan, DevicePlan, NodePlan, TenantPlan } from '../../model/plan.js'
import { addressPart, familyOf } from '../../net/index.js'
import type { View } from '../../render/template.js'

/**
 * What the packet filter says of tenants and segments. Tenants may use the same addresses, so their rules go by
 * interface: a packet within a VRF is seen with the VRF for its input once it is routed, and before that with
 * the bridge.
 */
export const tenantsView = (node: NodePlan): View => {
  const { tenants = [], segments = [] } = node.evpn ?? {}
  const devices = carrying('tenant', node)
  const bridges = tenants.flatMap(({ containers }) => containers)
  const joined = tenants.flatMap(({ containers, bridge }) => [...containers, bridge])
  return {
    tenanted:
      tenants.length === 0
        ? null
        : {
            devices: quotedSet(devices),
            joined: quotedSet(joined),
            vrfs: quotedSet(tenants.map(({ vrf }) => vrf)),
            hosts: quotedSet(tenants.flatMap(({ vrf, containers }) => [vrf, ...containers])),
          },
    tenantSources: tenants.flatMap(tenant => sourcesOf(tenant, node)),
    tenantServices: tenants.flatMap(tenant => servicesOf(tenant, node)),
    within: bridges.length === 0 ? null : { bridges },
    tenantWays: tenants.map(tenant => ({ vrf: tenant.vrf, to: quotedSet(waysOf(tenant)) })),
    segmented: segments.length === 0 ? null : { vxlans: quotedSet(segments.map(({ vxlan }) => vxlan)) },
  }
}

/** An anonymous set of interface names, which has one at least. */
export const quotedSet = (names: readonly string[]): string =>
  `{ ${names.map(name => `"${name}"`).join(', ')} }`

/** The names of the node's devices that packets of this kind are seen to come from. */
export const carrying = (what: DevicePlan['carries'], { devices }: NodePlan): string[] =>
  devices.filter(({ carries }) => carries === what).map(({ name }) => name)

const networksOf = ({ containers }: TenantPlan, node: NodePlan): ContainerNetworkPlan[] =>
  node.containers.networks.filter(({ bridge }) => containers.includes(bridge))

/** Addresses of each bridge come from there, and those that only this node has from nowhere else. */
const sourcesOf = (tenant: TenantPlan, node: NodePlan): View[] =>
  networksOf(tenant, node).flatMap(({ bridge, prefixes }) =>
    (['ipv4', 'ipv6'] as const).flatMap(family => {
      const own = prefixes.filter(prefix => familyOf(prefix) === family)
      const ip = family === 'ipv4' ? 'ip' : 'ip6'
      const always = family === 'ipv4' ? ['0.0.0.0'] : ['::', 'fe80::/10']
      const alone = own.filter(prefix => tenant.blackholes.includes(prefix))
      return [
        { interface: bridge, match: `${ip} saddr != { ${[...always, ...own].join(', ')} }` },
        ...alone.map(prefix => ({ interface: tenant.bridge, match: `${ip} saddr ${prefix}` })),
      ]
    }),
  )

/** A tenant's containers speak with their gateway and nothing else of this host, whatever addresses it has. */
const servicesOf = (tenant: TenantPlan, node: NodePlan): View[] =>
  (['ipv4', 'ipv6'] as const).map(family => {
    const gateways = networksOf(tenant, node)
      .flatMap(({ addresses }) => addresses.map(addressPart))
      .filter(address => familyOf(address) === family)
    const always = family === 'ipv4' ? ['255.255.255.255', '224.0.0.0/4'] : ['fe80::/10', 'ff00::/8']
    return {
      interface: tenant.vrf,
      match: `${family === 'ipv4' ? 'ip' : 'ip6'} daddr != { ${[...gateways, ...always].join(', ')} }`,
    }
  })

const waysOf = ({ containers, bridge, leaks }: TenantPlan): string[] => [
  ...new Set([...containers, bridge, ...leaks.map(leak => leak.bridge)]),
]
