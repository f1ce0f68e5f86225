import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundled } from './support/bundled.js'

/**
 * How large what is built may become: bytes, a little above what it is. A number that has to rise is a decision; mostly
 * something came along that nobody meant to bring.
 */
const dist = join(import.meta.dirname, '../dist')

const sizeOf = (folder: string): number =>
  readdirSync(join(dist, folder))
    .filter(name => /\.c?js$/.test(name))
    .reduce((sum, name) => sum + statSync(join(dist, folder, name)).size, 0)

/** A file of the command's and what it imports before it runs. */
const loadedWith = (name: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(name)) return seen
  seen.add(name)
  const text = readFileSync(join(dist, 'bin', name), 'utf8')
  for (const [, other] of text.matchAll(/(?<!return )require\("\.\/([\w-]+\.cjs)"\)/g))
    loadedWith(other as string, seen)
  return seen
}
const weightOf = (name: string): number =>
  [...loadedWith(name)].reduce((sum, file) => sum + statSync(join(dist, 'bin', file)).size, 0)

test('the command', () => {
  expect(sizeOf('bin')).toBeLessThan(1_790_000)
})

test('what it loads to say its version, and what to read a command line', () => {
  expect(weightOf('main.cjs')).toBeLessThan(5_500)
  const commandLine = readdirSync(join(dist, 'bin')).find(name => name.startsWith('command-line-')) as string
  expect(loadedWith(commandLine).size).toBeGreaterThan(3)
  expect(weightOf(commandLine)).toBeLessThan(330_000)
})

test('the library in one piece, as Node loads it, by import and by require', () => {
  for (const [type, program] of [
    [
      'module',
      `import { load } from 'ciab-gen'; import { readMesh } from 'ciab-gen/node'; console.log(typeof load, typeof readMesh)`,
    ],
    ['commonjs', `console.log(typeof require('ciab-gen').load, typeof require('ciab-gen/node').readMesh)`],
  ] as const)
    expect(
      execFileSync(process.execPath, ['--no-warnings', `--input-type=${type}`, '-e', program], {
        cwd: join(dist, '..'),
        encoding: 'utf8',
      }),
    ).toBe('function function\n')
  expect(sizeOf('one-piece')).toBeLessThan(1_640_000)
})

test('the library in a browser: all of it, and the doors', async () => {
  expect(await bundled(`import * as all from './index.js'; console.log(all)`, dist)).toBeLessThan(836_000)
  expect(
    await bundled(
      `import { generate, load, meshOf } from './index.js'; console.log(load, meshOf, generate)`,
      dist,
    ),
  ).toBeLessThan(470_000)
})

test('the program of the page that the command writes', () => {
  expect(sizeOf('page')).toBeLessThan(720_000)
})
