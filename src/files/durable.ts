import { closeSync, constants, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { isErrno } from './fault.js'

/** Waits until the names in a directory are on the disk, as those of a rename must be to outlast a power cut. */
export const syncDirectory = (directory: string): void => {
  const descriptor = openSync(directory, constants.O_RDONLY)
  try {
    fsyncSync(descriptor)
  } catch (error) {
    // Some network file systems have no fsync for directories.
    if (!isErrno(error, 'EINVAL', 'ENOTSUP', 'EBADF', 'EPERM')) throw error
  } finally {
    closeSync(descriptor)
  }
}

/** The same for the directories that `path` lies in, up to `root`. */
export const syncParents = (path: string, root: string): void => {
  for (let at = dirname(path); at.startsWith(root); at = dirname(at)) {
    syncDirectory(at)
    if (at === root) return
  }
}
