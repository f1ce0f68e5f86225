// Whole-process `gen` beside `cp -r` of the same tree on the same file system, in the same run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cli, median, run } from './measure.mjs'

const sizes = (process.argv[2] ?? '3,200,1000').split(',').map(Number)
const rounds = Number(process.argv[3] ?? 5)
const base = process.argv[4] ?? tmpdir()

/** A mesh where every node has an endpoint, so that all pairs peer: the largest files there are. */
const makeMesh = (directory, count) => {
  run(process.execPath, [cli, '-C', directory, 'init', '--count', String(count), '--format', 'node%04d'])
  const file = join(directory, 'mesh.ini')
  let node = 0
  const address = () => `20.0.${++node >> 8}.${node & 255}`
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replaceAll('= none', () => `= ${address()}`),
  )
}

console.log('nodes  cp -r     gen, cold      ratio  memory   gen, unchanged  ratio')
for (const size of sizes) {
  const directory = mkdtempSync(join(base, 'ciab-gen-bench-'))
  try {
    makeMesh(directory, size)
    const gen = () => run(process.execPath, [cli, '-C', directory, 'gen', '-o', 'out'], { memory: true })
    const cold = []
    const copies = []
    const unchanged = []
    for (let round = 0; round < rounds; round++) {
      rmSync(join(directory, 'out'), { recursive: true, force: true })
      cold.push(gen())
      unchanged.push(gen())
      rmSync(join(directory, 'copy'), { recursive: true, force: true })
      copies.push(run('cp', ['-r', join(directory, 'out'), join(directory, 'copy')]))
    }
    const of = (runs, key) => median(runs.map(one => one[key]))
    const copy = of(copies, 'milliseconds')
    const row = [
      String(size).padStart(5),
      `${copy.toFixed(0)} ms`.padEnd(8),
      `${of(cold, 'milliseconds').toFixed(0)} ms`.padEnd(13),
      (of(cold, 'milliseconds') / copy).toFixed(2).padEnd(5),
      `${of(cold, 'megabytes').toFixed(0)} MB`.padEnd(7),
      `${of(unchanged, 'milliseconds').toFixed(0)} ms`.padEnd(14),
      (of(unchanged, 'milliseconds') / copy).toFixed(2),
    ]
    console.log(row.join('  '))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
