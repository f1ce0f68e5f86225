import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OutputFile, textOf } from '../../src/index.js'
import { ask } from './judge.js'

/** What BIND's own checkers say about zone files and named.conf, but for "loaded serial N" and "OK". */
export const complaintsOf = (files: readonly OutputFile[]): string => {
  const directory = mkdtempSync(join(tmpdir(), 'ciab-zones-'))
  try {
    for (const { path, content } of files)
      writeFileSync(join(directory, path.split('/').at(-1) as string), textOf(content))
    // Many zones, one process of ours.
    const script = `cd "$1" || exit 1
      for file in db.*; do named-checkzone "\${file#db.}" "$file" || echo "refused $file"; done
      [ ! -e named.conf ] || named-checkconf named.conf || echo 'refused named.conf'`
    const { status, output } = ask('sh', ['-c', script, '-', directory])
    const said = output.replace(/^zone \S+\/IN: loaded serial \d+\nOK\n/gm, '')
    return status === 0 ? said : `${status} ${said}`
  } finally {
    rmSync(directory, { recursive: true })
  }
}
