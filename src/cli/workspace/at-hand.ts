import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Sources } from '../../diagnostics/index.js'
import { machineNames } from '../../edit/index.js'
import { expectationsIn } from '../../expect/index.js'
import { readKeys, readMesh } from '../../files/index.js'
import { meshFolder, sourceCopy } from '../../generate.js'
import { load } from '../../load.js'
import type { Mesh, Secrets } from '../../model/mesh.js'
import { parse } from '../../parse/parse.js'
import type { Expectation } from '../../verify/index.js'
import type { Place } from '../command.js'
import { isKeyless } from './keyless.js'
import { homeOf } from './loading.js'

/** A mesh.ini beside files that are read, and what it expects of them. */
export interface AtHand {
  /** As diagnostics call it. */
  readonly file: string
  readonly mesh: Mesh
  readonly expectations: readonly Expectation[]
  readonly sources: Sources
}

/**
 * The mesh.ini that a tree is held against: that of the place, and where there is none the copy that the tree holds itself.
 * `null` where there is neither; a sentence where it is of no use, for files are looked at whatever it says.
 */
export const meshAtHand = (place: Place, tree: string, nodes: readonly string[]): AtHand | string | null => {
  const { directory } = place
  const file = [place.file, join(tree, meshFolder, sourceCopy)].find(one =>
    existsSync(resolve(directory, one)),
  )
  if (file === undefined) return null
  const read = readMesh(directory, file)
  const spec = read.ok ? parse(read.value) : read
  const unused = (why: string): string => `${file}: ${why}, so nothing was held against it`
  if (!read.ok || !spec.ok) return unused('"ciab-gen check" says what is wrong with it')
  const mesh = load(read.value, secretsFor(place, read.value))
  if (!mesh.ok) return unused('"ciab-gen check" says what is wrong with it')
  if (!mesh.value.nodes.some(({ name }) => nodes.includes(name)))
    return unused('no folder is of a node of it')
  return {
    file,
    mesh: mesh.value,
    expectations: expectationsIn(spec.value, mesh.value),
    sources: { [file]: read.value.text },
  }
}

/** Keys say whose a tunnel is; without them the public ones in mesh.ini do. */
const secretsFor = (place: Place, source: { readonly file: string; readonly text: string }): Secrets => {
  if (source.file !== place.file) return 'hidden'
  const ring = readKeys(homeOf(place), machineNames(source.text))
  return ring.ok && !isKeyless(source, ring.value) ? ring.value : 'hidden'
}
