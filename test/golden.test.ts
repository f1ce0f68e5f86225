import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import stringify from 'json-stringify-pretty-compact'
import { describe, expect, test } from 'vitest'
import { compareTree, writeTree } from '../src/files/index.js'
import { draw, load, planMesh, planner, targets, textOf } from '../src/index.js'
import { alikeIn, fixtures, meshOf, treesOf, withoutAlike } from './support/meshes.js'

/**
 * Each fixture's `expected/` is what `gen --public` writes but for what is the same on every node, and `plan.json` what the
 * network is: a change that moves both changed the network, one that moves only files changed their form. What is the
 * same in all of them stands once in `fixtures/every-node/`, under their paths on a node. `mesh.svg` and `mesh.mmd` beside
 * the mesh.ini are what `draw` makes of it. `npm run golden` writes them anew, with the product's own writer; here its own
 * comparison finds every difference, in both directions.
 */
const rewrite = process.env.GOLDEN === 'write' && process.env.CI === undefined

const everyNode = fileURLToPath(new URL('../fixtures/every-node', import.meta.url))
const alikeThere = (): string[] =>
  readdirSync(everyNode, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => `${entry.parentPath}/${entry.name}`.slice(everyNode.length + 1))
    .sort()

test('what is the same on every node is in fixtures/every-node', () => {
  const all = new Map(fixtures.flatMap(fixture => [...alikeIn(treesOf(meshOf(fixture, true)))]))
  if (rewrite) {
    rmSync(everyNode, { recursive: true, force: true })
    for (const [path, text] of all) {
      mkdirSync(dirname(`${everyNode}/${path}`), { recursive: true })
      writeFileSync(`${everyNode}/${path}`, text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 })
    }
  }
  expect(alikeThere()).toEqual([...all.keys()].sort())
})

test('every target is chosen somewhere', () => {
  const chosen = new Set(fixtures.flatMap(fixture => planMesh(meshOf(fixture, true)).targets))
  expect(targets.map(({ name }) => name).filter(name => !chosen.has(name))).toEqual([])
})

describe.each(fixtures)('$name', fixture => {
  const expected = `${fixture.directory}/expected`
  const mesh = meshOf(fixture, true)
  const plans = `${stringify(mesh.nodes.map(planner(mesh)), { maxLength: 300 })}\n`

  test('what is the same on every node is as in fixtures/every-node', () => {
    for (const [path, text] of alikeIn(treesOf(mesh)))
      expect(text).toBe(readFileSync(`${everyNode}/${path}`, 'utf8'))
  })

  test('the rest of the tree is the one in expected/', () => {
    const trees = withoutAlike(treesOf(mesh))
    const changes = rewrite
      ? writeTree(expected, trees, { public: true })
      : compareTree(expected, trees, { public: true })
    expect(changes).toMatchObject({ ok: true, ...(rewrite ? {} : { value: [] }) })
  })

  test('the plans are those in expected/plan.json', () => {
    if (rewrite) writeFileSync(`${expected}/plan.json`, plans)
    expect(plans).toBe(readFileSync(`${expected}/plan.json`, 'utf8'))
  })

  test.each(['svg', 'mermaid'] as const)('the picture in %s is the one that lies there', format => {
    const path = `${fixture.directory}/mesh.${format === 'svg' ? 'svg' : 'mmd'}`
    const drawn = draw(mesh, format)
    if (rewrite) writeFileSync(path, drawn)
    expect(drawn).toBe(readFileSync(path, 'utf8'))
  })
})

test.each([
  ['three-nodes', 'fixtures/meshes/example/mesh.ini'],
  ['twelve-nodes', 'docs/twelve-nodes.ini'],
])('docs/%s.svg is the picture of %s', (name, source) => {
  const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
  const mesh = load({ file: 'mesh.ini', text: readFileSync(at(source), 'utf8') }, 'hidden')
  if (!mesh.ok) throw new Error(`${source} has errors`)
  const drawn = draw(mesh.value)
  if (rewrite) writeFileSync(at(`docs/${name}.svg`), drawn)
  expect(drawn).toBe(readFileSync(at(`docs/${name}.svg`), 'utf8'))
})

/** Where a secret may stand, and in what line. */
const secretLines: readonly (readonly [path: RegExp, line: RegExp])[] = [
  // A node's file, or a client's, which lies in its folder alone.
  [/^(etc\/wireguard\/)?[^/]+\.conf$/, /^((?:PrivateKey|PresharedKey) = )[A-Za-z0-9+/]{43}=$/],
  [/^etc\/ciab\/[^/]+\.next$/, /^(PresharedKey = )[A-Za-z0-9+/]{43}=$/],
  [/^etc\/ciab\/keys\/[^/]+\.(key|psk)$/, /^()[A-Za-z0-9+/]{43}=$/],
  [/^etc\/frr\/frr\.conf$/, /^( neighbor \S+ password )[A-Za-z0-9_-]{43}$/],
]

test('a tree with secrets differs from the one without in nothing but the secrets', () => {
  for (const fixture of fixtures) {
    const open = treesOf(meshOf(fixture)).flatMap(tree => tree.files.map(file => [tree.node, file] as const))
    const hidden = treesOf(meshOf(fixture, true)).flatMap(tree => tree.files)
    open.forEach(([node, file], index) => {
      const lines = textOf(file.content).split('\n')
      const others = textOf(hidden[index]?.content ?? []).split('\n')
      const differing = lines.flatMap((line, at) => (line === others[at] ? [] : [[line, others[at]]]))
      const place = `${fixture.name} ${node} ${file.path}`
      expect([hidden[index]?.path, others.length]).toEqual([file.path, lines.length])
      expect(differing.length > 0, place).toBe(file.secret)
      const [, secret = /^\b$/] = secretLines.find(([path]) => path.test(file.path)) ?? []
      for (const [line, other] of differing) {
        expect(line, place).toMatch(secret)
        expect(other, place).toBe(line?.replace(secret, '$1(hidden)'))
      }
    })
  }
})
