import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './alive.js'

/** Removes drafts that killed processes left beside a file. */
export const sweep = (directory: string, file: string): void => {
  for (const name of readdirSync(directory)) {
    const pid = name.startsWith(`.${file}`) ? /\.([0-9]{1,10})\.tmp$/.exec(name)?.[1] : undefined
    if (pid === undefined) continue
    const running = Number(pid) !== process.pid && isAlive({ pid: Number(pid), start: null })
    if (!running) rmSync(join(directory, name), { force: true })
  }
}
