import { createHash } from 'node:crypto'
import type { Change } from '../../files/index.js'
import { generate, type NodeTree } from '../../generate.js'
import type { MeshChange } from '../../impact/index.js'
import type { ClientPlan } from '../../model/client-plan.js'
import type { Mesh } from '../../model/mesh.js'
import { textOf } from '../../render/chunks.js'
import type { NodeNotes } from '../../render/notes.js'

/** What comes by the way when trees are made. */
export interface Seen {
  readonly notes: Map<string, NodeNotes>
  readonly clients: Map<string, ClientPlan>
}

/** Keeps the notes of the trees that pass, and what clients' are made of. */
export function* seeing({ notes, clients }: Seen, trees: Iterable<NodeTree>): Generator<NodeTree> {
  for (const tree of trees) {
    if (tree.client) clients.set(tree.node, tree.client)
    if (tree.notes) notes.set(tree.node, tree.notes)
    yield tree
  }
}

/** A mesh, with the text that it was read from. */
export interface MeshAndText {
  readonly mesh: Mesh
  readonly text: string
}

/**
 * How the trees of two meshes differ, in order of path; both have their secrets hidden. A node that has another name is
 * compared with itself.
 */
export const treesBetween = (
  before: MeshAndText,
  after: MeshAndText,
  { nodes }: MeshChange,
  seen: Seen,
): Change[] => {
  const names = new Map(
    nodes.flatMap(one => (one.before && one.after ? [[one.before.name, one.after.name] as const] : [])),
  )
  const old = sumsOf(generate(before.mesh, { source: before.text }), names)
  const now = sumsOf(seeing(seen, generate(after.mesh, { source: after.text })), new Map())
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path): Change[] => {
    const [was, is] = [old.get(path), now.get(path)]
    if (was === is) return []
    return [{ path, kind: was === undefined ? 'created' : is === undefined ? 'removed' : 'changed' }]
  })
}

/** Of each file only a sum: the trees of a large mesh are larger than memory. */
const sumsOf = (trees: Iterable<NodeTree>, names: ReadonlyMap<string, string>): Map<string, string> => {
  const sums = new Map<string, string>()
  for (const { node, files } of trees)
    for (const { path, content } of files)
      sums.set(
        `${names.get(node) ?? node}/${path}`,
        createHash('sha256').update(textOf(content)).digest('base64'),
      )
  return sums
}
