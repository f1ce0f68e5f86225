import type { Mesh, MeshNode } from '../model/mesh.js'

/** What can differ of a node that is in both meshes. */
export type NodeAspect = keyof MeshNode

/**
 * What can differ of the mesh as a whole. Detours follow from the nodes, as name servers may, and keys of single pairs
 * are secrets.
 */
export type MeshAspect = Exclude<
  keyof Mesh,
  'nodes' | 'detours' | 'pinnedPresharedKeys' | 'nameServers' | 'domainWritten'
>

/** A node before and after: `null` where it was not there, or is no longer. */
export interface NodeChange {
  readonly before: MeshNode | null
  readonly after: MeshNode | null
  /** What differs; empty where it is as before, came or went. */
  readonly aspects: ReadonlySet<NodeAspect>
}

/** Two meshes side by side. */
export interface MeshChange {
  readonly before: Mesh
  readonly after: Mesh
  readonly aspects: ReadonlySet<MeshAspect>
  /** Every node of either, those that are there now in order of id, then those that went. */
  readonly nodes: readonly NodeChange[]
}

/**
 * What differs between two meshes. A node that has its public key still, or the one that was staged for it, or
 * its id, is the same node, whatever it is called. Of secrets only whether there are some is looked at: the older
 * mesh may hide its own.
 */
export const changesBetween = (before: Mesh, after: Mesh): MeshChange => {
  const known = sameNodes(before, after)
  const gone = new Set(before.nodes)
  const stayed = after.nodes.map((node): NodeChange => {
    const old = known.get(node) ?? null
    if (old) gone.delete(old)
    return { before: old, after: node, aspects: old ? differing<NodeAspect>(old, node) : new Set() }
  })
  const left = [...gone].map((node): NodeChange => ({ before: node, after: null, aspects: new Set() }))
  const { nodes: _, detours, pinnedPresharedKeys, nameServers, domainWritten, ...rest } = after
  return {
    before,
    after,
    aspects: differing<MeshAspect>(before, rest),
    nodes: [...stayed, ...left],
  }
}

/** The node that each was before: by key first, since an id may have been given to another. */
const sameNodes = (before: Mesh, after: Mesh): ReadonlyMap<MeshNode, MeshNode> => {
  const byKey = new Map<string, MeshNode>()
  for (const node of before.nodes) if (node.nextPublicKey) byKey.set(node.nextPublicKey, node)
  for (const node of before.nodes) byKey.set(node.publicKey, node)
  const byId = new Map(before.nodes.map(node => [node.id, node]))
  const known = new Map<MeshNode, MeshNode>()
  const taken = new Set<MeshNode>()
  const take = (node: MeshNode, old: MeshNode | undefined): void => {
    if (!old || known.has(node) || taken.has(old)) return
    known.set(node, old)
    taken.add(old)
  }
  for (const node of after.nodes) take(node, byKey.get(node.publicKey))
  for (const node of after.nodes) take(node, byId.get(node.id))
  return known
}

/** Those of which it counts whether they are there: what they are nobody is shown. */
const secrets = new Set(['privateKey', 'presharedSeed', 'sessionPassword'])

const differing = <Aspect extends string>(
  before: { readonly [Key in Aspect]: unknown },
  after: { readonly [Key in Aspect]: unknown },
): ReadonlySet<Aspect> =>
  new Set(
    (Object.keys(after) as Aspect[]).filter(aspect =>
      secrets.has(aspect)
        ? (before[aspect] === null) !== (after[aspect] === null)
        : textOf(before[aspect]) !== textOf(after[aspect]),
    ),
  )

/** JSON has no maps. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (part instanceof Map ? [...part] : part)) ?? ''
