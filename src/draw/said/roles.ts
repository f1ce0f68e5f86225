import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { Links } from '../links.js'

/** What is special about a node beside its addresses. */
export interface Roles {
  /** Nobody outside its site dials it. */
  readonly behindNat: boolean
  readonly reflector: boolean
  /** Pairs that it forwards between. */
  readonly relays: readonly (readonly [MeshNode, MeshNode])[]
}

/** The roles of every node. */
export const rolesIn = (mesh: Mesh, { detours }: Links): ReadonlyMap<MeshNode, Roles> => {
  const relays = new Map<MeshNode, [MeshNode, MeshNode][]>()
  for (const { a, b, relay } of detours) if (relay) relays.set(relay, [...(relays.get(relay) ?? []), [a, b]])
  return new Map(
    mesh.nodes.map(node => [
      node,
      {
        behindNat: node.endpoints.length === 0,
        reflector: node.reflector,
        relays: relays.get(node) ?? [],
      },
    ]),
  )
}
