import { randomBytes } from 'node:crypto'
import { constants, openSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isAlive } from './lock/alive.js'

/**
 * Where the next content of a file is written, beside it. In two containers two processes may have the same
 * number, so that is not all that the name has.
 */
export const draftOf = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.${process.pid}.tmp`)

const newOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

/** Opens a file that is not there yet. A link that somebody put in its place is not followed. */
export const openNew = (path: string, mode: number): number => openSync(path, newOnly, mode)

/** Removes drafts that killed processes left beside a file. */
export const sweep = (directory: string, file: string): void => {
  for (const name of readdirSync(directory)) {
    const pid = name.startsWith(`.${file}`) ? /\.([0-9]{1,10})\.tmp$/.exec(name)?.[1] : undefined
    if (pid === undefined) continue
    const running = Number(pid) !== process.pid && isAlive({ pid: Number(pid), start: null, namespace: null })
    if (!running) rmSync(join(directory, name), { force: true })
  }
}
