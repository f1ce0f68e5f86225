import type { ContainerNetworkPlan, NodePlan } from '../../model/plan.js'
import { familyOf, lengthPart } from '../../net/index.js'

/** A bridge as `network edit` takes it. Every value of `config` is a string, to both daemons. */
export interface Bridge {
  readonly name: string
  readonly description: string
  readonly config: Readonly<Record<string, string>>
}

export const bridgeOf = (node: NodePlan, network: ContainerNetworkPlan): Bridge => ({
  name: network.bridge,
  description: `${node.mesh} containers on ${node.name}`,
  config: {
    // DHCP and router advertisements announce it, so containers never send what the overlay must fragment.
    'bridge.mtu': String(network.mtu),
    ...(network.mac && { 'bridge.hwaddr': network.mac }),
    ...dnsConfig(node, network),
    ...ipv4Config(network),
    ...ipv6Config(network),
  },
})

/**
 * The daemon's name server listens on the bridge's address in the host's own routing table, and so not at all in
 * a VRF: there it gives out addresses only. On two bridges of one address it would take both for its own.
 */
const dnsConfig = (node: NodePlan, network: ContainerNetworkPlan): Record<string, string> => {
  if (network.vrf === null) return { 'dns.domain': node.containers.domain, 'dns.mode': 'managed' }
  const alike = node.containers.networks.filter(
    other =>
      other.bridge !== network.bridge && other.addresses.some(address => network.addresses.includes(address)),
  )
  const lines = ['port=0', ...alike.map(({ bridge }) => `no-dhcp-interface=${bridge}`)]
  return { 'dns.mode': 'none', 'raw.dnsmasq': lines.join('\n') }
}

const addressOf = (network: ContainerNetworkPlan, family: 'ipv4' | 'ipv6') =>
  network.addresses.find(address => familyOf(address) === family)

/**
 * `nat` is always written, because its default depends on how the address was given, and is always false:
 * the daemons' NAT replaces the source of packets to other nodes too. The packet filter masquerades what
 * leaves the mesh. A family without an address says so, or the daemon would draw one.
 */
const ipv4Config = (network: ContainerNetworkPlan): Record<string, string> => {
  const address = addressOf(network, 'ipv4')
  if (!address) return { 'ipv4.address': 'none' }
  return {
    'ipv4.address': address,
    ...(network.dhcp && { 'ipv4.dhcp.ranges': network.dhcp.join('-') }),
    'ipv4.nat': 'false',
    'ipv4.routing': 'true',
  }
}

/**
 * Containers form their own addresses (RFC 4862), which takes a /64. In any other prefix DHCPv6 leases them,
 * and where one is fixed, since the daemons give those by DHCPv6 alone.
 */
const ipv6Config = (network: ContainerNetworkPlan): Record<string, string> => {
  const address = addressOf(network, 'ipv6')
  if (!address) return { 'ipv6.address': 'none' }
  return {
    'ipv6.address': address,
    ...(network.dhcp6 && { 'ipv6.dhcp.ranges': network.dhcp6.join('-') }),
    'ipv6.dhcp.stateful': String(lengthPart(address) !== 64 || network.dhcp6 !== null),
    'ipv6.nat': 'false',
    'ipv6.routing': 'true',
  }
}
