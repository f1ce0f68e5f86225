import type { NodeTree } from '../generate.js'
import { textOf } from '../render/chunks.js'
import { isRead, type NodeFolder } from '../verify/index.js'

/** Trees in memory as the folders that `verify` reads; of clients and of the mesh there is nothing in them. */
export const foldersOf = (trees: Iterable<NodeTree>): NodeFolder[] => [...eachFolder(trees)]

/** One at a time, as the trees are made. */
export function* eachFolder(trees: Iterable<NodeTree>): Generator<NodeFolder> {
  for (const { node, files, notes } of trees) {
    // Only nodes are installed, so only they have notes on it.
    if (!notes) continue
    yield {
      name: node,
      files: files
        .filter(({ path }) => isRead(path))
        .map(({ path, content }) => ({ file: `${node}/${path}`, text: textOf(content) })),
    }
  }
}
