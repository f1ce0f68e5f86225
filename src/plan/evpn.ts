import { segmentsOn, tenantsOn, vnisOn } from '../model/members.js'
import type { Mesh, MeshContainerNetwork, MeshNode, MeshSegment, MeshTenant } from '../model/mesh.js'
import type { EvpnNeighborPlan, EvpnPlan, SegmentPlan, TenantPlan } from '../model/plan.js'
import { vtepOf } from './overlay.js'
import { reflection } from './reflection.js'

/** EVPN between the VTEPs of all nodes with a segment or tenant, or between them and the reflectors. */
export const evpnPlanner = (mesh: Mesh): ((node: MeshNode) => EvpnPlan | null) => {
  if (mesh.segments.length + mesh.tenants.length === 0) return () => null
  const takesPart = (node: MeshNode): boolean => node.reflector || vnisOn(mesh, node).length > 0
  const sessionsOf = reflection(
    mesh,
    mesh.nodes.filter(takesPart),
    (node): EvpnNeighborPlan => ({
      name: node.name,
      id: node.id,
      address: vtepOf(node),
      asn: mesh.asn,
      vnis: vnisOn(mesh, node),
    }),
  )
  const every = [...mesh.segments, ...mesh.tenants].map(({ vni }) => vni).sort((a, b) => a - b)
  return node => {
    if (!takesPart(node)) return null
    const sessions = sessionsOf(node)
    return {
      port: mesh.vxlanPort,
      local: vtepOf(node),
      mac: node.mac,
      sharesSessions: mesh.mode === 'l3',
      get neighbors() {
        return sessions.neighbors
      },
      get clients() {
        return sessions.clients
      },
      vnis: node.reflector ? every : vnisOn(mesh, node),
      segments: segmentsOn(mesh, node).map(segmentPlan),
      tenants: tenantsOn(mesh, node).map(tenantPlan(mesh, node)),
    }
  }
}

const segmentPlan = ({ name, vni, vxlan, bridge }: MeshSegment): SegmentPlan => ({ name, vni, vxlan, bridge })

const tenantPlan =
  (mesh: Mesh, node: MeshNode) =>
  (tenant: MeshTenant): TenantPlan => {
    const { name, vni, vrf, vxlan, bridge, shares } = tenant
    const networks = tenantNetworks(mesh, tenant, node)
    const partners = mesh.tenants.filter(other => shares.includes(other.name))
    return {
      name,
      vni,
      vrf,
      vxlan,
      bridge,
      bridges: networks.map(network => network.bridge),
      originates: networks.flatMap(({ prefixes }) => prefixes),
      blackholes: tenant.networks.get(node.id)?.prefixes ?? [],
      leaks: partners.flatMap(partner =>
        tenantNetworks(mesh, partner, node).flatMap(({ bridge, prefixes }) =>
          prefixes.map(prefix => ({ prefix, bridge, vrf: partner.vrf })),
        ),
      ),
    }
  }

/** A tenant's networks on a node: its own, and the segments that it is on. */
const tenantNetworks = (
  mesh: Mesh,
  { name, networks }: MeshTenant,
  node: MeshNode,
): Pick<MeshContainerNetwork, 'bridge' | 'prefixes'>[] => {
  const own = networks.get(node.id)
  return [...(own ? [own] : []), ...segmentsOn(mesh, node).filter(({ tenant }) => tenant === name)]
}
