import type { Mesh, MeshNode } from '../model/mesh.js'
import type { ContainerNetworkPlan, ContainersPlan } from '../model/plan.js'
import type { DomainName, Mtu } from '../net/index.js'
import { vxlanMtu } from './evpn.js'

/** The node's own networks, then its part of each segment and of each tenant. */
export const planContainers = (mesh: Mesh, node: MeshNode): ContainersPlan => ({
  domain: containerDomain(mesh, node),
  networks: [
    ...node.containers.map(
      (network): ContainerNetworkPlan => ({ ...network, vrf: null, mac: null, mtu: mesh.mtu.overlay }),
    ),
    ...segmentNetworks(mesh, node, vxlanMtu(mesh)),
    ...tenantNetworks(mesh, node, vxlanMtu(mesh)),
  ],
})

const segmentNetworks = (mesh: Mesh, { id }: MeshNode, mtu: Mtu): ContainerNetworkPlan[] =>
  mesh.segments
    .filter(({ members }) => members.includes(id))
    .map(({ bridge, mac, gateways, prefixes, leases, tenant }) => ({
      bridge,
      vrf: mesh.tenants.find(({ name }) => name === tenant)?.vrf ?? null,
      mac,
      existing: false,
      mtu,
      addresses: gateways,
      prefixes,
      dhcp: leases.get(id) ?? null,
      dhcp6: null,
      pinned: [],
    }))

const tenantNetworks = (mesh: Mesh, { id }: MeshNode, mtu: Mtu): ContainerNetworkPlan[] =>
  mesh.tenants.flatMap(({ vrf, networks }) => {
    const network = networks.get(id)
    return network ? [{ ...network, vrf, mac: null, mtu }] : []
  })

/** Within the node's own name, where that is in use; containers on different nodes may be called the same. */
const containerDomain = ({ domain, domainWritten }: Mesh, { name, targets }: MeshNode): DomainName => {
  const named = domainWritten || targets.names !== 'none'
  return `${name.toLowerCase()}.${named ? domain : 'internal'}` as DomainName
}
