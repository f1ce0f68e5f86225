import type { Mesh, MeshNode } from '../model/mesh.js'
import type { RoutingRole } from '../model/plan.js'

/** A node's part in route reflection (RFC 4456), and whom it has sessions with for it. */
export interface Sessions<Neighbor> {
  readonly role: RoutingRole
  readonly neighbors: readonly Neighbor[]
  readonly clients: readonly Neighbor[]
}

/** Divides all others that a node could speak with; the same for every address family. */
export const reflection = (
  mesh: Mesh,
): (<Neighbor extends { readonly name: string }>(
  node: MeshNode,
  others: readonly Neighbor[],
) => Sessions<Neighbor>) => {
  const reflectors = new Set(mesh.nodes.filter(node => node.reflector).map(({ name }) => name))
  return (node, others) => {
    if (reflectors.size === 0) return { role: 'peer', neighbors: others, clients: [] }
    const neighbors = others.filter(({ name }) => reflectors.has(name))
    return node.reflector
      ? { role: 'reflector', neighbors, clients: others.filter(({ name }) => !reflectors.has(name)) }
      : { role: 'client', neighbors, clients: [] }
  }
}
