import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  copyKey,
  publicHalf,
  readKeys,
  readMesh,
  removeKey,
  writeKey,
  writeSeed,
} from '../../src/files/index.js'
import { privateKeyOf, publicKeyOf } from '../../src/net/index.js'
import { fc } from '../support/property.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ciab-keys-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const key = privateKeyOf(new Uint8Array(32).fill(7))
const mode = (path: string) => (statSync(join(home, path)).mode & 0o7777).toString(8)
const codes = (result: {
  ok: boolean
  diagnostics?: readonly { code: string }[]
  warnings?: readonly { code: string }[]
}) => (result.ok ? result.warnings : result.diagnostics)?.map(({ code }) => code)

describe('keys', () => {
  it.each([0o000, 0o077, 0o777])('are 0600 in a 0700 directory under umask %o', mask => {
    const old = process.umask(mask === 0o777 && process.getuid?.() !== 0 ? 0o077 : mask)
    try {
      expect(writeKey(home, 'a', key).ok).toBe(true)
      expect(writeSeed(home, new Uint8Array(32).fill(3)).ok).toBe(true)
    } finally {
      process.umask(old)
    }
    expect(mode('keys')).toBe('700')
    expect(mode('keys/a.key')).toBe('600')
    expect(mode('keys/preshared.seed')).toBe('600')
    expect(readFileSync(join(home, 'keys/.gitignore'), 'utf8')).toMatch(/^\*$/m)
    // What a hostile name would lead to.
    writeFileSync(join(home, 'a.key'), readFileSync(join(home, 'keys/a.key')), { mode: 0o600 })
    const ring = readKeys(home, ['a', 'b', '../a'])
    expect(ring).toMatchObject({ ok: true, warnings: [] })
    if (!ring.ok) return
    expect([...ring.value.privateKeys].map(([name, read]) => [name, read.reveal()])).toEqual([
      ['a', key.reveal()],
    ])
    expect(ring.value.publicKeys?.get('a')).toBe(publicKeyOf(key))
    expect(ring.value.presharedSeed).toEqual(new Uint8Array(32).fill(3))
  })

  it('are never overwritten', () => {
    writeKey(home, 'a', key)
    expect(codes(writeKey(home, 'a', privateKeyOf(new Uint8Array(32).fill(8))))).toEqual(['file-exists'])
    expect(readFileSync(join(home, 'keys/a.key'), 'utf8')).toBe(`${key.reveal()}\n`)
    expect(readdirSync(join(home, 'keys')).sort()).toEqual(['.gitignore', 'a.key'])
  })

  it('are not written through a symbolic link', () => {
    mkdirSync(join(home, 'keys'))
    symlinkSync(join(home, 'elsewhere'), join(home, 'keys/a.key'))
    expect(codes(writeKey(home, 'a', key))).toEqual(['file-exists'])
    expect(readdirSync(home)).toEqual(['keys'])
  })

  it('others can read are warned about, and never quoted when malformed', () => {
    writeKey(home, 'a', key)
    chmodSync(join(home, 'keys/a.key'), 0o640)
    expect(codes(readKeys(home, ['a']))).toEqual(['key-mode'])
    writeFileSync(join(home, 'keys/a.key'), 'topsecretbutwrong=\n', { mode: 0o600 })
    const result = readKeys(home, ['a'])
    expect(codes(result)).toEqual(['key-syntax'])
    expect(JSON.stringify(result)).not.toContain('topsecret')
  })

  it.each([
    ['a directory', () => mkdirSync(join(home, 'keys/a.key'))],
    ['empty', () => writeFileSync(join(home, 'keys/a.key'), '', { mode: 0o600 })],
    ['huge', () => writeFileSync(join(home, 'keys/a.key'), 'A'.repeat(1e6), { mode: 0o600 })],
  ])('%s is no key', (_, make) => {
    mkdirSync(join(home, 'keys'))
    make()
    expect(codes(readKeys(home, ['a']))).toContain('key-syntax')
  })

  it('have the same public half in OpenSSL as in JavaScript', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes => {
        const random = privateKeyOf(bytes)
        expect(publicHalf(random)).toBe(publicKeyOf(random))
      }),
      { numRuns: 100 },
    )
  })

  it('get a second name, and lose the first', () => {
    writeKey(home, 'a', key)
    expect(copyKey(home, 'a', 'b')).toMatchObject({ value: true })
    expect(copyKey(home, 'a', 'b')).toMatchObject({ value: true })
    expect(removeKey(home, 'a')).toMatchObject({ value: true })
    expect(removeKey(home, 'a')).toMatchObject({ value: false })
    expect(copyKey(home, 'a', 'b')).toMatchObject({ value: false })
    expect(mode('keys/b.key')).toBe('600')
    writeKey(home, 'c', privateKeyOf(new Uint8Array(32).fill(9)))
    expect(codes(copyKey(home, 'b', 'c'))).toEqual(['file-exists'])
  })
})

describe('readMesh', () => {
  it('reads text, and says what keeps it from being read', () => {
    writeFileSync(join(home, 'mesh.ini'), '[mesh]\r\nname = ciabmesh')
    expect(readMesh(home, 'mesh.ini')).toMatchObject({
      value: { file: 'mesh.ini', text: '[mesh]\r\nname = ciabmesh' },
    })
    expect(codes(readMesh(home, 'none.ini'))).toEqual(['file-missing'])
    expect(codes(readMesh(home, '.'))).toEqual(['file-missing'])
    expect(codes(readMesh(home, 'mesh.ini/x'))).toEqual(['file-missing'])
    writeFileSync(join(home, 'bad.ini'), Buffer.from([0x5b, 0x0a, 0x61, 0x0a, 0xff, 0xfe, 0x0a]))
    expect(readMesh(home, 'bad.ini')).toMatchObject({
      diagnostics: [{ code: 'file-encoding', span: { line: 3 } }],
    })
    writeFileSync(join(home, 'bom.ini'), '\ufeff[mesh]')
    expect(readMesh(home, 'bom.ini')).toMatchObject({ value: { text: '\ufeff[mesh]' } })
  })
})
