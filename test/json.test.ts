import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { main } from '../src/cli/main.js'
import { fixtures } from './support/meshes.js'

const page = readFileSync(new URL('../docs/json.md', import.meta.url), 'utf8')

/** Path → kinds of value, as a table of the page has them. */
const told = (region: string): Map<string, string[]> => {
  const [, text = ''] = new RegExp(`<!-- generated: ${region} -->\n([\\s\\S]*?)<!-- end -->`).exec(page) ?? []
  return new Map(
    [...text.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, path = '', is = '']) => [
      path,
      is.trim().split(' or '),
    ]),
  )
}

/** Adds what a value is to the paths; `NAME` stands for keys that are names. */
const look = (
  value: unknown,
  at: string,
  known: ReadonlyMap<string, unknown>,
  seen: Map<string, Set<string>>,
): void => {
  const is = value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
  if (at !== '' && !at.endsWith('[]')) seen.set(at, (seen.get(at) ?? new Set()).add(is))
  if (Array.isArray(value)) for (const one of value) look(one, `${at}[]`, known, seen)
  else if (is === 'object')
    for (const [key, one] of Object.entries(value ?? {})) {
      const [path, named] = [key, 'NAME'].map(word => (at === '' ? word : `${at}.${word}`)) as [
        string,
        string,
      ]
      look(one, known.has(named) ? named : path, known, seen)
    }
}

const printed = async (directory: string, ...words: readonly string[]): Promise<unknown[]> => {
  let text = ''
  const silent = { isTerminal: false, write: () => {} }
  await main(['-C', directory, ...words], {
    stdout: {
      isTerminal: false,
      write: more => {
        text += more
      },
    },
    stderr: silent,
    stdin: async () => '',
    env: {},
    cwd: directory,
    randomBytes: size => new Uint8Array(size),
  })
  return JSON.parse(text) as unknown[]
}

test.each([
  ['keys of a plan', ['plan']],
  ['keys of show', ['show', '--json']],
] as const)(
  '%s: what is printed of all fixtures is what docs/json.md says, and all of that is printed',
  async (region, words) => {
    const keys = told(region)
    expect(keys.size).toBeGreaterThan(10)
    const seen = new Map<string, Set<string>>()
    for (const { directory } of fixtures)
      for (const one of await printed(directory, ...words)) look(one, '', keys, seen)
    expect([...seen.keys()].filter(path => !keys.has(path))).toEqual([])
    expect([...keys.keys()].filter(path => !seen.has(path))).toEqual([])
    for (const [path, found] of seen)
      expect(
        [...found].filter(is => !keys.get(path)?.includes(is)),
        path,
      ).toEqual([])
  },
  60_000,
)
