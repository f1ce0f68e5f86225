import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../diagnostics/index.js'
import { syncDirectory } from './durable.js'
import { isErrno } from './fault.js'
import { leaveOut } from './ignore.js'

/** The directory of secrets, beside mesh.ini. */
export const keysFolder = 'keys'

/** Makes it where it is not there: for its owner alone, and not for version control. */
export const makeKeysFolder = (directory: string): void => {
  const folder = join(directory, keysFolder)
  try {
    mkdirSync(folder, { mode: 0o700 })
    chmodSync(folder, 0o700)
    syncDirectory(directory)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  }
  leaveOut(folder)
}

/** That other users can enter it, whoever made it so. */
export const keysFolderFaults = (directory: string): Diagnostic[] => {
  const mode = openModeOf(join(directory, keysFolder))
  return mode === null ? [] : [fault(mode, `chmod 700 ${keysFolder}`)]
}

/** Closes it to other users and to git, and says what was open. Where it cannot be changed, that is said. */
export const mendKeysFolder = (directory: string): Diagnostic[] => {
  const folder = join(directory, keysFolder)
  const mode = openModeOf(folder)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) leaveOut(folder)
  if (mode === null) return []
  try {
    chmodSync(folder, 0o700)
    return [fault(mode, 'nothing to do: its mode is 0700 now')]
  } catch (error) {
    if (!isErrno(error, 'EROFS', 'EACCES', 'EPERM')) throw error
    return keysFolderFaults(directory)
  }
}

/** The mode of a directory that others can enter, or `null`. */
const openModeOf = (folder: string): number | null => {
  const found = process.platform === 'win32' ? undefined : statSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() && (found.mode & 0o077) !== 0 ? found.mode & 0o7777 : null
}

const fault = (mode: number, hint: string): Diagnostic => {
  const could = (mode & 0o022) !== 0 ? 'change' : 'look into'
  const message = `${keysFolder}/ has mode 0${mode.toString(8)}, so that other users of this machine can ${could} it`
  return { severity: 'warning', code: 'key-mode', message, span: null, hint }
}
