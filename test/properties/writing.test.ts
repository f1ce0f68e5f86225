import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Change, compareTree, writeTree } from '../../src/files/index.js'
import { generate, type OutputFile, textOf } from '../../src/index.js'
import type { Blueprint } from '../arbitraries/blueprint.js'
import { withNode, withoutNode } from '../arbitraries/changes.js'
import { anyMesh, meshOfSeveral } from '../arbitraries/meshes.js'
import { faultsOf, filesOf, meshOf } from '../oracles/tree.js'
import { forAll } from '../support/property.js'

const base = mkdtempSync(join(tmpdir(), 'ciab-writing-'))
afterAll(() => rmSync(base, { recursive: true }))

let count = 0
const fresh = (): string => join(base, `${++count}`)
const runs = 10

const write = (directory: string, blueprint: Blueprint): readonly Change[] => {
  const result = writeTree(directory, generate(meshOf(blueprint)), { public: blueprint.hidden })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

const compare = (directory: string, blueprint: Blueprint): readonly Change[] => {
  const result = compareTree(directory, generate(meshOf(blueprint)), { public: blueprint.hidden })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

/** Every file under the directory: path → what it is. Our own notes about it are left out. */
const found = (directory: string): Map<string, { text: string; mode: number; mtime: number }> =>
  new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter(entry => !entry.isDirectory())
      .map(entry => join(entry.parentPath, entry.name))
      .map(full => [full.slice(directory.length + 1), full] as const)
      .filter(([path]) => path.includes('/'))
      .map(([path, full]) => {
        const { mode, mtimeMs } = lstatSync(full)
        return [path, { text: readFileSync(full, 'utf8'), mode: mode & 0o7777, mtime: mtimeMs }]
      }),
  )

/** Path in the output → the file. A tree for review has each program once, in the mesh's folder. */
const placed = (blueprint: Blueprint): Map<string, OutputFile> =>
  new Map(
    [...filesOf(blueprint)].flatMap(([node, files]) =>
      files.map(file => {
        const once = blueprint.hidden && file.program
        return [once ? `_mesh/programs/${file.path}` : `${node}/${file.path}`, file] as const
      }),
    ),
  )

const wanted = (blueprint: Blueprint): Map<string, string> =>
  new Map([...placed(blueprint)].map(([path, { content }]) => [path, textOf(content)]))

const texts = (directory: string): Map<string, string> =>
  new Map([...found(directory)].map(([path, { text }]) => [path, text]))

/** A long time ago, so that a file that was touched shows. */
const age = (directory: string): void => {
  for (const path of found(directory).keys()) utimesSync(join(directory, path), 1000, 1000)
}

describe('38: writing', () => {
  test('lays down the tree, byte for byte and with its modes', () =>
    forAll(
      anyMesh,
      blueprint => {
        const directory = fresh()
        const changes = write(directory, blueprint)
        const written = found(directory)
        expect(texts(directory)).toEqual(wanted(blueprint))
        expect(changes.every(({ kind }) => kind === 'created')).toBe(true)
        expect(changes.map(({ path }) => path).sort()).toEqual([...wanted(blueprint).keys()].sort())
        for (const [path, { mode }] of placed(blueprint)) {
          const open = mode & 0o111 ? 0o755 : 0o644
          expect(written.get(path)?.mode).toBe(blueprint.hidden ? open : mode)
        }
      },
      runs,
    ))

  test('again changes nothing, and touches nothing', () =>
    forAll(
      anyMesh,
      blueprint => {
        const directory = fresh()
        write(directory, blueprint)
        expect(compare(directory, blueprint)).toEqual([])
        age(directory)
        expect(write(directory, blueprint)).toEqual([])
        for (const { mtime } of found(directory).values()) expect(mtime).toBe(1_000_000)
      },
      runs,
    ))

  test('another mesh changes what differs, as compare said, and no other file', () =>
    forAll(
      meshOfSeveral,
      blueprint => {
        const directory = fresh()
        const [first, last] = [blueprint.nodes[0], blueprint.nodes.at(-1)]
        if (!first || !last || first === last) return
        const changed = withNode(withoutNode(blueprint, last.name), first.name, { keepalive: 99 })
        if (faultsOf(changed).length > 0) return
        write(directory, blueprint)
        age(directory)
        const before = texts(directory)
        const announced = compare(directory, changed)
        expect(texts(directory)).toEqual(before)
        expect(write(directory, changed)).toEqual(announced)
        expect(texts(directory)).toEqual(wanted(changed))
        for (const [path, { text, mtime }] of found(directory))
          expect([path, mtime === 1_000_000]).toEqual([path, text === before.get(path)])
      },
      runs,
    ))

  test('mends what was changed by hand: text and mode', () =>
    forAll(
      anyMesh,
      blueprint => {
        const directory = fresh()
        write(directory, blueprint)
        const [first, second] = [...found(directory).keys()]
        writeFileSync(join(directory, first as string), 'by hand\n')
        chmodSync(join(directory, second as string), 0o666)
        const changes = write(directory, blueprint)
        expect(changes.map(({ path, kind }) => `${kind} ${path}`).sort()).toEqual(
          [`changed ${first}`, `changed ${second}`].sort(),
        )
        expect(compare(directory, blueprint)).toEqual([])
      },
      runs,
    ))
})

describe('39: what ciab-gen did not write', () => {
  test('stays as it is beside the tree, also where nodes go', () =>
    forAll(
      meshOfSeveral,
      blueprint => {
        const directory = fresh()
        const [first] = blueprint.nodes
        if (!first || blueprint.nodes.length < 2) return
        const without = withoutNode(blueprint, first.name)
        if (faultsOf(without).length > 0) return
        write(directory, blueprint)
        const mine = [`${first.name}/etc/ciab/mine.txt`, `${first.name}/notes`, 'elsewhere/etc/frr/frr.conf']
        for (const path of mine) {
          mkdirSync(join(directory, path, '..'), { recursive: true })
          writeFileSync(join(directory, path), 'mine\n')
          utimesSync(join(directory, path), 1000, 1000)
        }
        symlinkSync('/etc/passwd', join(directory, 'elsewhere/link'))
        write(directory, without)
        for (const path of mine) {
          expect(readFileSync(join(directory, path), 'utf8')).toBe('mine\n')
          expect(lstatSync(join(directory, path)).mtimeMs).toBe(1_000_000)
        }
        expect(lstatSync(join(directory, 'elsewhere/link')).isSymbolicLink()).toBe(true)
        const left = [...found(directory).keys()].filter(path => path.startsWith(`${first.name}/`))
        expect(left.sort()).toEqual(mine.slice(0, 2).sort())
      },
      runs,
    ))

  test('is not written over: a file or link where one of ours is to be stops the run, and stays', () =>
    forAll(
      anyMesh,
      blueprint => {
        for (const kind of ['file', 'link', 'parent'] as const) {
          const directory = fresh()
          const outside = fresh()
          mkdirSync(outside, { recursive: true })
          const path = [...wanted(blueprint).keys()].at(-1) as string
          const place = join(directory, kind === 'parent' ? (path.split('/')[0] as string) : path)
          mkdirSync(join(place, '..'), { recursive: true })
          if (kind === 'file') writeFileSync(place, 'mine\n')
          else symlinkSync(outside, place)
          const result = writeTree(directory, generate(meshOf(blueprint)), { public: blueprint.hidden })
          expect(result.ok).toBe(false)
          expect(readdirSync(outside)).toEqual([])
          if (kind === 'file') expect(readFileSync(place, 'utf8')).toBe('mine\n')
          else expect(lstatSync(place).isSymbolicLink()).toBe(true)
        }
      },
      5,
    ))
})
