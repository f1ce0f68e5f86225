// How long the command takes to say its version and to check ten nodes, and the library to load, beside node that does
// nothing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cli, median, run } from './measure.mjs'

const mesh = mkdtempSync(join(tmpdir(), 'ciab-gen-start-'))
const servers = Array.from({ length: 10 }, (_, index) => `node${index + 1}=203.0.113.${index + 1}`)
run(process.execPath, [cli, 'init', '-C', mesh, '--nodes', servers.join()])

const times = args => median(Array.from({ length: 21 }, () => run(process.execPath, args).milliseconds))
const bare = times(['-e', '0'])
console.log(`${'node -e 0'.padEnd(23)}${bare.toFixed(0)} ms`)
const library = new URL('../dist/index.js', import.meta.url).href
for (const [name, args] of [
  ['ciab-gen --version', [cli, '--version']],
  ['check of 10 nodes', [cli, 'check', '-C', mesh]],
  ['import of the library', ['-e', `import('${library}')`]],
]) {
  const time = times(args)
  console.log(`${name.padEnd(23)}${time.toFixed(0)} ms (+${(time - bare).toFixed(0)} ms)`)
}
rmSync(mesh, { recursive: true })
