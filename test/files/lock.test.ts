import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attempt, createFile, replaceFile, whileLocked } from '../../src/files/index.js'
import { withLock } from '../../src/files/lock/lock.js'

let home: string
let file: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ciab-lock-'))
  file = join(home, 'mesh.ini')
  writeFileSync(file, 'old')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const deadPid = (): number => spawnSync('true').pid
const held = (pid: number, host = hostname(), token = '0123456789abcdef') =>
  writeFileSync(`${file}.lock`, JSON.stringify({ pid, start: null, host, token }))

describe('whileLocked', () => {
  it('has the lock during the work and frees it after, error or not', () => {
    whileLocked(file, () => expect(JSON.parse(readFileSync(`${file}.lock`, 'utf8')).pid).toBe(process.pid))
    expect(() =>
      whileLocked(file, () => {
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(readdirSync(home)).toEqual(['mesh.ini'])
  })

  it('takes over from a dead process, and from one that died while taking over', () => {
    const pid = deadPid()
    held(pid)
    writeFileSync(
      `${file}.lock.0123456789abcdef`,
      JSON.stringify({ pid, start: null, host: hostname(), token: 'fedcba9876543210' }),
    )
    expect(whileLocked(file, () => 1)).toBe(1)
    expect(readdirSync(home)).toEqual(['mesh.ini'])
  })

  it('takes over from a process whose number belongs to another now', () => {
    writeFileSync(
      `${file}.lock`,
      JSON.stringify({ pid: process.pid, start: '1', host: hostname(), token: '0123456789abcdef' }),
    )
    expect(whileLocked(file, () => 1)).toBe(1)
  })

  it('waits for a living process', async () => {
    const sleeper = spawn('sleep', ['0.4'])
    held(sleeper.pid as number)
    const begun = performance.now()
    // Reaped only later: a zombie counts as dead.
    expect(whileLocked(file, () => 1)).toBe(1)
    expect(performance.now() - begun).toBeGreaterThan(200)
    await new Promise(resolve => sleeper.on('exit', resolve))
  })

  it('gives up on one who keeps it, and says who', () => {
    held(1, 'another-machine')
    expect(attempt(() => withLock(`${file}.lock`, () => 1, 150))).toMatchObject({
      diagnostics: [
        { code: 'file-locked', message: expect.stringContaining('process 1 on another-machine') },
      ],
    })
    writeFileSync(`${file}.lock`, 'junk')
    expect(attempt(() => withLock(`${file}.lock`, () => 1, 150))).toMatchObject({
      diagnostics: [{ code: 'file-locked' }],
    })
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe('junk')
  })

  it('writes through no link that waits where its draft would be', () => {
    const victim = join(home, 'victim')
    writeFileSync(victim, 'precious', { mode: 0o600 })
    symlinkSync(victim, join(home, `.mesh.ini.lock.${process.pid}.tmp`))
    expect(whileLocked(file, () => 1)).toBe(1)
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    expect(readdirSync(home).sort()).toEqual(['mesh.ini', 'victim'])
  })

  it.each([
    ['a directory', (path: string) => mkdirSync(path)],
    ['a FIFO', (path: string) => spawnSync('mkfifo', [path])],
    ['a link that leads nowhere', (path: string) => symlinkSync('nowhere', path)],
    [
      'a link to a lock',
      (path: string) => {
        held(deadPid())
        renameSync(path, join(home, 'real'))
        symlinkSync('real', path)
      },
    ],
  ])(
    'says at once that %s is no lock',
    (_, make) => {
      make(`${file}.lock`)
      const before = readdirSync(home).sort()
      const work = () => {
        throw new Error('worked without a lock')
      }
      const begun = performance.now()
      expect(attempt(() => withLock(`${file}.lock`, work, 5000))).toMatchObject({
        ok: false,
        diagnostics: [{ code: 'file-locked', hint: expect.stringContaining('delete') }],
      })
      expect(performance.now() - begun).toBeLessThan(2000)
      expect(readdirSync(home).sort()).toEqual(before)
    },
    8000,
  )

  it('is not taken from a holder in another pid namespace, whose number means nothing here', () => {
    const foreign = { pid: deadPid(), start: '1', host: hostname(), token: '0123456789abcdef' }
    writeFileSync(`${file}.lock`, JSON.stringify({ ...foreign, namespace: 'pid:[1]' }))
    expect(attempt(() => withLock(`${file}.lock`, () => 1, 150))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'file-locked' }],
    })
  })

  it('is one lock for two names of a file', () => {
    symlinkSync(file, join(home, 'link.ini'))
    whileLocked(join(home, 'link.ini'), () => expect(existsSync(`${file}.lock`)).toBe(true))
  })

  it('sweeps up what killed processes left, and nothing else', () => {
    const names = [`.mesh.ini.${deadPid()}.tmp`, `.mesh.ini.lock.${deadPid()}.tmp`]
    const kept = [`.mesh.ini.1.tmp`, '.mesh.ini.swp', 'mesh.ini.tmp']
    for (const name of [...names, ...kept]) writeFileSync(join(home, name), '')
    whileLocked(file, () => {})
    expect(readdirSync(home).sort()).toEqual([...kept, 'mesh.ini'].sort())
  })

  it.runIf(process.getuid?.() !== 0)('says it when the directory is not writable', () => {
    chmodSync(home, 0o500)
    expect(attempt(() => whileLocked(file, () => 1))).toMatchObject({ ok: false })
    chmodSync(home, 0o700)
  })
})

describe('a lock under load', () => {
  it('is held by one process at a time, though some die holding it', async () => {
    const script = join(home, 'turn.mjs')
    const lock = join(home, 'code/lock.mjs')
    buildSync({
      entryPoints: [join(import.meta.dirname, '../../src/files/lock/lock.ts')],
      outfile: lock,
      bundle: true,
      platform: 'node',
      format: 'esm',
    })
    // Every turn adds one to a number, slowly; one in four processes dies in the middle, before writing.
    writeFileSync(
      script,
      `import { readFileSync, writeFileSync } from 'node:fs'
       const { withLock } = await import(${JSON.stringify(lock)})
       withLock(${JSON.stringify(`${file}.lock`)}, () => {
         const count = Number(readFileSync(${JSON.stringify(file)}, 'utf8'))
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
         if (process.argv[2] === 'die') process.kill(process.pid, 'SIGKILL')
         writeFileSync(${JSON.stringify(file)}, String(count + 1))
       })`,
    )
    writeFileSync(file, '0')
    const runs = Array.from({ length: 16 }, (_, index) => {
      const child = spawn(process.execPath, [script, index % 4 === 3 ? 'die' : 'live'], { stdio: 'inherit' })
      return new Promise(resolve => child.on('exit', (code, signal) => resolve(signal ?? code)))
    })
    const ends = await Promise.all(runs)
    expect(ends.filter(end => end === 0)).toHaveLength(12)
    expect(ends.filter(end => end === 'SIGKILL')).toHaveLength(4)
    expect(withLock(`${file}.lock`, () => readFileSync(file, 'utf8'))).toBe('12')
    expect(readdirSync(home).sort()).toEqual(['code', 'mesh.ini', 'turn.mjs'])
  }, 60_000)
})

describe('replaceFile', () => {
  it('keeps the mode and leaves nothing behind', () => {
    chmodSync(file, 0o640)
    replaceFile(file, 'new', 'old')
    expect(readFileSync(file, 'utf8')).toBe('new')
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(readdirSync(home)).toEqual(['mesh.ini'])
  })

  it('replaces what a symbolic link points to, not the link', () => {
    symlinkSync('mesh.ini', join(home, 'link.ini'))
    replaceFile(join(home, 'link.ini'), 'new', 'old')
    expect(readFileSync(file, 'utf8')).toBe('new')
  })
})

describe('createFile', () => {
  it('never overwrites', () => {
    expect(attempt(() => createFile(file, 'new', 0o644))).toMatchObject({
      diagnostics: [{ code: 'file-exists' }],
    })
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(home)).toEqual(['mesh.ini'])
  })
})
