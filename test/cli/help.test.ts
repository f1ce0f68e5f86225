import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandCalled, commandNames, commands, nameOf } from '../../src/cli/commands/index.js'
import { examples } from '../../src/cli/examples.js'
import { load } from '../../src/index.js'
import { wellFleet } from '../fleet/reports.js'
import { session } from './session.js'

const { run, ok, path, text } = session()
const base = mkdtempSync(join(tmpdir(), 'ciab-examples-'))

/** What the examples speak of. */
beforeAll(async () => {
  const here = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(args, { cwd: base })
    if (code !== 0) throw new Error(stderr)
    return stdout
  }
  await here('init', 'ciabmesh', '--preshared-keys', '--nodes', 'node1=203.0.113.1,node2=198.51.100.2,node3')
  await here('add-client', 'laptop')
  await here('set', 'mesh', 'domain', 'mesh.example.net')
  await here('set', 'node', 'node3', 'keepalive', '20')
  await here('gen')
  await here('gen', '--public', '-o', 'review')
  const mesh = load({ file: 'mesh.ini', text: readFileSync(join(base, 'mesh.ini'), 'utf8') }, 'hidden')
  if (!mesh.ok) throw new Error('no mesh')
  mkdirSync(join(base, 'status'))
  for (const [name, report] of wellFleet(mesh.value)) {
    const sums = readFileSync(join(base, 'out', name, 'etc/ciab/tree.sha256'))
    const tree = createHash('sha256').update(sums).digest('hex')
    const file = join(base, 'status', `${name}.json`)
    writeFileSync(file, JSON.stringify({ ...report, tree, applied: tree }))
    utimesSync(file, report.time, report.time)
  }
  cpSync(
    join(import.meta.dirname, '../../fixtures/import/vwgen/guide-3-nodes/ciabmesh.conf'),
    join(base, 'ciabmesh.conf'),
  )
  const pairs = await Promise.all(
    [1, 2].map(async id => {
      const key = await here('genkey')
      const { stdout } = await run(['pubkey'], { cwd: base, stdin: async () => key })
      return { id, key: key.trim(), half: stdout.trim() }
    }),
  )
  for (const { id, key } of pairs) {
    const other = pairs[2 - id]
    mkdirSync(join(base, ['a', 'b'][id - 1] as string))
    writeFileSync(
      join(base, ['a', 'b'][id - 1] as string, 'wg0.conf'),
      `[Interface]\nAddress = 10.9.0.${id}/24\nPrivateKey = ${key}\nListenPort = 51820\n\n[Peer]\nPublicKey = ${other?.half}\nEndpoint = 203.0.113.${other?.id}:51820\nAllowedIPs = 10.9.0.${other?.id}/32\n`,
    )
  }
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.net', ...words], {
      cwd: base,
    })
  git('init', '-q')
  git('add', 'mesh.ini')
  git('commit', '-qm', 'mesh')
}, 120_000)

afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Words as sh has them, and where input comes from and output goes. */
const typed = async (line: string) => {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? (plain as string))
  const from = words.indexOf('<')
  const to = words.indexOf('>')
  const end = Math.max(from, to) < 0 ? words.length : Math.max(from, to)
  const input = from < 0 ? '' : text(words[from + 1] as string)
  // A code with a key in it goes to a terminal alone.
  const shown: string[] = []
  const stdout = { isTerminal: true, write: (said: string) => void shown.push(said) }
  const [, ...args] = words.slice(0, end)
  const screen = args[0] === 'qr' ? { stdout } : {}
  return run(args, { stdin: async () => input, ...screen })
}

describe('the examples of', () => {
  it.each(commands.map(nameOf))(
    '%s are there, belong to it, succeed as they are typed, and are in its help',
    async name => {
      const some = examples[name] ?? []
      expect(some.length).toBeGreaterThan(0)
      const help = (await ok(`help ${name}`)).replace(/\s+/g, ' ')
      for (const [line, does] of some) {
        expect(line).toMatch(new RegExp(`^ciab-gen ${name}( |$)`))
        expect(help).toContain(line.slice('ciab-gen '.length))
        expect(help).toContain(does)
        rmSync(path('.'), { recursive: true })
        cpSync(base, path('.'), { recursive: true, preserveTimestamps: true })
        if (['init', 'import'].includes(name))
          for (const gone of ['mesh.ini', 'keys', 'out', 'review']) rmSync(path(gone), { recursive: true })
        const { code, stderr } = await typed(line)
        expect([line, code, code === 0 ? '' : stderr]).toEqual([line, 0, ''])
      }
    },
    120_000,
  )

  it('no other command', () => {
    expect(Object.keys(examples).sort()).toEqual(commands.map(nameOf).sort())
  })
})

describe('help', () => {
  it('COMMAND is COMMAND --help, by any of its names, behind -C too; alone it is --help', async () => {
    expect(await ok('help')).toBe(await ok('--help'))
    expect(await ok('help')).toContain('ciab-gen help [command]')
    expect(await ok('help gen')).toBe(await ok('gen --help'))
    expect(await ok('-C . help gen')).toBe(await ok('gen --help'))
    expect(await ok('help rm')).toBe(await ok('remove-node --help'))
    expect(await run(['help', 'frobnicate'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"frobnicate" is not a command'),
    })
  })
})

describe('other words', () => {
  it('for commands do the same, and are none of a command', async () => {
    const others = commands.flatMap(({ aliases = [] }) => aliases)
    expect(new Set([...others, ...commandNames]).size).toBe(others.length + commandNames.length)
    for (const word of ['rm', 'ls', 'list', 'mv']) expect(others).toContain(word)
    await ok('init --nodes a=203.0.113.1,b')
    expect(await ok('ls')).toBe(await ok('show'))
    await ok('mv b c')
    await ok('rm c')
    expect(text('mesh.ini')).not.toMatch(/node [bc]\]/)
    expect(await run(['rm'])).toMatchObject({
      stderr: expect.stringContaining('"remove-node" needs more words'),
    })
    expect(await run(['ls', '--jsn'])).toMatchObject({
      stderr: expect.stringContaining('did you mean --json?'),
    })
    expect(commandCalled('generate')).toBe(commandCalled('gen'))
  })

  it('for keys are told; a wholly different word is none', async () => {
    await ok('init --nodes a=203.0.113.1')
    const hint = async (...args: string[]): Promise<string> => (await run(args)).stderr
    expect(await hint('set', 'mesh', 'mtu', '1420')).toContain('did you mean "path-mtu"?')
    expect(await hint('set', 'node', 'a', 'port', '1420')).toContain('did you mean "listen-port"?')
    writeFileSync(
      path('mesh.ini'),
      readFileSync(path('mesh.ini'), 'utf8').replace('[mesh]', '[mesh]\nmtu = 1420'),
    )
    expect(await hint('check')).toContain('did you mean "path-mtu"?')
    for (const word of ['frobnicate', 'deploy', 'apply', 'edit', 'up', 'foo', 'start', 'version'])
      expect([word, await hint(word)]).toEqual([word, expect.not.stringContaining('did you mean')])
  })
})

describe('the help of', () => {
  it.each(['', ...commandNames])(
    '%s is printable ASCII, whose columns yargs is told to count by',
    async name => {
      expect(await ok(`${name} --help`)).toMatch(/^[\n -~]+$/)
    },
  )
})
