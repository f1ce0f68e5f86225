import { endpointFor, likenessOf } from '../model/dialing.js'
import { isRouter } from '../model/members.js'
import type { Mesh, MeshNode } from '../model/mesh.js'

/** Two nodes that are peers of WireGuard's. */
export interface Tunnel {
  readonly a: MeshNode
  readonly b: MeshNode
  /** Who dials: both can, or only one of them. */
  readonly dials: 'both' | 'a' | 'b'
  /** Whether the two have a session of BGP's. */
  readonly session: boolean
}

/** Two nodes that are no peers. */
export interface Detour {
  readonly a: MeshNode
  readonly b: MeshNode
  /** Who forwards between them, or `null` where nobody does. */
  readonly relay: MeshNode | null
}

/** All pairs of a mesh. */
export interface Links {
  readonly tunnels: readonly Tunnel[]
  readonly detours: readonly Detour[]
}

/** Every pair of nodes once, in the order of ids. */
export const linksOf = (mesh: Mesh): Links => {
  const { nodes } = mesh
  const byId = new Map(nodes.map(node => [node.id, node]))
  const dials = dialing(nodes)
  const reflected = nodes.some(({ reflector }) => reflector)
  const routers = nodes.map(isRouter)
  const tunnels: Tunnel[] = []
  const detours: Detour[] = []
  nodes.forEach((a, at) => {
    for (let other = at + 1; other < nodes.length; other++) {
      const b = nodes[other] as MeshNode
      const relay = mesh.detours.get(a.id)?.get(b.id)
      if (relay !== undefined) {
        detours.push({ a, b, relay: relay === null ? null : (byId.get(relay) ?? null) })
        continue
      }
      const [there, back] = [dials(at, other), dials(other, at)]
      const session =
        routers[at] === true && routers[other] === true && (!reflected || a.reflector || b.reflector)
      tunnels.push({ a, b, dials: there && back ? 'both' : there ? 'a' : 'b', session })
    }
  })
  return { tunnels, detours }
}

/** Whether one node, by its place, dials another; looked at once for all that are alike. */
const dialing = (nodes: readonly MeshNode[]): ((from: number, to: number) => boolean) => {
  const kinds = new Map<string, number>()
  const kindOf = nodes.map(node => {
    const likeness = likenessOf(node)
    const kind = kinds.get(likeness) ?? kinds.size
    kinds.set(likeness, kind)
    return kind
  })
  const known = new Map<number, boolean>()
  return (from, to) => {
    const pair = (kindOf[from] as number) * kinds.size + (kindOf[to] as number)
    const found = known.get(pair)
    if (found !== undefined) return found
    const answer = endpointFor(nodes[from] as MeshNode, nodes[to] as MeshNode) !== null
    known.set(pair, answer)
    return answer
  }
}
