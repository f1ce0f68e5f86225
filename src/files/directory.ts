import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { isErrno } from './fault.js'

/**
 * Makes a directory, and those it lies in. Node's own `recursive` does this too, but never ends where a
 * directory that is there says that nothing can be in it, as /proc does.
 */
export const makeDirectory = (path: string): void => {
  try {
    makeOne(path)
  } catch (error) {
    if (!isErrno(error, 'ENOENT') || dirname(path) === path) throw error
    makeDirectory(dirname(path))
    makeOne(path)
  }
}

const makeOne = (path: string): void => {
  try {
    mkdirSync(path, { mode: 0o755 })
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  }
}
