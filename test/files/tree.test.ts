import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compareTree, writeTree } from '../../src/files/index.js'
import type { NodeTree } from '../../src/generate.js'
import { chunk } from '../../src/render/chunks.js'

let base: string
let out: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'ciab-tree-'))
  out = join(base, 'out')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

type Shape = Record<string, Record<string, string | { text: string; mode: number }>>

const trees = (shape: Shape): NodeTree[] =>
  Object.entries(shape).map(([node, files]) => ({
    node,
    files: Object.entries(files).map(([path, file]) => {
      const { text, mode } = typeof file === 'string' ? { text: file, mode: 0o644 } : file
      const half = Math.floor(text.length / 2)
      const content = [chunk(text.slice(0, half)), chunk(''), chunk(text.slice(half))]
      return { path, mode, secret: mode === 0o600, content }
    }),
  }))

const secret = (text: string) => ({ text, mode: 0o600 })
const two: Shape = {
  a: {
    'etc/w/x.conf': secret('key of a'),
    'etc/f/y': 'router a\n',
    'etc/s.sh': { text: '#!/bin/sh\n', mode: 0o755 },
  },
  b: { 'etc/w/x.conf': secret('key of b'), 'etc/f/y': 'router b\n' },
}

const change = (result: ReturnType<typeof writeTree>): string[] => {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value.map(({ path, kind }) => `${kind} ${path}`)
}
const codes = (result: ReturnType<typeof writeTree>): string[] =>
  result.ok ? [] : result.diagnostics.map(({ code }) => code)

/** Every path with its type, mode, time and content. */
const snapshot = (directory: string): string[] =>
  (readdirSync(directory, { recursive: true }) as string[]).sort().map(name => {
    const found = lstatSync(join(directory, name))
    const content = found.isFile() ? readFileSync(join(directory, name), 'hex') : ''
    return `${name} ${found.mode.toString(8)} ${found.isFile() ? found.mtimeMs : ''} ${content}`
  })

const mode = (path: string) => (statSync(join(out, path)).mode & 0o7777).toString(8)

describe('writeTree', () => {
  it('writes a tree with its modes, and nothing the second time', () => {
    expect(change(writeTree(out, trees(two)))).toEqual([
      'created a/etc/w/x.conf',
      'created a/etc/f/y',
      'created a/etc/s.sh',
      'created b/etc/w/x.conf',
      'created b/etc/f/y',
    ])
    expect(readFileSync(join(out, 'a/etc/w/x.conf'), 'utf8')).toBe('key of a')
    expect(mode('a/etc/w/x.conf')).toBe('600')
    expect(mode('a/etc/f/y')).toBe('644')
    expect(mode('a/etc/s.sh')).toBe('755')
    expect(readdirSync(out).sort()).toEqual(['.ciab-gen.json', '.gitignore', 'a', 'b'])
    const before = snapshot(out)
    expect(change(writeTree(out, trees(two)))).toEqual([])
    expect(snapshot(out)).toEqual(before)
  })

  it('is kept out of version control, also in a directory that was made by hand', () => {
    mkdirSync(out)
    change(writeTree(out, trees(two)))
    expect(readFileSync(join(out, '.gitignore'), 'utf8')).toMatch(/^\*$/m)
  })

  it.each([0o000, 0o077, 0o027])('has the same modes under umask %o', mask => {
    const old = process.umask(mask)
    try {
      change(writeTree(out, trees(two)))
    } finally {
      process.umask(old)
    }
    expect(
      ['a/etc/w/x.conf', 'a/etc/f/y', 'a/etc/s.sh', 'a/etc', 'a', '', '.ciab-gen.json'].map(mode),
    ).toEqual(['600', '644', '755', '755', '755', '755', '644'])
  })

  it('changes only what differs, and mends a mode', () => {
    change(writeTree(out, trees(two)))
    utimesSync(join(out, 'a/etc/f/y'), 1, 1)
    chmodSync(join(out, 'b/etc/w/x.conf'), 0o644)
    const next = { ...two, a: { ...two.a, 'etc/s.sh': { text: '#!/bin/bash\n', mode: 0o755 } } }
    expect(change(writeTree(out, trees(next)))).toEqual(['changed a/etc/s.sh', 'changed b/etc/w/x.conf'])
    expect(statSync(join(out, 'a/etc/f/y')).mtimeMs).toBe(1000)
    expect(mode('b/etc/w/x.conf')).toBe('600')
  })

  it('removes what is no longer wanted and nothing else', () => {
    change(writeTree(out, trees(two)))
    writeFileSync(join(out, 'b/etc/notes'), 'mine')
    mkdirSync(join(out, 'c'))
    expect(change(writeTree(out, trees({ a: two.a as Shape[string] })))).toEqual([
      'removed b/etc/f/y',
      'removed b/etc/w/x.conf',
    ])
    expect(readdirSync(join(out, 'b/etc'))).toEqual(['notes'])
    expect(existsSync(join(out, 'c'))).toBe(true)
    expect(readFileSync(join(out, '.ciab-gen.json'), 'utf8')).not.toContain('"b"')
  })

  it('keeps other nodes when only some are generated', () => {
    change(writeTree(out, trees(two)))
    const some = { only: ['a'] }
    expect(change(writeTree(out, trees({ a: { 'etc/f/y': 'router a\n' } }), some))).toEqual([
      'removed a/etc/s.sh',
      'removed a/etc/w/x.conf',
    ])
    expect(change(writeTree(out, trees(two)))).toEqual(['created a/etc/w/x.conf', 'created a/etc/s.sh'])
  })

  it('does not mix trees with and without secrets', () => {
    change(writeTree(out, trees(two)))
    expect(codes(writeTree(out, trees(two), { public: true }))).toEqual(['tree-kind'])
    const review = join(base, 'review')
    change(writeTree(review, trees(two), { public: true }))
    expect((statSync(join(review, 'a/etc/w/x.conf')).mode & 0o777).toString(8)).toBe('644')
    expect((statSync(join(review, 'a/etc/s.sh')).mode & 0o777).toString(8)).toBe('755')
    expect(existsSync(join(review, '.gitignore'))).toBe(false)
    expect(codes(writeTree(review, trees(two)))).toEqual(['tree-kind'])
  })

  it('writes contents of many chunks, larger than any buffer', () => {
    const part = chunk('0123456789abcdef'.repeat(500))
    const content = Array.from({ length: 2500 }, () => part)
    const big: NodeTree[] = [{ node: 'a', files: [{ path: 'etc/big', mode: 0o644, secret: false, content }] }]
    change(writeTree(out, big))
    expect(statSync(join(out, 'a/etc/big')).size).toBe(20_000_000)
    expect(change(writeTree(out, big))).toEqual([])
    const other = [...content.slice(0, -1), chunk('0123456789abcdef'.repeat(500).slice(0, -1).concat('x'))]
    expect(
      change(
        compareTree(out, [
          { node: 'a', files: [{ path: 'etc/big', mode: 0o644, secret: false, content: other }] },
        ]),
      ),
    ).toEqual(['changed a/etc/big'])
  })
})

describe('what is not ours', () => {
  it('is not overwritten, and everything in the way is reported', () => {
    for (const node of ['a', 'b']) {
      mkdirSync(join(out, node, 'etc/f'), { recursive: true })
      writeFileSync(join(out, node, 'etc/f/y'), 'mine')
    }
    const result = writeTree(out, trees(two))
    expect(codes(result)).toEqual(['not-ours', 'not-ours'])
    expect(readFileSync(join(out, 'a/etc/f/y'), 'utf8')).toBe('mine')
  })

  it('is adopted where it is the same', () => {
    change(writeTree(out, trees(two)))
    rmSync(join(out, '.ciab-gen.json'))
    expect(change(writeTree(out, trees(two)))).toEqual([])
    expect(change(writeTree(out, []))).toHaveLength(5)
    expect(readdirSync(out).sort()).toEqual(['.ciab-gen.json', '.gitignore'])
  })

  it.each(['../x', '/etc/passwd', 'a/../../x', 'a//b', '.', 'a/./b', 'a\\b', 'a\nb', ''])(
    'path %j is refused',
    path => {
      const file = { path, mode: 0o644, secret: false, content: [chunk('x')] }
      expect(codes(writeTree(out, [{ node: 'n', files: [file] }]))).toEqual(['unsafe-path'])
      expect(readdirSync(base)).toEqual(['out'])
    },
  )

  it.each(['..', '.', 'x/../..', ''])('node name %j is refused', node => {
    const file = { path: 'etc/x', mode: 0o644, secret: false, content: [chunk('x')] }
    expect(codes(writeTree(out, [{ node, files: [file] }]))).toEqual(['unsafe-path'])
  })

  it('is not reached through a symbolic link', () => {
    const victim = join(base, 'victim')
    mkdirSync(join(victim, 'etc'), { recursive: true })
    const before = snapshot(victim)
    symlinkSync(victim, out)
    expect(codes(writeTree(out, trees(two)))).toEqual(['unsafe-path'])
    rmSync(out)
    mkdirSync(out)
    symlinkSync(victim, join(out, 'a'))
    expect(codes(writeTree(out, trees(two)))).toContain('unsafe-path')
    rmSync(join(out, 'a'))
    mkdirSync(join(out, 'a'))
    symlinkSync(join(victim, 'etc'), join(out, 'a/etc'))
    expect(codes(writeTree(out, trees(two)))).toContain('unsafe-path')
    rmSync(join(out, 'a/etc'))
    mkdirSync(join(out, 'a/etc/f'), { recursive: true })
    symlinkSync(join(victim, 'etc/y'), join(out, 'a/etc/f/y'))
    expect(codes(writeTree(out, trees(two)))).toContain('unsafe-path')
    expect(snapshot(victim)).toEqual(before)
  })

  it('is not removed through a symbolic link or a forged manifest', () => {
    change(writeTree(out, trees(two)))
    const victim = join(base, 'victim')
    mkdirSync(join(victim, 'f'), { recursive: true })
    writeFileSync(join(victim, 'f/y'), 'precious')
    rmSync(join(out, 'b/etc'), { recursive: true })
    symlinkSync(victim, join(out, 'b/etc'))
    expect(codes(writeTree(out, trees({ a: two.a as Shape[string] })))).toEqual(['unsafe-path'])
    expect(readFileSync(join(victim, 'f/y'), 'utf8')).toBe('precious')
    const forged = (files: unknown) =>
      writeFileSync(join(out, '.ciab-gen.json'), JSON.stringify({ version: 1, kind: 'secret', files }))
    for (const path of ['../../victim/f/y', '/etc/passwd']) {
      forged({ b: [path] })
      expect(codes(writeTree(out, []))).toEqual(['unsafe-path'])
    }
    expect(readFileSync(join(victim, 'f/y'), 'utf8')).toBe('precious')
  })

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"version":2}',
    '{"version":1,"kind":"secret","files":{"a":[1]}}',
    '{"version":1,"kind":"x","files":{}}',
    '{"version":1,"generator":7,"kind":"secret","files":{}}',
    '{"version":1,"generator":"1\\n2","kind":"secret","files":{}}',
  ])('damaged manifest %j', text => {
    change(writeTree(out, trees(two)))
    writeFileSync(join(out, '.ciab-gen.json'), text)
    expect(codes(writeTree(out, trees(two)))).toEqual(['manifest-syntax'])
  })

  it('an output path that is a file', () => {
    writeFileSync(out, 'x')
    expect(codes(writeTree(out, trees(two)))).toEqual(['file-write'])
    expect(readFileSync(out, 'utf8')).toBe('x')
  })

  it('a directory where a file is to be', () => {
    mkdirSync(join(out, 'a/etc/f/y'), { recursive: true })
    expect(codes(writeTree(out, trees(two)))).toEqual(['not-ours'])
  })
})

describe('a run that did not finish', () => {
  it('is known by its notes: a later, different run may overwrite its files', () => {
    function* breaking(): Generator<NodeTree> {
      yield* trees({ a: two.a as Shape[string] })
      throw new Error('killed')
    }
    expect(() => writeTree(out, breaking())).toThrow('killed')
    expect(existsSync(join(out, '.ciab-gen.pending'))).toBe(true)
    const next = { a: { 'etc/f/y': 'router a, changed\n' } }
    expect(change(writeTree(out, trees(next)))).toEqual([
      'changed a/etc/f/y',
      'removed a/etc/s.sh',
      'removed a/etc/w/x.conf',
    ])
    expect(readdirSync(out).sort()).toEqual(['.ciab-gen.json', '.gitignore', 'a'])
  })

  it('may have left half a node, or half a file, which are swept up', () => {
    mkdirSync(join(out, '.ciab-gen.new/etc'), { recursive: true })
    writeFileSync(join(out, '.ciab-gen.new/etc/half'), 'half')
    change(writeTree(out, trees(two)))
    expect(readdirSync(out).sort()).toEqual(['.ciab-gen.json', '.gitignore', 'a', 'b'])
    writeFileSync(join(out, '.ciab-gen.new'), 'half')
    change(writeTree(out, trees(two)))
    expect(readdirSync(out).sort()).toEqual(['.ciab-gen.json', '.gitignore', 'a', 'b'])
  })

  it('may have left half a note', () => {
    mkdirSync(join(out, 'a/etc'), { recursive: true })
    writeFileSync(join(out, 'a/etc/not'), 'mine')
    writeFileSync(join(out, '.ciab-gen.pending'), 'a/etc/gone\na/etc/not')
    change(writeTree(out, trees(two)))
    expect(readFileSync(join(out, 'a/etc/not'), 'utf8')).toBe('mine')
  })
})

describe('a file that counts its changes', () => {
  const counting = (text: string): NodeTree => ({
    node: '_mesh',
    files: [
      {
        path: 'zones/z',
        mode: 0o644,
        secret: false,
        content: [chunk(`1 ${text}`)],
        revise: before => {
          const count = Number.parseInt(before, 10)
          return [chunk(before === `${count} ${text}` ? before : `${count + 1} ${text}`)]
        },
      },
    ],
  })
  const found = () => readFileSync(join(out, '_mesh/zones/z'), 'utf8')

  it('goes on from what is there', () => {
    expect(change(writeTree(out, [counting('a')]))).toEqual(['created _mesh/zones/z'])
    expect(change(compareTree(out, [counting('b')]))).toEqual(['changed _mesh/zones/z'])
    expect(found()).toBe('1 a')
    expect(change(writeTree(out, [counting('b')]))).toEqual(['changed _mesh/zones/z'])
    expect(found()).toBe('2 b')
    expect(change(writeTree(out, [counting('b')]))).toEqual([])
  })

  it('stays where only some nodes are written, and goes with the rest', () => {
    change(writeTree(out, [...trees(two), counting('a')]))
    expect(change(writeTree(out, trees({ a: two.a as Shape[string] }), { only: ['a'] }))).toEqual([])
    expect(change(writeTree(out, trees(two)))).toEqual(['removed _mesh/zones/z'])
  })

  it('is not taken for ours where it is not', () => {
    mkdirSync(join(out, '_mesh/zones'), { recursive: true })
    writeFileSync(join(out, '_mesh/zones/z'), '7 of another')
    expect(codes(writeTree(out, [counting('a')]))).toEqual(['not-ours'])
  })
})

describe('compareTree', () => {
  it('says what writeTree would do, and does nothing', () => {
    expect(change(compareTree(out, trees(two)))).toHaveLength(5)
    expect(existsSync(out)).toBe(false)
    change(writeTree(out, trees(two)))
    const before = snapshot(base)
    expect(change(compareTree(out, trees(two)))).toEqual([])
    expect(change(compareTree(out, trees({ b: { 'etc/f/y': 'router B\n' } })))).toEqual([
      'changed b/etc/f/y',
      'removed a/etc/f/y',
      'removed a/etc/s.sh',
      'removed a/etc/w/x.conf',
      'removed b/etc/w/x.conf',
    ])
    expect(snapshot(base)).toEqual(before)
  })
})

describe.runIf(existsSync('/dev/full'))('a disk that refuses', () => {
  it('is an error, not an exception', () => {
    mkdirSync(join(out, 'a'), { recursive: true })
    const long = { [`etc/${'x'.repeat(300)}`]: 'x' }
    expect(codes(writeTree(out, trees({ a: long })))).toEqual(['file-write'])
    expect(readdirSync(out)).not.toContain('.ciab-gen.new')
  })

  it('leaves no half of a node that was not there', () => {
    const long = { 'etc/first': 'x', [`etc/${'x'.repeat(300)}`]: 'x' }
    expect(codes(writeTree(out, trees({ a: { 'etc/f/y': 'router a\n' }, b: long })))).toEqual(['file-write'])
    expect(readdirSync(out).sort()).toEqual(['.ciab-gen.pending', '.gitignore', 'a'])
    expect(readFileSync(join(out, 'a/etc/f/y'), 'utf8')).toBe('router a\n')
  })

  it('does not keep us trying to make a directory', () => {
    expect(codes(writeTree('/proc/nowhere/out', trees(two)))).toEqual(['file-write'])
  })
})
