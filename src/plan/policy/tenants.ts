import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { DevicePlan, EvpnPlan, TenantPlan } from '../../model/plan.js'
import type { PolicyRow } from '../../model/policy-plan.js'
import { addressPart, hostPrefix, type InterfaceName, type Prefix } from '../../net/index.js'
import { planContainers } from '../containers.js'
import { at, linkPrefixes, names, row } from './row.js'

/**
 * What tenants may do. They may use the same addresses, so their rows go by interface: a packet within a VRF is seen
 * with the VRF for its input once it is routed, and before that with the bridge.
 */
export const tenantPolicy = (
  mesh: Mesh,
  node: MeshNode,
  evpn: EvpnPlan | null,
  devices: readonly DevicePlan[],
): { readonly rows: readonly PolicyRow[]; readonly sets: Record<string, readonly Prefix[]> } => {
  const { tenants = [] } = evpn ?? {}
  if (tenants.length === 0) return { rows: [], sets: {} }
  const { networks } = planContainers(mesh, node)
  const of = ({ bridges }: TenantPlan) => networks.filter(({ bridge }) => bridges.includes(bridge))
  const joined = tenants.flatMap(({ bridges, bridge }) => [...bridges, bridge])
  const vrfs = tenants.map(({ vrf }) => vrf)
  const hosts = tenants.flatMap(({ vrf, bridges }) => [vrf, ...bridges])
  const sources =
    "A tenant's addresses come from its bridge, and those that only this node has from nowhere else."
  const gateways = "A tenant's containers speak with their gateway and nothing else of this host."
  const services = "What a tenant's containers may ask of this host: whether it is there, and for an address."
  const apart = 'A bridge that is not in its VRF (yet) forwards nothing, and no packet changes its tenant.'
  return {
    sets: Object.fromEntries(
      tenants.flatMap((tenant): [string, Prefix[]][] => [
        ...of(tenant).map(({ bridge, prefixes }): [string, Prefix[]] => [
          at(bridge),
          [...linkPrefixes.source, ...prefixes],
        ]),
        [alone(tenant), [...tenant.blackholes]],
        [
          gateway(tenant),
          [
            ...linkPrefixes.destination,
            ...of(tenant).flatMap(({ addresses }) =>
              addresses.map(address => hostPrefix(addressPart(address))),
            ),
          ],
        ],
      ]),
    ),
    rows: [
      ...tenants.flatMap(tenant => [
        ...of(tenant).map(({ bridge }) =>
          row('arrival', 'drop', sources, { from: { on: [bridge], outside: at(bridge) } }),
        ),
        row('arrival', 'drop', sources, { from: { on: [tenant.bridge], within: alone(tenant) } }),
      ]),
      row('arrival', 'pass', sources, { from: { on: names(devices, 'tenant') } }),
      ...tenants.map(tenant =>
        row('host', 'drop', gateways, { from: { on: [tenant.vrf] }, to: { outside: gateway(tenant) } }),
      ),
      row('host', 'pass', services, { from: { on: hosts }, what: { kind: 'answer' } }),
      row('host', 'pass', services, { from: { on: hosts }, what: { kind: 'icmp' } }),
      row('host', 'pass', services, { from: { on: hosts }, what: { kind: 'dhcp' } }),
      row('host', 'drop', services, { from: { on: hosts } }),
      row('way', 'drop', apart, { from: { on: joined } }),
      ...tenants.map(tenant =>
        row('way', 'pass', apart, { from: { on: [tenant.vrf] }, to: { on: waysOf(tenant) } }),
      ),
      row('way', 'drop', apart, { from: { on: vrfs } }),
      row('way', 'drop', apart, { to: { on: joined } }),
    ],
  }
}

const alone = ({ name }: TenantPlan): string => `of ${name} alone`
const gateway = ({ name }: TenantPlan): string => `gateways of ${name}`

const waysOf = ({ bridges, bridge, leaks }: TenantPlan): InterfaceName[] => [
  ...new Set([...bridges, bridge, ...leaks.map(leak => leak.bridge)]),
]
