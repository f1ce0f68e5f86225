import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { readRegular, withSums } from '../../files/index.js'
import { generate } from '../../generate.js'
import type { Mesh } from '../../model/mesh.js'
import { textOf } from '../../render/chunks.js'
import { sumsPath } from '../../render/program.js'
import type { Place } from '../command.js'

/** Larger lists of sums are none. */
const largestSums = 16 * 1024 * 1024

/**
 * By node the sum of the list of sums in its tree: of the tree in a directory, or of the one that would be made now. None
 * where the tree is for review, or there are no keys to make one with.
 */
export const wantedTrees = (
  { directory }: Place,
  mesh: Mesh,
  out: string | null,
  withKeys: boolean,
): ReadonlyMap<string, string> => {
  const trees = new Map<string, string>()
  if (out !== null)
    for (const { name } of mesh.nodes) {
      const bytes = readRegular(resolve(directory, out, name, sumsPath), largestSums)
      if (typeof bytes !== 'string') trees.set(name, sumOf(bytes))
    }
  else if (withKeys)
    for (const { node, files } of withSums(generate(mesh))) {
      const sums = files.find(({ path }) => path === sumsPath)
      if (sums) trees.set(node, sumOf(textOf(sums.content)))
    }
  return trees
}

const sumOf = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex')
