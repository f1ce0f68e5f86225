import type { Mesh, MeshNode } from '../../model/mesh.js'
import { type AddressFamily, familyOf, type InterfaceAddress, type InterfaceName } from '../../net/index.js'

/** A UDP port that is listened on for the containers of a bridge. */
export interface BridgePort {
  readonly port: number
  /** On addresses of this family. */
  readonly family: AddressFamily
  /** What listens. */
  readonly service: string
  readonly bridge: InterfaceName
  /** The bridge is the operator's own, and may do without. */
  readonly existing: boolean
}

/** As far as it matters here. */
interface Bridge extends Pick<BridgePort, 'bridge' | 'existing'> {
  readonly addresses: readonly InterfaceAddress[]
  readonly named: boolean
}

/**
 * The daemon that manages bridges runs dnsmasq on each that has an address: for DHCP (RFC 2131, RFC 8415), whether
 * leases are wanted or no more than router advertisements, and for names, but not in a VRF. It shares its ports with
 * other dnsmasqs only, and of WireGuard or VXLAN and it the first has them: without its port a tunnel does not come
 * up, nor without dnsmasq the bridge.
 */
export const bridgePorts = (node: MeshNode, networks: Pick<Mesh, 'segments' | 'tenants'>): BridgePort[] =>
  node.targets.containers === 'none' ? [] : bridgesOf(node, networks).flatMap(portsOf)

const bridgesOf = (
  { id, networks }: MeshNode,
  { segments, tenants }: Pick<Mesh, 'segments' | 'tenants'>,
): Bridge[] => [
  ...networks.map(network => ({ ...network, named: true })),
  ...segments
    .filter(({ members }) => members.includes(id))
    .map(({ bridge, gateways, tenant }) => ({
      bridge,
      existing: false,
      addresses: gateways,
      named: tenant === null,
    })),
  ...tenants.flatMap(tenant => tenant.networks.get(id) ?? []).map(network => ({ ...network, named: false })),
]

const portsOf = ({ bridge, existing, addresses, named }: Bridge): BridgePort[] =>
  [...new Set(addresses.map(familyOf))].flatMap(family => {
    const dhcp = family === 'ipv4' ? { port: 67, service: 'DHCP' } : { port: 547, service: 'DHCPv6' }
    const services = [...(named ? [{ port: 53, service: 'the name server' }] : []), dhcp]
    return services.map(service => ({ ...service, family, bridge, existing }))
  })
