import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
  writevSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../diagnostics/index.js'
import type { NodeTree } from '../generate.js'
import { type Chunk, chunk } from '../render/chunks.js'
import {
  type Change,
  type Difference,
  flat,
  type Ground,
  kindOf,
  survey,
  type TreeOptions,
  walk,
} from './compare.js'
import { makeDirectory } from './directory.js'
import { attempt, isErrno } from './fault.js'
import { withLock } from './lock.js'
import { manifestFile, pendingFile, printManifest } from './manifest.js'
import type { OutputDirectory } from './safe-path.js'

/** Every file is written here first and then renamed, so a killed run leaves at most this one behind. */
const draftFile = '.ciab-gen.new'
const lockFile = '.ciab-gen.lock'

/**
 * Brings a directory in line with the trees, node by node: what is the same is not touched, what is no
 * longer wanted goes, and what ciab-gen did not write is left alone.
 */
export const writeTree = (
  directory: string,
  trees: Iterable<NodeTree>,
  options: TreeOptions = {},
): Result<readonly Change[]> =>
  flat(
    attempt(() => {
      // Told first, before anything is made.
      if (!survey(directory, options).directory.exists) makeRoot(directory)
      if (!options.public && readdirSync(directory).length === 0) keepFromGit(directory)
      return whileAlone(directory, () => new TreeWriter(survey(directory, options), options).write(trees))
    }),
  )

const makeRoot = (root: string): void => {
  makeDirectory(root)
  chmodSync(root, 0o755)
}

/** Keys must not end up in version control by an absent-minded "git add". */
const keepFromGit = (root: string): void => {
  try {
    writeFileSync(join(root, '.gitignore'), '# This tree holds private keys.\n*\n', { flag: 'wx' })
  } catch (error) {
    // Another ciab-gen was quicker.
    if (!isErrno(error, 'EEXIST')) throw error
  }
}

/** Where nothing can be written there is nobody to keep out: comparing may still find nothing to do. */
const whileAlone = <T>(root: string, work: () => T): T => {
  let started = false
  const begin = () => {
    started = true
    return work()
  }
  try {
    return withLock(join(root, lockFile), begin)
  } catch (error) {
    if (!started && isErrno(error, 'EROFS', 'EACCES', 'EPERM')) return work()
    throw error
  }
}

class TreeWriter {
  private readonly directory: OutputDirectory
  private readonly draft: string
  private pending: number | null = null

  constructor(
    private readonly ground: Ground,
    private readonly options: TreeOptions,
  ) {
    this.directory = ground.directory
    this.draft = this.directory.resolve(draftFile)
  }

  write(trees: Iterable<NodeTree>): Result<readonly Change[]> {
    try {
      if (this.directory.stat(draftFile)) rmSync(this.draft)
      const { outcome, paths } = walk(this.ground, this.noted(trees), this.options, difference =>
        this.make(difference),
      )
      if (outcome.ok) this.conclude(paths)
      return outcome
    } finally {
      if (this.pending !== null) closeSync(this.pending)
    }
  }

  private make({ path, kind, file, mode, sameContent }: Difference): void {
    const full = this.directory.resolve(path)
    if (file === null) {
      unlinkSync(full)
      this.directory.removeEmptyParents(path)
      return
    }
    if (sameContent) {
      chmodSync(full, mode)
      return
    }
    if (kind === 'created') this.directory.makeParents(path)
    this.put(full, mode, file.content)
  }

  /**
   * Notes down, a node at a time, that the files about to be made are ours, in case this run never gets to
   * write the manifest. One that is there already may be somebody else's, and is not noted.
   */
  private *noted(trees: Iterable<NodeTree>): Generator<NodeTree> {
    for (const tree of trees) {
      const paths = tree.files.map(({ path }) => `${tree.node}/${path}`)
      const made = paths.filter(path => !this.ground.manifest?.paths.has(path) && !this.directory.stat(path))
      if (made.length > 0) this.note(made)
      yield tree
    }
  }

  private note(paths: readonly string[]): void {
    this.pending ??= openSync(
      this.directory.resolve(pendingFile),
      constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0),
      0o644,
    )
    writeSync(this.pending, paths.map(path => `${path}\n`).join(''))
  }

  private put(full: string, mode: number, content: readonly Chunk[]): void {
    try {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
      const descriptor = openSync(this.draft, flags, 0o600)
      try {
        if (mode !== 0o600) fchmodSync(descriptor, mode)
        writeAll(descriptor, content)
      } finally {
        closeSync(descriptor)
      }
      renameSync(this.draft, full)
    } catch (error) {
      rmSync(this.draft, { force: true })
      throw error
    }
  }

  private conclude(paths: ReadonlySet<string>): void {
    const content = printManifest({ kind: kindOf(this.options), paths })
    const before = this.ground.manifest && printManifest(this.ground.manifest)
    const unfinished = this.directory.stat(pendingFile) !== null
    if (content !== before || unfinished || !this.directory.stat(manifestFile))
      this.put(this.directory.resolve(manifestFile), 0o644, [chunk(content)])
    if (unfinished) unlinkSync(this.directory.resolve(pendingFile))
  }
}

/** writev(2) takes at most IOV_MAX pieces, 1024 on Linux and macOS. */
const mostPieces = 1024

/** Writes all chunks; writev may write less than it was given. */
const writeAll = (descriptor: number, content: readonly Chunk[]): void => {
  let from = 0
  let rest: Chunk | null = null
  while (from < content.length) {
    const batch = content.slice(from, from + mostPieces)
    if (rest) batch[0] = rest
    let done = writevSync(descriptor, batch)
    rest = null
    for (const part of batch) {
      if (done < part.length) {
        rest = part.subarray(done)
        break
      }
      done -= part.length
      from++
    }
  }
}
