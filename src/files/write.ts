import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Result } from '../diagnostics/index.js'
import type { NodeTree } from '../generate.js'
import { type Chunk, chunk } from '../render/chunks.js'
import type { OutputFile } from '../render/target.js'
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
import { sweep } from './draft.js'
import { syncDirectory, syncParents } from './durable.js'
import { attempt, isErrno } from './fault.js'
import { ignoreFile, leaveOut } from './ignore.js'
import { withLock } from './lock/lock.js'
import { manifestFile, pendingFile, printManifest } from './manifest.js'
import { newFiles } from './put-new.js'
import { OutputDirectory } from './safe-path.js'

/**
 * Every file, and the folder of a node that has none yet, is written in here first and then renamed: nobody sees
 * half of either, and a killed run leaves at most this behind, which git and other users do not look into.
 */
const workshopName = '.ciab-gen.new'
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
      return whileAlone(directory, () => {
        if (!options.public) sweep(directory, ignoreFile)
        const ground = survey(directory, options)
        if (ground.cover === 'unsaid') leaveOut(directory)
        return new TreeWriter(ground, options).write(asWritten(trees, options, ground))
      })
    }),
  )

const makeRoot = (root: string): void => {
  makeDirectory(root)
  chmodSync(root, 0o755)
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

/** Whether a file counts its changes. What else is in a tree is written again by the next run where it is lost. */
const counts = (file: OutputFile): boolean => file.revise !== undefined

class TreeWriter {
  private readonly directory: OutputDirectory
  private readonly workshop: string
  private readonly draft: string
  private opened = false
  /** What must outlast a power cut in the folder that is being made. */
  private durable: string[] = []
  /** The folder of a node as it is made, where the node has none yet. */
  private folder: OutputDirectory | null = null
  private pending: number | null = null
  private readonly putNew = newFiles()

  constructor(
    private readonly ground: Ground,
    private readonly options: TreeOptions,
  ) {
    this.directory = ground.directory
    this.workshop = this.directory.resolve(workshopName)
    this.draft = join(this.workshop, 'draft')
  }

  write(trees: Iterable<NodeTree>): Result<readonly Change[]> {
    try {
      if (this.directory.stat(workshopName)) this.sweep()
      const { outcome, paths } = walk(this.ground, this.announced(trees), this.options, difference =>
        this.make(difference),
      )
      if (outcome.ok) this.conclude(paths)
      return outcome
    } finally {
      if (this.opened) this.close()
      if (this.pending !== null) closeSync(this.pending)
    }
  }

  private make({ path, kind, file, mode, sameContent }: Difference): void {
    if (this.folder && file) {
      this.open()
      this.folder.makeParents(file.path)
      const full = this.folder.resolve(file.path)
      this.putNew(full, mode, file.content, counts(file))
      if (counts(file)) this.durable.push(full)
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
    this.replace(full, mode, file.content, counts(file))
  }

  /** The trees one at a time; what is made for one is put in its place when the next is asked for. */
  private *announced(trees: Iterable<NodeTree>): Generator<NodeTree> {
    for (const tree of trees) {
      const isNew = this.directory.exists && this.directory.stat(tree.node) === null
      this.note(tree, isNew)
      if (isNew) this.folder = new OutputDirectory(this.draft, true)
      yield tree
      if (this.folder?.exists) this.settle(this.directory.resolve(tree.node))
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

  /** Gives the folder that was made its place. */
  private settle(full: string): void {
    for (const file of this.durable) syncParents(file, this.draft)
    renameSync(this.draft, full)
    if (this.durable.length > 0) syncDirectory(this.directory.root)
    this.durable = []
  }

  private replace(full: string, mode: number, content: readonly Chunk[], durable: boolean): void {
    this.open()
    try {
      this.putNew(this.draft, mode, content, durable)
      renameSync(this.draft, full)
      if (durable) syncDirectory(dirname(full))
    } catch (error) {
      rmSync(this.draft, { force: true })
      throw error
    }
  }

  /** Where nothing can be written, what a killed run left stays: comparing may still find nothing to do. */
  private sweep(): void {
    try {
      this.close()
    } catch (error) {
      if (!isErrno(error, 'EROFS', 'EACCES', 'EPERM')) throw error
    }
  }

  private open(): void {
    if (this.opened) return
    mkdirSync(this.workshop, { mode: 0o700 })
    this.opened = true
    leaveOut(this.workshop)
  }

  private close(): void {
    rmSync(this.workshop, { recursive: true, force: true })
    this.opened = false
  }

  /** Of a tree that was written in part another version made the rest. */
  private generator(): string | null {
    const before = this.options.only ? this.ground.manifest?.generator : undefined
    return before ?? this.options.generator ?? null
  }

  private conclude(paths: ReadonlySet<string>): void {
    const content = printManifest({
      kind: kindOf(this.options),
      paths,
      generator: this.generator(),
    })
    const before = this.ground.manifest && printManifest(this.ground.manifest)
    const unfinished = this.directory.stat(pendingFile) !== null
    if (content !== before || unfinished || !this.directory.stat(manifestFile))
      this.replace(this.directory.resolve(manifestFile), 0o644, [chunk(content)], true)
    if (unfinished) unlinkSync(this.directory.resolve(pendingFile))
  }
}
