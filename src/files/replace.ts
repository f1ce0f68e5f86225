import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { draftOf, openNew, sweep } from './draft.js'
import { syncDirectory } from './durable.js'
import { isErrno, refuse } from './fault.js'
import { withLockToTheEnd } from './lock/lock.js'
import { readRegular } from './read.js'

/** Runs an edit of a file while no other ciab-gen edits it; leftovers of killed ones are swept up. */
export const whileLocked = <T>(path: string, edit: () => T): T => {
  const real = realOf(path)
  return withLockToTheEnd(`${real}.lock`, () => {
    sweep(dirname(real), basename(real))
    return edit()
  })
}

/**
 * Puts new text in place of a file's in one step: whoever looks, and whatever happens, sees the old or the new.
 *
 * @param before what the new text was made from: a file that has something else by now, since an editor saved it
 *   meanwhile, is left alone. `null` for files that people do not edit.
 */
export const replaceFile = (path: string, text: string, before: string | null): void => {
  const real = realOf(path)
  const { mode, uid, gid } = statSync(real)
  const draft = draftOf(real)
  try {
    writeDraft(draft, text, mode & 0o777)
    // Run by root, the file stays its owner's; for others this changes nothing.
    if (process.getuid?.() === 0) chownSync(draft, uid, gid)
    // As late as can be: our own lock keeps no editor out.
    if (before !== null) requireUnchanged(real, path, before)
    renameSync(draft, real)
  } finally {
    rmSync(draft, { force: true })
  }
  syncDirectory(dirname(real))
}

const requireUnchanged = (real: string, path: string, before: string): void => {
  const bytes = readRegular(real, Number.POSITIVE_INFINITY)
  if (typeof bytes !== 'string' && Buffer.compare(bytes, Buffer.from(before)) === 0) return
  const message = `${basename(path)} was changed while this command ran`
  refuse('file-changed', message, 'run the command again: it has changed nothing')
}

/** Creates a file with its whole content in one step; one that is there already is left alone. */
export const createFile = (path: string, text: string, mode: number): void => {
  const draft = draftOf(path)
  try {
    writeDraft(draft, text, mode)
    place(draft, path, text, mode)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
    refuse('file-exists', `${path} exists already`, 'move it away first, or choose another name')
  } finally {
    rmSync(draft, { force: true })
  }
  syncDirectory(dirname(path))
}

/** A hard link, unlike a rename, never replaces what is there. */
const place = (draft: string, path: string, text: string, mode: number): void => {
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!isErrno(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error
    writeDraft(path, text, mode)
  }
}

/** The file itself where the path is a symbolic link: two names of one file are one file. */
const realOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return path
    throw error
  }
}

/** Writes a file that is not there yet, and waits until it is on the disk. */
const writeDraft = (draft: string, text: string, mode: number): void => {
  const descriptor = openNew(draft, mode & 0o600)
  try {
    fchmodSync(descriptor, mode)
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
