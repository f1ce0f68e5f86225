import type { Mesh, MeshNode } from '../model/mesh.js'
import type { RoutingRole } from '../model/plan.js'
import { once } from './once.js'
import { othersIn, reachable } from './others.js'

/** A node's part in route reflection (RFC 4456), and whom it has sessions with for it. */
export interface Sessions<Neighbor> {
  readonly role: RoutingRole
  readonly neighbors: readonly Neighbor[]
  readonly clients: readonly Neighbor[]
}

/** Divides the `speakers` that one of them can speak with; the same for every address family. Others have none. */
export const reflection = <Neighbor>(
  mesh: Mesh,
  speakers: readonly MeshNode[],
  neighborOf: (node: MeshNode) => Neighbor,
): ((node: MeshNode) => Sessions<Neighbor>) => {
  const others = (nodes: readonly MeshNode[]): ((node: MeshNode) => readonly Neighbor[]) => {
    const neighbors = nodes.map(neighborOf)
    const othersAmong = othersIn(mesh, nodes)
    return node => othersAmong(neighbors, node, reachable)
  }
  const reflectors = speakers.filter(node => node.reflector)
  if (reflectors.length === 0) {
    const peers = others(speakers)
    return node =>
      sessions(
        'peer',
        once(() => peers(node)),
      )
  }
  const above = others(reflectors)
  const below = others(speakers.filter(node => !node.reflector))
  return node =>
    node.reflector
      ? sessions(
          'reflector',
          once(() => above(node)),
          once(() => below(node)),
        )
      : sessions(
          'client',
          once(() => above(node)),
        )
}

/** The lists are made when they are asked for: all peers of all nodes are N² of them. */
const sessions = <Neighbor>(
  role: RoutingRole,
  neighbors: () => readonly Neighbor[],
  clients: () => readonly Neighbor[] = () => [],
): Sessions<Neighbor> => ({
  role,
  get neighbors() {
    return neighbors()
  },
  get clients() {
    return clients()
  },
})
