import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeTree } from '../generate.js'
import { chunk } from '../render/chunks.js'
import type { OutputFile } from '../render/target.js'
import { attempt } from './fault.js'
import type { Manifest } from './manifest.js'
import { readRegular } from './read.js'
import { createFile } from './replace.js'

/** gitignore(5): keys must not end up in version control by an absent-minded "git add". */
export const ignoreFile = '.gitignore'

const everything = '# Private keys are not for version control.\n*\n'

/** How a directory's keys are kept out of git. */
export type Cover =
  /** It is left out as a whole already. */
  | 'whole'
  /** It has nothing but what ciab-gen writes, and is to be left out as a whole. */
  | 'unsaid'
  /** It has other files, or a .gitignore of somebody else's: each folder with keys says it for itself. */
  | 'folders'

/** What keeps an output directory's keys out of git. */
export const coverOf = (root: string, manifest: Manifest | null): Cover => {
  const bytes = readRegular(join(root, ignoreFile), 1 << 20)
  if (bytes !== 'absent')
    return typeof bytes !== 'string' && leavesOutAll(Buffer.from(bytes).toString('utf8'))
      ? 'whole'
      : 'folders'
  const ours = new Set([...(manifest?.paths ?? [])].map(path => path.slice(0, path.indexOf('/'))))
  const foreign = readdirSync(root).filter(
    name => !ours.has(name) && !/^\.(ciab-gen\..*|(git)?keep)$/.test(name),
  )
  return foreign.length === 0 ? 'unsaid' : 'folders'
}

const leavesOutAll = (text: string): boolean => {
  const lines = text.split(/\r?\n/)
  return (
    lines.includes('*') &&
    lines.every(line => !line.startsWith('!') || /^!\/?\.(gitignore|(git)?keep)$/.test(line))
  )
}

/**
 * Leaves all of a directory out, in one step: half of this would leave nothing out. A .gitignore that is there stays as
 * it is. Where none can be written nothing else can, and that is said then.
 */
export const leaveOut = (directory: string): void => {
  const path = join(directory, ignoreFile)
  if (!lstatSync(path, { throwIfNoEntry: false })) attempt(() => createFile(path, everything, 0o644))
}

const ofFolder: OutputFile = { path: ignoreFile, mode: 0o644, secret: false, content: [chunk(everything)] }

/** The trees, where a folder with keys in it leaves itself out. */
export function* eachLeftOut(trees: Iterable<NodeTree>): Generator<NodeTree> {
  for (const tree of trees)
    yield tree.files.some(({ secret }) => secret) ? { ...tree, files: [ofFolder, ...tree.files] } : tree
}
