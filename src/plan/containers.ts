import { segmentsOn, vrfOf } from '../model/members.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import type { ContainerNetworkPlan, ContainersPlan } from '../model/plan.js'
import type { DomainName } from '../net/index.js'

/** The node's own networks, then its part of each segment and of each tenant. */
export const planContainers = (mesh: Mesh, node: MeshNode): ContainersPlan => ({
  domain: containerDomain(mesh, node),
  habits: node.bridgeHabits && {
    companion: node.bridgeHabits.companion,
    directories: node.bridgeHabits.directories,
  },
  networks: [
    ...node.networks.map(
      (network): ContainerNetworkPlan => ({ ...network, vrf: null, mac: null, mtu: mesh.mtu.overlay }),
    ),
    ...segmentNetworks(mesh, node),
    ...tenantNetworks(mesh, node),
  ],
})

const segmentNetworks = (mesh: Mesh, node: MeshNode): ContainerNetworkPlan[] =>
  segmentsOn(mesh, node).map(segment => ({
    bridge: segment.bridge,
    vrf: vrfOf(mesh, segment),
    mac: segment.mac,
    existing: false,
    mtu: mesh.mtu.vxlan,
    addresses: segment.gateways,
    prefixes: segment.prefixes,
    dhcp: segment.leases.get(node.id) ?? null,
    dhcp6: null,
    pinned: [],
  }))

const tenantNetworks = (mesh: Mesh, { id }: MeshNode): ContainerNetworkPlan[] =>
  mesh.tenants.flatMap(({ vrf, networks }) => {
    const network = networks.get(id)
    return network ? [{ ...network, vrf, mac: null, mtu: mesh.mtu.vxlan }] : []
  })

/** Within the node's own name, where that is in use; containers on different nodes may be called the same. */
const containerDomain = ({ domain, domainWritten }: Mesh, { name, targets }: MeshNode): DomainName => {
  const named = domainWritten || targets.names !== 'none'
  return `${name.toLowerCase()}.${named ? domain : 'internal'}` as DomainName
}
