import type { Mesh, MeshNode, MeshSegment, MeshTenant } from '../model/mesh.js'
import type { InterfaceName, Vni } from '../net/index.js'

type Networks = Pick<Mesh, 'segments' | 'tenants'>

/** The segments that a node is on. */
export const segmentsOn = ({ segments }: Networks, { id }: MeshNode): MeshSegment[] =>
  segments.filter(({ members }) => members.includes(id))

/** The tenants whose routing tables a node has. */
export const tenantsOn = ({ tenants }: Networks, { id }: MeshNode): MeshTenant[] =>
  tenants.filter(({ present }) => present.includes(id))

/** VNIs of both, ascending. */
export const vnisOn = (networks: Networks, node: MeshNode): Vni[] =>
  [...segmentsOn(networks, node), ...tenantsOn(networks, node)].map(({ vni }) => vni).sort((a, b) => a - b)

/** The routing table of a segment's bridge, or `null` for the host's own. */
export const vrfOf = ({ tenants }: Networks, { tenant }: MeshSegment): InterfaceName | null =>
  tenants.find(({ name }) => name === tenant)?.vrf ?? null
