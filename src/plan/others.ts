import type { Mesh, MeshNode } from '../model/mesh.js'

/** Why two nodes are not peers: the id of the node that forwards between them, or `null` for no way at all. */
type Detour = number | null | undefined

/** Peers directly. */
export const direct = (detour: Detour): boolean => detour === undefined
/** Peers directly, or is reached through a relay. */
export const reachable = (detour: Detour): boolean => detour !== null

/** From a list with one item for each node of the mesh, those of the nodes other than `node` that pass. */
export type Others = <T>(items: readonly T[], node: MeshNode, passes: (detour: Detour) => boolean) => T[]

/** Lists without the node itself, and without those it does not reach. */
export const othersIn = (mesh: Mesh): Others => {
  const places = new Map(mesh.nodes.map((node, place) => [node, place]))
  return (items, node, passes) => {
    const own = places.get(node) as number
    const detours = mesh.detours.get(node.id)
    // Most nodes peer with all others: a copy around one item, without a look at each.
    if (!detours) return items.toSpliced(own, 1)
    return items.filter(
      (_, place) => place !== own && passes(detours.get((mesh.nodes[place] as MeshNode).id)),
    )
  }
}
