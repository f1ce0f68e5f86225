// How long the command takes to say its version and to check ten nodes, and the library to load, beside node that does
// nothing. They run in turn, round after round, and what counts is how much longer than node each took in its round:
// the clock, and the processor, which is nearly the same on a machine that is busy with other things. The rightmost
// column is that in times of what bare node needs.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cli, median, run, timed } from './measure.mjs'

const rounds = Number(process.argv[2] ?? 41)
const mesh = mkdtempSync(join(tmpdir(), 'ciab-gen-start-'))
const servers = Array.from({ length: 10 }, (_, index) => `node${index + 1}=203.0.113.${index + 1}`)
run(process.execPath, [cli, 'init', '-C', mesh, '--nodes', servers.join()])

const root = fileURLToPath(new URL('..', import.meta.url))
const programs = [
  ['node -e 0', ['-e', '0']],
  ['ciab-gen --version', [cli, '--version'], 30],
  ['check of 10 nodes', [cli, 'check', '-C', mesh], 120],
  ['import of the library', ['--input-type=module', '-e', "import 'ciab-gen'"]],
  ['its modules apart', ['--input-type=module', '-e', "import './dist/index.js'"]],
]
const times = programs.map(() => [])
for (let round = 0; round < rounds; round++)
  for (const [at, [, args]] of programs.entries()) times[at].push(timed(process.execPath, args, root))
rmSync(mesh, { recursive: true })

const bare = times[0]
const more = (runs, key) => median(runs.map((one, round) => one[key] - bare[round][key]))
const cell = number => `${number.toFixed(0)} ms`.padStart(9)
console.log('                            clock  processor  + clock  + processor  times node')
for (const [at, [name, , most]] of programs.entries()) {
  const runs = times[at]
  const columns = [
    name.padEnd(23),
    cell(median(runs.map(one => one.clock))),
    cell(median(runs.map(one => one.processor))).padStart(10),
  ]
  if (at > 0)
    columns.push(
      cell(more(runs, 'clock')),
      cell(more(runs, 'processor')).padStart(11),
      (more(runs, 'processor') / median(bare.map(one => one.processor))).toFixed(2).padStart(10),
      most ? `at most ${most} ms more` : '',
    )
  console.log(columns.join(' ').trimEnd())
}
