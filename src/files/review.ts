import { meshFolder, type NodeTree } from '../generate.js'
import { type Chunk, joined } from '../render/chunks.js'
import type { OutputFile } from '../render/target.js'

/**
 * Where a tree for review has the programs. What is under it lies as under a node's root, so that a node has on its
 * disk what its own folder holds and, of this one, what its notes name.
 */
export const programsFolder = 'programs'

/**
 * The trees as a reviewer reads them: what differs between nodes in the folder of each, and each program once, in the
 * mesh's folder. A program with two texts is none, and a bug of ours.
 */
export function* programsOnce(trees: Iterable<NodeTree>): Generator<NodeTree> {
  const programs = new Map<string, OutputFile>()
  let ofMesh: NodeTree = { node: meshFolder, files: [] }
  for (const tree of trees) {
    if (tree.node === meshFolder) {
      ofMesh = tree
      continue
    }
    for (const file of tree.files) if (file.program) once(programs, file)
    yield { ...tree, files: tree.files.filter(({ program }) => !program) }
  }
  const files = [...programs.values()].map(file => ({ ...file, path: `${programsFolder}/${file.path}` }))
  if (ofMesh.files.length + files.length > 0) yield { ...ofMesh, files: [...ofMesh.files, ...files] }
}

const once = (programs: Map<string, OutputFile>, file: OutputFile): void => {
  if (file.secret || file.revise) throw new Error(`the program ${file.path} is not the same everywhere`)
  const known = programs.get(file.path)
  if (!known) programs.set(file.path, file)
  else if (known.mode !== file.mode || !sameBytes(known.content, file.content))
    throw new Error(`two nodes have different programs at ${file.path}`)
}

/** Nodes mostly share the chunks themselves. */
const sameBytes = (one: readonly Chunk[], other: readonly Chunk[]): boolean =>
  (one.length === other.length && one.every((part, index) => part === other[index])) ||
  Buffer.compare(joined(one), joined(other)) === 0
