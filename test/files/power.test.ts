import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** What was done to files, in order; a descriptor stands for the path that it was opened by. */
const log: { readonly what: 'write' | 'sync' | 'name'; readonly path: string; readonly from?: string }[] = []

vi.mock('node:fs', async importOriginal => {
  const fs = await importOriginal<typeof import('node:fs')>()
  const paths = new Map<number, string>()
  const path = (file: unknown): string => (typeof file === 'number' ? (paths.get(file) ?? '?') : String(file))
  return {
    ...fs,
    openSync: (...args: Parameters<typeof fs.openSync>) => {
      const descriptor = fs.openSync(...args)
      paths.set(descriptor, String(args[0]))
      return descriptor
    },
    writeFileSync: (...args: Parameters<typeof fs.writeFileSync>) => {
      log.push({ what: 'write', path: path(args[0]) })
      fs.writeFileSync(...args)
    },
    writevSync: (...args: Parameters<typeof fs.writevSync>) => {
      log.push({ what: 'write', path: path(args[0]) })
      return fs.writevSync(...args)
    },
    fsyncSync: (descriptor: number) => {
      log.push({ what: 'sync', path: path(descriptor) })
      fs.fsyncSync(descriptor)
    },
    renameSync: (from: string, to: string) => {
      fs.renameSync(from, to)
      log.push({ what: 'name', path: to, from })
    },
    linkSync: (from: string, to: string) => {
      fs.linkSync(from, to)
      log.push({ what: 'name', path: to, from })
    },
  }
})

const { main } = await import('../../src/cli/main.js')

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ciab-power-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

let drawn = 0
const run = async (line: string): Promise<void> => {
  log.length = 0
  let said = ''
  const output = {
    isTerminal: false,
    write: (text: string) => {
      said += text
    },
  }
  const code = await main(line.split(' '), {
    stdout: output,
    stderr: output,
    stdin: async () => '',
    env: {},
    cwd: home,
    randomBytes: size => new Uint8Array(size).fill(++drawn),
  })
  if (code !== 0) throw new Error(said)
}

/**
 * Whether a power cut at any moment leaves the old file or the new one: what got the name was on the disk first, and
 * the name is on the disk before the command goes on to anything else that counts.
 */
const outlasts = (file: string): boolean => {
  const named = log.findLastIndex(
    ({ what, path }) => what === 'name' && (path === file || file.startsWith(`${path}/`)),
  )
  if (named < 0) return false
  const { path, from = '' } = log[named] as (typeof log)[number]
  const moved = from + file.slice(path.length)
  // A key that was staged had another name first.
  const draft =
    log.slice(0, named).findLast(step => step.what === 'name' && step.path === moved)?.from ?? moved
  // One draft serves many files, one after the other.
  const written = log.findLastIndex((step, at) => at < named && step.what === 'write' && step.path === draft)
  const synced = log.findIndex((step, at) => at > written && step.what === 'sync' && step.path === draft)
  const settled = log.findIndex(
    (step, at) => at > named && step.what === 'sync' && step.path === dirname(path),
  )
  return written >= 0 && synced > written && synced < named && settled > named
}

const syncs = (): number => log.filter(({ what }) => what === 'sync').length

it('a power cut leaves mesh.ini, keys, the manifest and the serials of zones as they were or as they are to be', async () => {
  const at = (file: string) => join(home, file)
  await run('init --nodes a=192.0.2.1')
  expect(['mesh.ini', 'keys/a.key'].filter(file => !outlasts(at(file)))).toEqual([])
  expect(log.some(({ what, path }) => what === 'sync' && path === home)).toBe(true)
  await run('set targets names zone')
  expect(outlasts(at('mesh.ini'))).toBe(true)
  await run('gen')
  expect(['out/.ciab-gen.json', ...zonesIn()].filter(file => !outlasts(at(file)))).toEqual([])
  expect(zonesIn().length).toBeGreaterThan(0)
  await run('add-node b=192.0.2.2')
  await run('gen')
  expect(['out/.ciab-gen.json', ...zonesIn()].filter(file => !outlasts(at(file)))).toEqual([])
  await run('rotate-key a')
  expect(['mesh.ini', 'keys/a.key'].filter(file => !outlasts(at(file)))).toEqual([])
})

/** Of the files that were written, those whose content counts its changes. */
const zonesIn = (): string[] => [
  ...new Set(
    log.flatMap(({ what, path, from = '' }) =>
      what === 'name' && /\/db\.[^/]+$/.test(path)
        ? [path.slice(home.length + 1)]
        : what === 'name' && path.endsWith('/_mesh')
          ? log.flatMap(step =>
              step.what === 'write' && step.path.startsWith(from) && /\/db\.[^/]+$/.test(step.path)
                ? [`out/_mesh${step.path.slice(from.length)}`]
                : [],
            )
          : [],
    ),
  ),
]

it('the disk is waited for as often for many nodes as for few', async () => {
  const counts: number[] = []
  for (const count of [3, 30]) {
    rmSync(home, { recursive: true })
    mkdirSync(home)
    await run(`init --count ${count}`)
    await run('gen')
    counts.push(syncs())
  }
  expect(counts[1]).toBe(counts[0])
})

it('a list of written files that is empty is no reason to delete anything', async () => {
  await run('init --nodes a=192.0.2.1')
  await run('gen')
  writeFileSync(join(home, 'out/.ciab-gen.json'), '')
  await expect(run('gen')).rejects.toThrow(
    /\.ciab-gen\.json is empty \[manifest-syntax\]\nhint: delete it, and run "ciab-gen gen" again: what is as it would write it counts as written/,
  )
  rmSync(join(home, 'out/.ciab-gen.json'))
  await run('gen')
  await run('gen --check')
})
