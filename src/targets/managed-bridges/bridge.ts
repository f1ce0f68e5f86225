import type { ContainerNetworkPlan, NodePlan } from '../../model/plan.js'
import { familyOf, lengthPart } from '../../net/index.js'

/** A bridge as `network edit` takes it. Every value of `config` is a string, to both daemons. */
export interface Bridge {
  readonly name: string
  readonly type: 'bridge'
  readonly description: string
  readonly config: Readonly<Record<string, string>>
}

export const bridgeOf = (node: NodePlan, network: ContainerNetworkPlan): Bridge => ({
  name: network.bridge,
  type: 'bridge',
  description: `${node.mesh} containers on ${node.name}`,
  config: {
    // DHCP and router advertisements announce it, so containers never send what the overlay must fragment.
    'bridge.mtu': String(network.mtu),
    // Containers on different nodes may share a name; .internal is reserved for private use.
    'dns.domain': `${node.name.toLowerCase()}.internal`,
    'dns.mode': 'managed',
    ...ipv4Config(network),
    ...ipv6Config(network),
  },
})

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

/** Containers form their own addresses (RFC 4862), which takes a /64; in any other prefix DHCPv6 leases them. */
const ipv6Config = (network: ContainerNetworkPlan): Record<string, string> => {
  const address = addressOf(network, 'ipv6')
  if (!address) return { 'ipv6.address': 'none' }
  return {
    'ipv6.address': address,
    'ipv6.dhcp.stateful': String(lengthPart(address) !== 64),
    'ipv6.nat': 'false',
    'ipv6.routing': 'true',
  }
}
