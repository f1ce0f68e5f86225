import { meshFolder, type NodeTree } from '../../generate.js'
import { type Chunk, joined } from '../../render/chunks.js'
import type { OutputFile } from '../../render/target.js'
import { notesOnce } from './notes-once.js'

/**
 * Where a tree for review has what is the same on every node. What is under it lies as under a node's root, so that a
 * node has on its disk what its own folder holds and, of this one, what its notes name.
 */
export const everyNode = 'every-node'

/**
 * The trees as a reviewer reads them: what differs between nodes in the folder of each, and what does not once, in the
 * mesh's folder. A file there with two texts is a bug of ours. Of some nodes alone the notes are left out: whether they
 * say something new, the others' tell.
 */
export function* alikeOnce(trees: Iterable<NodeTree>, some: boolean): Generator<NodeTree> {
  const nodes: string[] = []
  const alike = new Map<string, OutputFile>()
  let ofMesh: NodeTree = { node: meshFolder, files: [] }
  for (const tree of trees) {
    if (tree.node === meshFolder) {
      ofMesh = tree
      continue
    }
    nodes.push(tree.node)
    for (const file of tree.files) if (file.alike) once(alike, file)
    yield { ...tree, files: tree.files.filter(({ alike }) => !alike) }
  }
  const files = [...alike.values()].map(file => ({ ...file, path: `${everyNode}/${file.path}` }))
  const notes = new Set(nodes.map(node => `${node}.md`))
  const rest = some ? ofMesh.files.filter(({ path }) => !notes.has(path)) : notesOnce(nodes, ofMesh.files)
  const all = [...rest, ...files]
  if (all.length > 0) yield { ...ofMesh, files: all }
}

const once = (alike: Map<string, OutputFile>, file: OutputFile): void => {
  if (file.secret || file.revise) throw new Error(`${file.path} is not the same everywhere`)
  const known = alike.get(file.path)
  if (!known) alike.set(file.path, file)
  else if (known.mode !== file.mode || !sameBytes(known.content, file.content))
    throw new Error(`two nodes have different files at ${file.path}`)
}

/** Nodes mostly share the chunks themselves. */
const sameBytes = (one: readonly Chunk[], other: readonly Chunk[]): boolean =>
  (one.length === other.length && one.every((part, index) => part === other[index])) ||
  Buffer.compare(joined(one), joined(other)) === 0
