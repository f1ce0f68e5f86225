import type { Mesh, MeshNode } from '../model/mesh.js'
import { familyOf, type Prefix } from '../net/index.js'

/** What is reached by a node beside itself, its containers and its allowed IPs: the clients that it carries, and LANs. */
export const behind = (node: MeshNode): Prefix[] => [
  ...clientsOf(node),
  ...node.lans.flatMap(({ prefixes }) => prefixes),
]

/** The addresses of the clients that it carries. */
export const clientsOf = ({ clients }: MeshNode): Prefix[] => clients.flatMap(({ addresses }) => addresses)

/** Of that, what it can tell the others of: in families that BGP has next hops in. */
export const announcedBehind = (mesh: Mesh, node: MeshNode): Prefix[] =>
  behind(node).filter(prefix => carrierOf(mesh)[familyOf(prefix)] !== null)

/** The pools of the addresses that BGP's next hops are of. */
export const carrierOf = (mesh: Mesh): Mesh['underlay'] =>
  mesh.mode === 'vxlan' ? mesh.overlay : mesh.underlay
