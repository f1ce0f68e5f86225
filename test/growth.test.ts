import { join } from 'node:path'
import { expect, test } from 'vitest'
import { load } from '../src/load.js'

const { meshes } = (await import(join(import.meta.dirname, '../bench/meshes.mjs'))) as {
  meshes: Readonly<Record<string, (nodes: number) => string>>
}

const none = { privateKeys: new Map(), presharedSeed: null }

/** Milliseconds of the processor, the least of a few tries: others that run meanwhile count for nothing. */
const cost = (text: string): number =>
  Math.min(
    ...Array.from({ length: 3 }, () => {
      const begun = process.cpuUsage()
      expect(load({ file: 'mesh.ini', text }, none)).toMatchObject({ ok: true })
      return process.cpuUsage(begun).user / 1000
    }),
  )

// Four times the nodes cost 4.7 times as much by N log N, and 16 times as much by N².
test.each([
  ['reflectors', 1000],
  ['l3', 1000],
  ['allowed-ips', 400],
])('check grows no faster than N log N: %s', (shape, size) => {
  const text = meshes[shape] as (nodes: number) => string
  cost(text(size))
  expect(cost(text(size * 4)) / cost(text(size))).toBeLessThan(8)
})
