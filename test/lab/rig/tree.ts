import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The files generated for one node, by path below its root, with what tells one version from another. */
export type Tree = ReadonlyMap<string, string>

export const readTree = (root: string): Tree => {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
  return new Map(
    files.map(file => [
      file.slice(root.length + 1),
      `${(statSync(file).mode & 0o7777).toString(8)}\n${readFileSync(file, 'utf8')}`,
    ]),
  )
}

/** What differs between two versions of a node's tree. */
export const changes = (before: Tree, after: Tree): { written: string[]; removed: string[] } => ({
  written: [...after.keys()].filter(path => before.get(path) !== after.get(path)),
  removed: [...before.keys()].filter(path => !after.has(path)),
})
