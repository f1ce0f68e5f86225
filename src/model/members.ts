import type { InterfaceName, Vni } from '../net/index.js'
import type { Mesh, MeshNode, MeshSegment, MeshTenant } from './mesh.js'

type Networks = Pick<Mesh, 'segments' | 'tenants'>
type Member = Pick<MeshNode, 'id'>

/** Whether a node is more than a peer of WireGuard's: one without VXLAN and BGP has nobody's, either. */
export const isRouter = ({ targets }: Pick<MeshNode, 'targets'>): boolean =>
  targets.overlay !== 'none' || targets.routing !== 'none'

/** The segments that a node is on. */
export const segmentsOn = ({ segments }: Networks, { id }: Member): MeshSegment[] =>
  segments.filter(({ members }) => members.includes(id))

/** The tenants whose routing tables a node has. */
export const tenantsOn = ({ tenants }: Networks, { id }: Member): MeshTenant[] =>
  tenants.filter(({ present }) => present.includes(id))

/** VNIs of both, ascending. */
export const vnisOn = (networks: Networks, node: Member): Vni[] =>
  [...segmentsOn(networks, node), ...tenantsOn(networks, node)].map(({ vni }) => vni).sort((a, b) => a - b)

/** The routing table of a segment's bridge, or `null` for the host's own. */
export const vrfOf = ({ tenants }: Networks, { tenant }: MeshSegment): InterfaceName | null =>
  tenants.find(({ name }) => name === tenant)?.vrf ?? null
