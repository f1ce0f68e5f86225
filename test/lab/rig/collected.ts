import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRead, type NodeFolder } from '../../../src/verify/index.js'
import type { Host } from './host.js'

/** What is brought together from nodes for `verify`, by the directories that docs/verify.md names. */
const directories = ['etc/wireguard', 'etc/frr', 'etc/ciab', 'etc/systemd/network', 'etc/netplan']

/** The files of each node as they lie on it now: what apply.sh and hands have made of them, not what `gen` wrote. */
export const collectedFrom = (hosts: readonly Host[]): NodeFolder[] =>
  hosts.map(({ name, machine }) => ({
    name,
    files: directories
      .flatMap(directory => filesIn(`${machine.root}/${directory}`))
      .map(path => path.slice(machine.root.length + 1))
      .filter(isRead)
      .map(path => ({ file: `${name}/${path}`, text: readFileSync(`${machine.root}/${path}`, 'utf8') })),
  }))

const filesIn = (directory: string): string[] => {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
