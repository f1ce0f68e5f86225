import { entriesOf } from '../model/entries.js'
import { segmentsOn, tenantsOn, vnisOn } from '../model/members.js'
import type { Mesh, MeshContainerNetwork, MeshNode, MeshSegment, MeshTenant } from '../model/mesh.js'
import type {
  AnnouncedPlan,
  EvpnNeighborPlan,
  EvpnPlan,
  GuestPlan,
  LeakPlan,
  SegmentPlan,
  TenantPlan,
} from '../model/plan.js'
import { familyOf, type Prefix } from '../net/index.js'
import { once } from './once.js'
import { othersIn, reachable } from './others.js'
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
  const announcedOf = new Map(mesh.tenants.map(tenant => [tenant, announcedIn(mesh, tenant)]))
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
      tenants: tenantsOn(mesh, node).map(tenant =>
        tenantPlan(mesh, node, tenant, announcedOf.get(tenant) ?? noneAnnounced),
      ),
    }
  }
}

const segmentPlan = ({ name, vni, vxlan, bridge }: MeshSegment): SegmentPlan => ({ name, vni, vxlan, bridge })

type Announced = (node: MeshNode) => readonly AnnouncedPlan[]

const noneAnnounced: Announced = () => []

/** What a tenant's nodes announce, for one of them that of the others. */
const announcedIn = (mesh: Mesh, tenant: MeshTenant): Announced => {
  const nodes = mesh.nodes.filter(({ id }) => tenant.present.includes(id))
  const all = once(() =>
    nodes.map(
      (node): AnnouncedPlan => ({
        vrf: tenant.vrf,
        name: node.name,
        prefixes: [
          ...originated(mesh, tenant, node),
          ...leaksOf(mesh, tenant, node).map(({ prefix }) => prefix),
          ...new Set(guestsOf(mesh, tenant, node).flatMap(({ addresses }) => addresses)),
        ],
      }),
    ),
  )
  const others = othersIn(mesh, nodes)
  return node => others(all(), node, reachable)
}

const tenantPlan = (mesh: Mesh, node: MeshNode, tenant: MeshTenant, announced: Announced): TenantPlan => {
  const { name, vni, vrf, vxlan, bridge } = tenant
  return {
    name,
    vni,
    vrf,
    vxlan,
    bridge,
    bridges: tenantNetworks(mesh, tenant, node).map(network => network.bridge),
    originates: originated(mesh, tenant, node),
    blackholes: tenant.networks.get(node.id)?.prefixes ?? [],
    leaks: leaksOf(mesh, tenant, node),
    guests: guestsOf(mesh, tenant, node),
    get announced() {
      return announced(node)
    },
  }
}

const originated = (mesh: Mesh, tenant: MeshTenant, node: MeshNode): Prefix[] =>
  tenantNetworks(mesh, tenant, node).flatMap(({ prefixes }) => prefixes)

const leaksOf = (mesh: Mesh, { shares }: MeshTenant, node: MeshNode): LeakPlan[] =>
  mesh.tenants
    .filter(other => shares.includes(other.name))
    .flatMap(partner =>
      tenantNetworks(mesh, partner, node).flatMap(({ bridge, prefixes }) =>
        prefixes.map(prefix => ({ prefix, bridge, vrf: partner.vrf })),
      ),
    )

/** Of a segment and of the tenant around it one client may be a guest. */
const guestsOf = (mesh: Mesh, { name }: MeshTenant, { clients }: MeshNode): GuestPlan[] =>
  clients.flatMap(client =>
    entriesOf(mesh, client).flatMap(({ name: into, tenant, prefixes }): GuestPlan[] => {
      const families = new Set(client.addresses.map(familyOf))
      const networks = prefixes.filter(prefix => families.has(familyOf(prefix)))
      const within = new Set(networks.map(familyOf))
      const addresses = client.addresses.filter(address => within.has(familyOf(address)))
      return tenant.name === name && networks.length > 0
        ? [{ client: client.name, into, addresses, networks }]
        : []
    }),
  )

/** A tenant's networks on a node: its own, and the segments that it is on. */
const tenantNetworks = (
  mesh: Mesh,
  { name, networks }: MeshTenant,
  node: MeshNode,
): Pick<MeshContainerNetwork, 'bridge' | 'prefixes'>[] => {
  const own = networks.get(node.id)
  return [...(own ? [own] : []), ...segmentsOn(mesh, node).filter(({ tenant }) => tenant === name)]
}
