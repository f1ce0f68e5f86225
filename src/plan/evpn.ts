import type { Mesh, MeshContainerNetwork, MeshNode, MeshSegment, MeshTenant } from '../model/mesh.js'
import type { EvpnNeighborPlan, EvpnPlan, SegmentPlan, TenantPlan } from '../model/plan.js'
import type { Mtu, Vni } from '../net/index.js'
import { type Others, reachable } from './others.js'
import { vtepOf } from './overlay.js'
import { roleOf } from './routing.js'

/** VXLAN's part of a packet (RFC 7348), also in a mesh that has no VXLAN but this: 50 bytes. */
export const vxlanMtu = ({ mtu }: Mesh): Mtu => (mtu.tunnel - 50) as Mtu

/** EVPN between the VTEPs of all nodes with a segment or tenant, or between them and the reflectors. */
export const evpnPlanner = (mesh: Mesh, others: Others): ((node: MeshNode) => EvpnPlan | null) => {
  const vnis = vnisByNode(mesh)
  if (vnis.size === 0) return () => null
  const reflectors = new Set(mesh.nodes.filter(node => node.reflector).map(({ name }) => name))
  const neighbors = mesh.nodes.map(
    (node): EvpnNeighborPlan => ({
      name: node.name,
      id: node.id,
      address: vtepOf(node),
      asn: mesh.asn,
      vnis: vnis.get(node.id) ?? [],
    }),
  )
  const reflects = ({ name }: EvpnNeighborPlan): boolean => reflectors.has(name)
  const takesPart = (neighbor: EvpnNeighborPlan): boolean => neighbor.vnis.length > 0 || reflects(neighbor)
  const every = [...mesh.segments, ...mesh.tenants].map(({ vni }) => vni).sort((a, b) => a - b)
  return node => {
    const role = roleOf(node, reflectors)
    if (!vnis.has(node.id) && role !== 'reflector') return null
    const all = others(neighbors, node, reachable).filter(takesPart)
    return {
      mtu: vxlanMtu(mesh),
      port: mesh.vxlanPort,
      local: vtepOf(node),
      mac: node.mac,
      sharesSessions: mesh.mode === 'l3',
      role,
      neighbors: role === 'peer' ? all : all.filter(reflects),
      clients: role === 'reflector' ? all.filter(neighbor => !reflects(neighbor)) : [],
      vnis: role === 'reflector' ? every : (vnis.get(node.id) ?? []),
      segments: mesh.segments.filter(({ members }) => members.includes(node.id)).map(segmentPlan(mesh)),
      tenants: mesh.tenants.filter(({ present }) => present.includes(node.id)).map(tenantPlan(mesh, node)),
    }
  }
}

/** Node's id → the VNIs it is on, ascending. */
const vnisByNode = ({ segments, tenants }: Mesh): Map<number, Vni[]> => {
  const vnis = new Map<number, Vni[]>()
  const add = (ids: readonly number[], vni: Vni): void => {
    for (const id of ids) vnis.set(id, [...(vnis.get(id) ?? []), vni])
  }
  for (const { members, vni } of segments) add(members, vni)
  for (const { present, vni } of tenants) add(present, vni)
  for (const [id, list] of vnis)
    vnis.set(
      id,
      list.sort((a, b) => a - b),
    )
  return vnis
}

const vrfOf = ({ tenants }: Mesh, name: string | null): MeshTenant['vrf'] | null =>
  tenants.find(tenant => tenant.name === name)?.vrf ?? null

const segmentPlan =
  (mesh: Mesh) =>
  ({ name, vni, vxlan, bridge, tenant }: MeshSegment): SegmentPlan => ({
    name,
    vni,
    vxlan,
    bridge,
    vrf: vrfOf(mesh, tenant),
  })

const tenantPlan =
  (mesh: Mesh, node: MeshNode) =>
  (tenant: MeshTenant): TenantPlan => {
    const { name, vni, vrf, vxlan, bridge, shares } = tenant
    const networks = networksOf(mesh, tenant, node)
    const partners = mesh.tenants.filter(other => shares.includes(other.name))
    return {
      name,
      vni,
      vrf,
      table: vni,
      vxlan,
      bridge,
      containers: networks.map(network => network.bridge),
      originates: networks.flatMap(({ prefixes }) => prefixes),
      blackholes: tenant.networks.get(node.id)?.prefixes ?? [],
      leaks: partners.flatMap(partner =>
        networksOf(mesh, partner, node).flatMap(({ bridge, prefixes }) =>
          prefixes.map(prefix => ({ prefix, bridge, vrf: partner.vrf })),
        ),
      ),
    }
  }

/** A tenant's networks on a node: its own, and the segments that it is on. */
const networksOf = (
  { segments }: Mesh,
  { name, networks }: MeshTenant,
  { id }: MeshNode,
): Pick<MeshContainerNetwork, 'bridge' | 'prefixes'>[] => {
  const own = networks.get(id)
  return [
    ...(own ? [own] : []),
    ...segments.filter(({ tenant, members }) => tenant === name && members.includes(id)),
  ]
}
