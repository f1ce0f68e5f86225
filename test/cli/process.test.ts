import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

// Whole processes of the built program: what happens between them, and when they are killed.
const program = join(import.meta.dirname, '../../bin/ciab-gen.js')
const { run, ok, path, text, snapshot } = session()

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...args], { cwd: path('.'), stdio: 'ignore' })

const ended = (child: ChildProcess): Promise<number | NodeJS.Signals | null> =>
  new Promise(resolve => child.on('exit', (code, signal) => resolve(signal ?? code)))

const shell = (script: string) =>
  spawnSync('sh', ['-c', script], {
    cwd: path('.'),
    encoding: 'utf8',
    env: { ...process.env, P: `${process.execPath} ${program}` },
  })

/** Kills a process some time after it has made a file, or lets it end. */
const killAfter = async (
  child: ChildProcess,
  directory: string,
  file: string,
  delay: number,
  signal: NodeJS.Signals = 'SIGKILL',
) => {
  const done = ended(child)
  const watcher = watch(directory, (_, name) => {
    if (name !== file) return
    watcher.close()
    if (delay < 1) child.kill(signal)
    else setTimeout(() => child.kill(signal), delay)
  })
  const end = await done
  watcher.close()
  return end
}

describe('processes side by side', () => {
  it('twenty add-node leave twenty nodes', async () => {
    await ok('init')
    const children = Array.from({ length: 20 }, (_, index) =>
      start('add-node', `n${index}=192.0.2.${index + 1}`),
    )
    expect(await Promise.all(children.map(ended))).toEqual(Array(20).fill(0))
    const rows: { name: string; id: number }[] = JSON.parse(await ok('show --json'))
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    expect(new Set(rows.map(({ name }) => name)).size).toBe(20)
    expect(readdirSync(path('.')).sort()).toEqual(['keys', 'mesh.ini'])
    expect(readdirSync(path('keys'))).toHaveLength(21)
  }, 240_000)

  it('two gen into one directory write one tree', async () => {
    await ok('init --count 5 --endpoint h%d.example.net')
    expect(await Promise.all([start('gen'), start('gen')].map(ended))).toEqual([0, 0])
    expect(await run(['gen', '--check'])).toMatchObject({ code: 0, stdout: '' })
    expect(
      readdirSync(path('out'))
        .filter(name => name.startsWith('.'))
        .sort(),
    ).toEqual(['.ciab-gen.json', '.gitignore'])
  }, 120_000)
})

describe('a kill at any moment', () => {
  it('of add-node leaves the old mesh or the new one', async () => {
    await ok('init --nodes first=192.0.2.1')
    let killed = 0
    for (let round = 0; round < 15; round++) {
      const before = text('mesh.ini')
      const end = await killAfter(
        start('add-node', `n${round}=192.0.2.${round + 2}`),
        path('.'),
        'mesh.ini.lock',
        round * 2,
      )
      if (end === 'SIGKILL') killed++
      const after = text('mesh.ini')
      expect(after.startsWith(before)).toBe(true)
      if (after !== before) expect(after).toContain(`[node n${round}]`)
      expect(await run(['check'])).toMatchObject({ code: 0 })
    }
    expect(killed).toBeGreaterThan(5)
    // What was left is taken over and swept up by whoever comes next.
    await ok('add-node last=192.0.2.99')
    expect(readdirSync(path('.')).sort()).toEqual(['keys', 'mesh.ini'])
    expect(readdirSync(path('keys')).filter(name => name.endsWith('.tmp'))).toEqual([])
  }, 240_000)

  it('of gen leaves whole files, and the next gen goes on', async () => {
    await ok('init --count 40 --endpoint h%d.example.net')
    await ok('gen -o reference')
    const wanted = new Map(
      filesIn(path('reference')).map(file => [file, readFileSync(path('reference', file), 'hex')]),
    )
    mkdirSync(path('out'))
    let killed = 0
    for (let round = 0; round < 10; round++) {
      const end = await killAfter(start('gen'), path('out'), '.ciab-gen.lock', round * 12)
      if (end === 'SIGKILL') killed++
      for (const file of filesIn(path('out')))
        if (wanted.has(file) && !file.startsWith('.'))
          expect(readFileSync(path('out', file), 'hex')).toBe(wanted.get(file))
      if (round % 3 === 2) rmSync(path('out/node3'), { recursive: true, force: true })
    }
    expect(killed).toBeGreaterThan(2)
    // Another mesh than the one the killed runs wrote: their files are known to be ours.
    await ok('set mesh port 4500')
    await ok('remove-node node40')
    await ok('gen')
    await ok('gen -o fresh')
    const strip = (files: string[]) => files.filter(file => file !== '.gitignore')
    expect(strip(filesIn(path('out')))).toEqual(strip(filesIn(path('fresh'))))
    expect(await run(['gen', '--check'])).toMatchObject({ code: 0 })
  }, 240_000)

  it('by Ctrl-C frees the lock', async () => {
    await ok('init --nodes first=192.0.2.1')
    const before = text('mesh.ini')
    const end = await killAfter(start('add-node', 'second'), path('.'), 'mesh.ini.lock', 0, 'SIGINT')
    expect(['SIGINT', 0]).toContain(end)
    expect(text('mesh.ini').startsWith(before)).toBe(true)
    expect(readdirSync(path('.')).sort()).toEqual(['keys', 'mesh.ini'])
  }, 120_000)
})

describe('the world around', () => {
  it.each(['000', '077'])(
    'umask %s changes no mode',
    async mask => {
      expect(shell(`umask ${mask}; $P init --nodes a=192.0.2.1 && $P gen`).status).toBe(0)
      const mode = (file: string) => (statSync(path(file)).mode & 0o777).toString(8)
      expect(
        [
          'keys',
          'keys/a.key',
          'out',
          'out/a/etc',
          'out/a/etc/wireguard/ciabmesh.conf',
          'out/a/etc/ciab/apply.sh',
        ].map(mode),
      ).toEqual(['700', '600', '755', '755', '600', '755'])
    },
    30_000,
  )

  it('a reader that goes away is no fault', async () => {
    await ok('init --count 60 --endpoint h%d.example.net')
    for (const command of ['plan', 'show', 'gen', 'diff -o nothing']) {
      const { stdout, stderr } = shell(`{ $P ${command}; echo "code $?" >&2; } | head -c 10`)
      expect(stdout).toHaveLength(10)
      expect(stderr).toContain('code 0\n')
      expect(stderr).not.toMatch(/EPIPE|^\s+at /m)
    }
    expect((await run(['gen', '--check'])).code).toBe(0)
  }, 120_000)

  it.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
    'a full disk ends in an error, not in half a file',
    async () => {
      await ok('init --count 20 --endpoint h%d.example.net')
      mkdirSync(path('small'))
      // A mount namespace of its own: the little disk goes away with the shell.
      const { stdout, stderr } = spawnSync(
        'unshare',
        [
          '--mount',
          'sh',
          '-c',
          `mount -t tmpfs -o size=300k none small && { ${process.execPath} ${program} gen -o small/out >/dev/null; echo "code $?"
         find small/out -name '*.new'; mount -o remount,size=50m small && ${process.execPath} ${program} gen -o small/out >/dev/null &&
         ${process.execPath} ${program} gen --check -o small/out && echo whole; }`,
        ],
        { cwd: path('.'), encoding: 'utf8' },
      )
      if (/mount|unshare/.test(stderr) && !stderr.includes('[file-write]')) return
      expect(stdout).toBe('code 1\nwhole\n')
      expect(stderr).toContain('no space is left on the disk [file-write]')
      expect(stderr).not.toContain('    at ')
    },
    60_000,
  )

  it('output that cannot be written is said in a line', async () => {
    await ok('init --nodes a=192.0.2.1')
    const { status, stderr } = shell('$P show >/dev/full')
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: the output cannot be written: ENOSPC [file-write]\n',
    })
  })

  it('a mesh.ini of junk never yields a trace', async () => {
    await ok('init --nodes a=192.0.2.1')
    const junk = [
      '\u0000'.repeat(1000),
      '[mesh'.repeat(10_000),
      '['.repeat(1e6),
      'a=b\n'.repeat(1e5),
      '[node ../../x]\nid=1\n',
      '[__proto__]\nx=1',
    ]
    for (const content of junk) {
      writeFileSync(path('mesh.ini'), content)
      const before = snapshot()
      for (const args of [
        ['check'],
        ['gen'],
        ['show'],
        ['add-node', 'b'],
        ['set', 'mesh', 'port', '1'],
        ['diff'],
      ]) {
        const { code, stderr } = await run(args)
        expect(code).toBe(1)
        expect(stderr).not.toMatch(/ {4}at /)
      }
      expect(snapshot()).toEqual(before)
    }
  }, 120_000)
})

const filesIn = (directory: string): string[] =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name).slice(directory.length + 1))
        .sort()
    : []
