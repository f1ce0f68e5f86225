import type { Mesh, MeshNode } from '../model/mesh.js'

/** Why two nodes are not peers: the id of the node that forwards between them, or `null` for no way at all. */
type Detour = number | null | undefined

/** Peers directly. */
export const direct = (detour: Detour): boolean => detour === undefined
/** Peers directly, or is reached through a relay. */
export const reachable = (detour: Detour): boolean => detour !== null

/** From a list with one item for each of some nodes, those of the nodes other than `node` that pass. */
export type Others = <T>(items: readonly T[], node: MeshNode, passes: (detour: Detour) => boolean) => T[]

/** Lists for `nodes` of the mesh, without the node itself and without those it does not reach. */
export const othersIn = (mesh: Mesh, nodes: readonly MeshNode[] = mesh.nodes): Others => {
  const places = new Map(nodes.map((node, place) => [node, place]))
  return (items, node, passes) => {
    const own = places.get(node)
    const detours = mesh.detours.get(node.id)
    // Most nodes peer with all others: a copy around one item, without a look at each.
    if (!detours) return own === undefined ? [...items] : items.toSpliced(own, 1)
    return items.filter((_, place) => place !== own && passes(detours.get((nodes[place] as MeshNode).id)))
  }
}
