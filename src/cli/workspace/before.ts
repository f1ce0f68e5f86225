import { resolve } from 'node:path'
import { readRegular } from '../../files/index.js'
import { load, meshFolder, sourceCopy } from '../../generate.js'
import type { Mesh } from '../../model/mesh.js'
import { largestSource } from '../../parse/scan.js'
import type { Place } from '../command.js'

/**
 * The mesh that a tree was made of, by the mesh.ini in it; `null` where the tree has none, or one that this
 * ciab-gen refuses. It is looked at before it is overwritten, and without keys: those of then may be gone.
 */
export const meshBefore = ({ directory }: Place, out: string): Mesh | null => {
  const bytes = readRegular(resolve(directory, out, meshFolder, sourceCopy), largestSource)
  if (typeof bytes === 'string') return null
  const loaded = load({ file: sourceCopy, text: Buffer.from(bytes).toString('utf8') }, 'hidden')
  return loaded.ok ? loaded.value : null
}
