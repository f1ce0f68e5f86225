import { closeSync, constants, openSync, readSync } from 'node:fs'
import type { Diagnostic, Result } from '../diagnostics/index.js'
import type { NodeTree } from '../generate.js'
import type { Chunk } from '../render/chunks.js'
import type { OutputFile } from '../render/target.js'
import { attempt, refuse } from './fault.js'
import { type Cover, coverOf, eachLeftOut } from './ignore.js'
import { type Manifest, readManifest, type TreeKind } from './manifest.js'
import { readRegular } from './read.js'
import { alikeOnce } from './review/review.js'
import { type Found, OutputDirectory } from './safe-path.js'
import { withSums } from './sums.js'

/** A difference between the files wanted and those there. */
export interface Change {
  /** Relative to the output directory. */
  readonly path: string
  readonly kind: 'created' | 'changed' | 'removed'
}

export interface TreeOptions {
  /** A tree for review: no secrets, so readable for all, and what is the same on every node once. */
  readonly public?: boolean
  /** Only these nodes are generated; what was written for others stays. */
  readonly only?: readonly string[] | undefined
  /** The version of ciab-gen that writes, for the manifest. */
  readonly generator?: string
}

/** A difference, with what is needed to show or to make it. */
export interface Difference extends Change {
  /** What is wanted, or `null` where the file is to go. */
  readonly file: OutputFile | null
  readonly mode: number
  /** Only the mode differs. */
  readonly sameContent: boolean
}

/** What a walk over a tree works on. */
export interface Ground {
  readonly directory: OutputDirectory
  readonly manifest: Manifest | null
  /** What keeps keys out of version control; `whole` where there are none. */
  readonly cover: Cover
}

/** The differences between the trees wanted and the directory. Writes nothing. */
export const compareTree = (
  directory: string,
  trees: Iterable<NodeTree>,
  options: TreeOptions = {},
  see: (difference: Difference, directory: OutputDirectory) => void = () => {},
): Result<readonly Change[]> =>
  flat(
    attempt(() => {
      const ground = survey(directory, options)
      return walk(ground, asWritten(trees, options, ground), options, difference =>
        see(difference, ground.directory),
      ).outcome
    }),
  )

/** The version of ciab-gen that a directory was written by; `null` where there is none, or nobody knows. */
export const generatorOf = (root: string, options: TreeOptions): Result<string | null> =>
  attempt(() => survey(root, options).manifest?.generator ?? null)

/** Opens the directory and reads its manifest. */
export const survey = (root: string, options: TreeOptions): Ground => {
  const directory = new OutputDirectory(root)
  const kind = kindOf(options)
  const manifest = directory.exists ? readManifest(directory, kind) : null
  if (manifest && manifest.kind !== kind && manifest.paths.size > 0) {
    const [holds, wanted] =
      kind === 'public' ? ['secrets', 'one without'] : ['no secrets', 'one with secrets']
    refuse(
      'tree-kind',
      `${root} holds a tree with ${holds}, and ${wanted} is to be written`.replace('with no', 'without'),
      'give the two different directories with -o',
    )
  }
  return {
    directory,
    manifest,
    cover: options.public || !directory.exists ? 'whole' : coverOf(root, manifest),
  }
}

/** The trees as they lie in the directory. */
export const asWritten = (
  trees: Iterable<NodeTree>,
  options: TreeOptions,
  { cover }: Ground,
): Iterable<NodeTree> => {
  if (options.public) return alikeOnce(trees, options.only !== undefined)
  const summed = withSums(trees)
  return cover === 'folders' ? eachLeftOut(summed) : summed
}

export const kindOf = (options: TreeOptions): TreeKind => (options.public ? 'public' : 'secret')

/** Result of a walk: the changes, and the paths that are the directory's from now on. */
export interface Walk {
  readonly outcome: Result<readonly Change[]>
  readonly paths: ReadonlySet<string>
}

/** Visits every difference, node by node; once something stands in the way, it only looks on and reports. */
export const walk = (
  { directory, manifest }: Ground,
  trees: Iterable<NodeTree>,
  options: TreeOptions,
  visit: (difference: Difference) => void,
): Walk => {
  const changes: Change[] = []
  const conflicts: Diagnostic[] = []
  const paths = new Set<string>()
  const take = (difference: Difference) => {
    if (conflicts.length > 0) return
    visit(difference)
    changes.push({ path: difference.path, kind: difference.kind })
  }
  for (const { node, files } of trees)
    for (const file of files) {
      const path = `${node}/${file.path}`
      if (paths.has(path)) throw new Error(`two files have the path ${path}`)
      paths.add(path)
      const mode = options.public ? publicMode(file.mode) : file.mode
      const result = attempt(() => differenceOf(directory, manifest, path, file, mode))
      if (!result.ok) {
        // One link or file in the way stands in that of all the files behind it.
        const known = new Set(conflicts.map(({ message }) => message))
        conflicts.push(...result.diagnostics.filter(({ message }) => !known.has(message)))
      } else if (result.value) take(result.value)
      if (conflicts.length >= 20) return { outcome: { ok: false, diagnostics: conflicts }, paths }
    }
  const kept = options.only && new Set(options.only)
  for (const path of [...(manifest?.paths ?? [])].sort()) {
    if (paths.has(path)) continue
    if (kept && !kept.has(path.slice(0, path.indexOf('/')))) paths.add(path)
    else if (directory.stat(path)?.isDirectory() === false)
      take({ path, kind: 'removed', file: null, mode: 0, sameContent: false })
  }
  return {
    outcome:
      conflicts.length > 0
        ? { ok: false, diagnostics: conflicts }
        : { ok: true, value: changes, warnings: [] },
    paths,
  }
}

export const flat = <T>(result: Result<Result<T>>): Result<T> => (result.ok ? result.value : result)

const publicMode = (mode: number): number => ((mode & 0o111) === 0 ? 0o644 : 0o755)

const differenceOf = (
  directory: OutputDirectory,
  manifest: Manifest | null,
  path: string,
  wanted: OutputFile,
  mode: number,
): Difference | null => {
  const found = directory.stat(path)
  if (!found) return { path, kind: 'created', file: wanted, mode, sameContent: false }
  const full = directory.resolve(path)
  const hint = 'move it away, or choose another directory with -o'
  if (found.isSymbolicLink()) refuse('unsafe-path', `${full} is a symbolic link`, hint)
  if (!found.isFile()) refuse('not-ours', `${full} is not a regular file`, hint)
  const file = revised(wanted, full)
  const sameContent = hasContent(full, found, file.content)
  if (!sameContent && !manifest?.paths.has(path))
    refuse('not-ours', `${full} was not written by ciab-gen, and differs from what is to be written`, hint)
  const sameMode = process.platform === 'win32' || (found.mode & 0o7777) === mode
  return sameContent && sameMode ? null : { path, kind: 'changed', file, mode, sameContent }
}

/** The file as it follows from what is there: one that counts its changes goes on from that count. */
export const revised = (file: OutputFile, path: string): OutputFile => {
  if (!file.revise) return file
  const bytes = readRegular(path, largestRevised)
  return typeof bytes === 'string'
    ? file
    : { ...file, content: file.revise(Buffer.from(bytes).toString('utf8')) }
}

/** Far more than the zone of any mesh. */
const largestRevised = 64 * 1024 * 1024

const buffer = Buffer.allocUnsafe(1 << 20)

/** Whether the file has exactly these bytes; read into one buffer that all files share. */
const hasContent = (path: string, found: Found, content: readonly Chunk[]): boolean => {
  let length = 0
  for (const part of content) length += part.length
  if (found.size !== length) return false
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | constants.O_NONBLOCK)
  try {
    let filled = 0
    let used = 0
    for (const part of content)
      for (let done = 0; done < part.length; ) {
        if (used === filled) {
          filled = readSync(descriptor, buffer, 0, buffer.length, null)
          used = 0
          if (filled === 0) return false
        }
        const size = Math.min(part.length - done, filled - used)
        if (buffer.compare(part, done, done + size, used, used + size) !== 0) return false
        done += size
        used += size
      }
    return true
  } finally {
    closeSync(descriptor)
  }
}
