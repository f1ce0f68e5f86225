import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { shuffle } from '../arbitraries/changes.js'
import { meshOfSeveral } from '../arbitraries/meshes.js'
import { printMesh } from '../arbitraries/print.js'

const directory = mkdtempSync(join(tmpdir(), 'ciab-places-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** Prints a digest of all trees. It runs what `npm test` has built, in a process of its own. */
const program = `
  import { createHash } from 'node:crypto'
  import { readFileSync } from 'node:fs'
  import { generate, load, privateKeyOf } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).pathname)}
  const hash = text => createHash('sha256').update(text).digest()
  const tree = createHash('sha256')
  for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
    const names = [...text.matchAll(/^\\[node (.*)\\]$/gm)].map(([, name]) => name)
    const privateKeys = new Map(names.map(name => [name, privateKeyOf(hash(name))]))
    const loaded = load({ file: 'mesh.ini', text }, { privateKeys, presharedSeed: hash('seed') })
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics) + text)
    for (const { node, files } of generate(loaded.value))
      for (const { path, mode, content } of files) {
        tree.update(node + path + mode)
        for (const part of content) tree.update(part)
      }
  }
  console.log(tree.digest('hex'))
`

test('32: the same bytes in another language, time zone and directory, and from another order', () => {
  const entry = join(directory, 'entry.mjs')
  writeFileSync(entry, program)
  // Each of its own, so that the nodes of one keep no key that the program does not know.
  const meshes = fc.sample(meshOfSeveral, 12).map(mesh => ({
    ...mesh,
    nodes: mesh.nodes.map(node => ({ ...node, keyOnNode: false })),
  }))
  const run = (env: Record<string, string>, cwd: string, texts: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(process.execPath, [entry], {
      cwd,
      env: { PATH: process.env.PATH ?? '', ...env },
      input: JSON.stringify(texts),
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    return stdout
  }
  const here = run(
    { LC_ALL: 'C', TZ: 'UTC' },
    '/',
    meshes.map(mesh => printMesh(mesh)),
  )
  expect(here).toMatch(/^[0-9a-f]{64}\n$/)
  expect(
    run(
      { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' },
      directory,
      meshes.map((mesh, at) => printMesh(mesh, shuffle(at))),
    ),
  ).toBe(here)
})
