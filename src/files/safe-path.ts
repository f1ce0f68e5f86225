import { chmodSync, lstatSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory } from './directory.js'
import { isErrno, refuse } from './fault.js'

const hint = 'move it away, or choose another directory with -o'

/** What is told of a path: of node's own, so that who has the library's types needs none of node's. */
export interface Found {
  readonly mode: number
  readonly size: number
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

/** What a directory is; in a `new` one, made a moment ago, there is nothing that was not written since. */
type Known = 'directory' | 'new' | 'absent'

/**
 * The output directory. Paths in it are relative, with `/`; none leads out of it, be it by `..` or by
 * a symbolic link on the way.
 */
export class OutputDirectory {
  private readonly known = new Map<string, Known>()
  /** What a path inside begins with. A safe path needs no other joining, and there are many. */
  private readonly start: string

  /** `unmade`: nothing is there, and all that ever will be comes from this run. */
  constructor(
    readonly root: string,
    private readonly unmade = false,
  ) {
    this.start = join(root, '/')
    const found = unmade ? null : statOf(root)
    if (found?.isSymbolicLink())
      refuse('unsafe-path', `${root} is a symbolic link`, 'give the directory it points to with -o')
    if (found && !found.isDirectory()) refuse('file-write', `${root} is not a directory`, hint)
    this.known.set('', found ? 'directory' : 'absent')
  }

  get exists(): boolean {
    return this.known.get('') !== 'absent'
  }

  /** The full path of `path`, once nothing on the way to it leads elsewhere. */
  resolve(path: string): string {
    requireSafe(path)
    this.look(parentOf(path))
    return this.start + path
  }

  /** What was at `path` before this run, not following a link, or `null` for nothing. */
  stat(path: string): Found | null {
    requireSafe(path)
    return this.look(parentOf(path)) === 'directory' ? statOf(this.start + path) : null
  }

  /** Makes the directories that `path` lies in, readable for all whatever the umask: what is secret has its own mode. */
  makeParents(path: string): void {
    const parent = parentOf(path)
    if (this.look(parent) !== 'absent') return
    if (parent === '') makeDirectory(this.root)
    else {
      this.makeParents(parent)
      mkdirSync(this.start + parent, { mode: 0o755 })
    }
    chmodSync(this.start + parent, 0o755)
    this.known.set(parent, parent === '' && !this.unmade ? 'directory' : 'new')
  }

  /** Removes the directories that `path` lay in as far as they are empty now; the root stays. */
  removeEmptyParents(path: string): void {
    for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
      try {
        rmdirSync(this.start + parent)
      } catch (error) {
        if (isErrno(error, 'ENOENT')) continue
        if (isErrno(error, 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EBUSY')) return
        throw error
      }
      this.known.set(parent, 'absent')
    }
  }

  private look(directory: string): Known {
    const known = this.known.get(directory)
    if (known) return known
    const answer = this.look(parentOf(directory)) === 'directory' ? this.lookAt(directory) : 'absent'
    this.known.set(directory, answer)
    return answer
  }

  private lookAt(directory: string): Known {
    const path = this.start + directory
    const found = statOf(path)
    if (!found) return 'absent'
    if (found.isSymbolicLink()) refuse('unsafe-path', `${path} is a symbolic link`, hint)
    if (!found.isDirectory()) refuse('not-ours', `${path} is not a directory`, hint)
    return 'directory'
  }
}

/** Refuses a path that is absolute, or has an empty, `.` or `..` part, a backslash or a control character. */
export const requireSafe = (path: string): void => {
  const parts = path.split('/')
  if (parts.every(part => !['', '.', '..'].includes(part)) && !unsafeCharacter.test(path)) return
  refuse(
    'unsafe-path',
    `${JSON.stringify(path)} is not a path inside the output directory`,
    'delete the entry',
  )
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const unsafeCharacter = /[\u0000-\u001f\u007f\\]/

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

const statOf = (path: string): Found | null => lstatSync(path, { throwIfNoEntry: false }) ?? null
