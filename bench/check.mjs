// How `check` grows with the mesh, in whole processes. What is quadratic shows in the last column, which stays
// where it is for N log N.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cli, run } from './measure.mjs'
import { meshes } from './meshes.mjs'

const sizes = (process.argv[2] ?? '1250,5000,20000').split(',').map(Number)
const shapes = process.argv[3]?.split(',') ?? Object.keys(meshes)

console.log('shape        nodes  check     processor  memory   processor / (N log N)')
for (const shape of shapes)
  for (const size of sizes) {
    const directory = mkdtempSync(join(tmpdir(), 'ciab-check-bench-'))
    try {
      writeFileSync(join(directory, 'mesh.ini'), meshes[shape](size))
      const { milliseconds, processor, megabytes } = run(process.execPath, [cli, '-C', directory, 'check'], {
        memory: true,
      })
      const row = [
        shape.padEnd(11),
        String(size).padStart(5),
        `${milliseconds.toFixed(0)} ms`.padEnd(8),
        `${processor.toFixed(0)} ms`.padEnd(9),
        `${megabytes.toFixed(0)} MB`.padEnd(7),
        `${((processor * 1000) / size / Math.log2(size)).toFixed(1)} µs`,
      ]
      console.log(row.join('  '))
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
