import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { DevicePlan, EvpnPlan, GuestPlan, TenantPlan } from '../../model/plan.js'
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
  const guests = 'A client enters the tenants that mesh.ini names for it, and is entered by them.'
  const apart = 'A bridge that is not in its VRF (yet) forwards nothing, and no packet changes its tenant.'
  return {
    sets: Object.fromEntries(
      tenants.flatMap((tenant): [string, readonly Prefix[]][] => [
        ...of(tenant).map(({ bridge, prefixes }): [string, Prefix[]] => [
          at(bridge),
          [...linkPrefixes.source, ...prefixes],
        ]),
        [
          alone(tenant),
          [...new Set([...tenant.blackholes, ...tenant.guests.flatMap(({ addresses }) => addresses)])],
        ],
        ...letInto(tenant).flatMap(({ into, addresses, networks }): [string, readonly Prefix[]][] => [
          [entering(into), addresses],
          [entered(into), networks],
        ]),
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
      ...tenants.flatMap(tenant =>
        letInto(tenant).flatMap(({ into }) => [
          row('way', 'pass', guests, {
            from: { on: [mesh.name], within: entering(into) },
            to: { on: [...tenant.bridges, tenant.bridge], within: entered(into) },
          }),
          row('way', 'pass', guests, {
            from: { on: [tenant.vrf], within: entered(into) },
            to: { on: [mesh.name], within: entering(into) },
          }),
        ]),
      ),
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

/** What clients enter of a tenant, and which they are: of those who enter the same each says the same of it. */
const letInto = ({ guests }: TenantPlan): Omit<GuestPlan, 'client'>[] =>
  [...new Set(guests.map(({ into }) => into))].map(into => {
    const those = guests.filter(guest => guest.into === into)
    const all = (key: 'addresses' | 'networks') => [...new Set(those.flatMap(guest => guest[key]))]
    return { into, addresses: all('addresses'), networks: all('networks') }
  })

const entering = (into: string): string => `entering ${into}`
const entered = (into: string): string => `networks of ${into}`
