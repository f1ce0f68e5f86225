import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readMesh, readRegular } from '../../files/index.js'
import { meshFolder, sourceCopy } from '../../generate.js'
import { type Carried, clientsBefore, type MeshChange } from '../../impact/index.js'
import { load } from '../../load.js'
import type { Mesh } from '../../model/mesh.js'
import type { Source } from '../../parse/parse.js'
import { largestSource } from '../../parse/scan.js'
import { UsageError } from '../arguments.js'
import type { Place } from '../command.js'
import { need } from '../output/report.js'
import type { MeshAndText } from './compared.js'

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

/** The file that a client had in the tree, by the name that it has now; before that is overwritten. */
export const clientFilesBefore = (
  { directory }: Place,
  out: string,
  change: MeshChange | null,
): ((client: string) => string | null) => {
  const old = change ? clientsBefore(change.before, change.after) : new Map<string, Carried>()
  return name => {
    const folder = old.get(name)?.client.name
    if (folder === undefined || !change) return null
    const bytes = readRegular(resolve(directory, out, folder, `${change.after.name}.conf`), largestSource)
    return typeof bytes === 'string' ? null : Buffer.from(bytes).toString('utf8')
  }
}

/** The mesh that a tree was made of, where there has to be one, with its text. */
export const meshHeld = (place: Place, out: string): MeshAndText => {
  const file = `${out}/${meshFolder}/${sourceCopy}`
  if (!existsSync(resolve(place.directory, file)))
    throw new UsageError(
      `there is no ${file}, which would be the older mesh.ini`,
      'run ciab-gen gen first, or name another with --from FILE or --from git:HEAD',
    )
  return meshOf(place, file)
}

/** The mesh of an older mesh.ini: a file, or `git:REV`, which is the one of the same path at that revision. */
export const meshOf = (place: Place, from: string): MeshAndText => {
  const source = from.startsWith('git:')
    ? inGit(place, from.slice('git:'.length))
    : need(readMesh(place.directory, from, 'give the older mesh.ini with --from FILE or --from git:HEAD'))
  return { mesh: need(load(source, 'hidden'), { [source.file]: source.text }), text: source.text }
}

/** Without a shell; and a revision is no option, whatever it begins with. */
const inGit = ({ directory, file }: Place, revision: string): Source => {
  try {
    const text = execFileSync('git', ['show', '--end-of-options', `${revision}:./${file}`], {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: largestSource,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return { file: `${file} at ${revision}`, text }
  } catch {
    throw new UsageError(
      `git has no ${file} at "${revision}" here`,
      'name a revision that has one, HEAD or main say',
    )
  }
}
