import {
  chmodSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../diagnostics/index.js'
import type { NodeTree } from '../generate.js'
import { type Chunk, chunk } from '../render/chunks.js'
import {
  asWritten,
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
import { newFiles } from './put-new.js'
import { OutputDirectory } from './safe-path.js'

/**
 * Every file, and the folder of a node that has none yet, is written here first and then renamed: nobody sees
 * half of either, and a killed run leaves at most this behind.
 */
const draftName = '.ciab-gen.new'
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
      return whileAlone(directory, () =>
        new TreeWriter(survey(directory, options), options).write(asWritten(trees, options)),
      )
    }),
  )

const makeRoot = (root: string): void => {
  makeDirectory(root)
  chmodSync(root, 0o755)
}

/** Keys must not end up in version control by an absent-minded "git add". */
const keepFromGit = (root: string): void => {
  try {
    writeFileSync(join(root, '.gitignore'), '# This tree holds private keys.\n*\n', {
      flag: 'wx',
      mode: 0o644,
    })
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
  /** The folder of a node as it is made, where the node has none yet. */
  private folder: OutputDirectory | null = null
  private pending: number | null = null
  private readonly putNew = newFiles()

  constructor(
    private readonly ground: Ground,
    private readonly options: TreeOptions,
  ) {
    this.directory = ground.directory
    this.draft = this.directory.resolve(draftName)
  }

  write(trees: Iterable<NodeTree>): Result<readonly Change[]> {
    try {
      if (this.directory.stat(draftName)) this.sweep()
      const { outcome, paths } = walk(this.ground, this.announced(trees), this.options, difference =>
        this.make(difference),
      )
      if (outcome.ok) this.conclude(paths)
      return outcome
    } finally {
      if (this.folder) this.discard()
      if (this.pending !== null) closeSync(this.pending)
    }
  }

  private make({ path, kind, file, mode, sameContent }: Difference): void {
    if (this.folder && file) {
      this.folder.makeParents(file.path)
      this.putNew(this.folder.resolve(file.path), mode, file.content)
      return
    }
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
    this.replace(full, mode, file.content)
  }

  /** The trees one at a time; what is made for one is put in its place when the next is asked for. */
  private *announced(trees: Iterable<NodeTree>): Generator<NodeTree> {
    for (const tree of trees) {
      const isNew = this.directory.exists && this.directory.stat(tree.node) === null
      this.note(tree, isNew)
      if (isNew) this.folder = new OutputDirectory(this.draft, true)
      yield tree
      if (this.folder?.exists) renameSync(this.draft, this.directory.resolve(tree.node))
      this.folder = null
    }
  }

  /**
   * Notes down that the files about to be made are ours, in case this run never gets to write the manifest.
   * One that is there already may be somebody else's, and is not noted.
   */
  private note({ node, files }: NodeTree, isNew: boolean): void {
    const known = this.ground.manifest?.paths
    let made = ''
    for (const file of files) {
      const path = `${node}/${file.path}`
      if (!known?.has(path) && (isNew || !this.directory.stat(path))) made += `${path}\n`
    }
    if (made === '') return
    this.pending ??= openSync(
      this.directory.resolve(pendingFile),
      constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0),
      0o644,
    )
    writeSync(this.pending, made)
  }

  private replace(full: string, mode: number, content: readonly Chunk[]): void {
    try {
      this.putNew(this.draft, mode, content)
      renameSync(this.draft, full)
    } catch (error) {
      this.discard()
      throw error
    }
  }

  /** Where nothing can be written, what a killed run left stays: comparing may still find nothing to do. */
  private sweep(): void {
    try {
      this.discard()
    } catch (error) {
      if (!isErrno(error, 'EROFS', 'EACCES', 'EPERM')) throw error
    }
  }

  private discard(): void {
    rmSync(this.draft, { recursive: true, force: true })
  }

  private conclude(paths: ReadonlySet<string>): void {
    const content = printManifest({ kind: kindOf(this.options), paths })
    const before = this.ground.manifest && printManifest(this.ground.manifest)
    const unfinished = this.directory.stat(pendingFile) !== null
    if (content !== before || unfinished || !this.directory.stat(manifestFile))
      this.replace(this.directory.resolve(manifestFile), 0o644, [chunk(content)])
    if (unfinished) unlinkSync(this.directory.resolve(pendingFile))
  }
}
