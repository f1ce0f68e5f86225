import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PageParts } from './html.js'

/** The page's program, which was bundled with this one: dist/page/ of the package, wherever this file has come to lie. */
export const programParts = (): Omit<PageParts, 'mesh'> => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder)
  const read = (name: string): string => readFileSync(join(folder, 'dist/page', name), 'utf8')
  return { program: read('program.js'), notices: read('notices.txt') }
}
