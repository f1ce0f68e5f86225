import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { annotations } from '../../src/cli/output/annotations.js'
import { spoken } from '../../src/diagnostics/index.js'
import { fc } from '../support/property.js'
import { session } from './session.js'

const { ok, path, run, text } = session()

const page = readFileSync(join(import.meta.dirname, '../../docs/json.md'), 'utf8')

/** The keys that the page has of a command, or of all. */
const told = (head: string): string[] => {
  const [, rows = ''] =
    new RegExp(`\\| key of ${head} \\| holds \\|\\n\\|---\\|---\\|\\n((?:\\|.*\\n)+)`).exec(page) ?? []
  return [...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key as string)
}

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await run([...args, '--format', 'json'])
  const answer = JSON.parse(stdout)
  expect(stderr).toBe('')
  expect(answer.exitCode).toBe(code)
  return answer
}

const broken = async (): Promise<void> => {
  await ok('init --nodes a=203.0.113.1,b=203.0.113.2')
  writeFileSync(path('mesh.ini'), text('mesh.ini').replace(/^id += 2$/m, 'id = 2\nprot = 5'))
}

describe('--format json', () => {
  it('has the keys that docs/json.md says, and no others', async () => {
    await ok('init --nodes a=203.0.113.1,b=203.0.113.2')
    const heads = {
      check: 'check',
      gen: 'gen` and `gen --check',
      diff: 'diff',
      impact: 'impact',
      verify: 'verify',
    }
    for (const [command, head] of Object.entries(heads)) {
      const answer = await json(command)
      expect(answer.command).toBe(command)
      expect(Object.keys(answer).sort()).toEqual([...told('all commands'), ...told(`\`${head}\``)].sort())
      if (command === 'gen') await ok('set node b keepalive 7')
    }
    expect(Object.keys(await json('verify', '--path', 'a/10.77.1.5', 'b/10.77.2.5')).sort()).toEqual(
      [...told('all commands'), ...told('`verify --path`')].sort(),
    )
    expect((await json('impact')).nodes[0]).toMatchObject({ name: 'a', change: 'stays', turn: 'then' })
    const keys = Object.keys((await json('impact')).nodes[0])
    for (const key of keys) expect(page).toContain(`\`${key}\``)
  })

  it('of check is as the page shows it', async () => {
    await ok('init ciabmesh --nodes node1=203.0.113.1,node2=198.51.100.2,node3')
    const shown = /^```json check\n([\s\S]*?)^```$/m.exec(page)?.[1]
    expect((await run(['check', '--format', 'json'])).stdout).toBe(shown)
  })

  it('says what is wrong with its place, and what gen and diff would change, as text does', async () => {
    await broken()
    for (const command of ['check', 'gen', 'diff', 'impact']) {
      const { exitCode, diagnostics } = await json(
        command,
        ...(command === 'impact' ? ['--from', 'mesh.ini'] : []),
      )
      const codes = diagnostics.map(({ code }: { code: string }) => code)
      expect([command, exitCode, codes]).toEqual([command, 1, ['unknown-key']])
      expect(diagnostics[0]).toMatchObject({ severity: 'error', span: { file: 'mesh.ini', column: 1 } })
      const line = text('mesh.ini').split('\n')[diagnostics[0].span.line - 1]
      expect(line).toBe('prot = 5')
      expect(Object.keys(diagnostics[0]).every(key => told('a diagnostic').includes(key))).toBe(true)
    }
    await ok('init --nodes x=203.0.113.1,y -f other.ini')
    const gen = await json('gen', '-f', 'other.ini', '--check')
    expect(gen).toMatchObject({ exitCode: 1, out: 'out', nodes: 2, diagnostics: [] })
    const diff = await json('diff', '-f', 'other.ini')
    const strip = ({ path, kind }: { path: string; kind: string }) => ({ path, kind })
    expect(diff.changes.map(strip)).toEqual(gen.changes)
    const shown = (await run(['diff', '-f', 'other.ini'])).stdout
    expect(diff.changes.map(({ patch }: { patch: string }) => patch).join('')).toBe(shown)
    expect(await json('gen', '-f', 'other.ini')).toMatchObject({ exitCode: 0, changes: gen.changes })
    expect(await json('diff', '-f', 'other.ini')).toMatchObject({ exitCode: 0, changes: [] })
  })

  it('is an object where the command line is at fault, and no key is in it', async () => {
    await ok('init --nodes a=203.0.113.1')
    expect(await json('gen', 'nobody')).toMatchObject({
      exitCode: 2,
      diagnostics: [{ code: 'command-line', span: null }],
    })
    expect(await json('gen', '-C', 'nowhere')).toMatchObject({ diagnostics: [{ code: 'file-missing' }] })
    const key = text('keys/a.key').trim()
    writeFileSync(path('mesh.ini'), text('mesh.ini').replace(/^id += 1$/m, `id = ${key}`))
    expect(JSON.stringify(await json('check'))).not.toContain(key)
  })

  it('is one that the command has', async () => {
    const { code, stderr } = await run(['check', '--format', 'yaml'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('write text, json or github')])
    expect(await run(['gen', '--check', '--summary', '--format', 'json'])).toMatchObject({ code: 2 })
  })
})

/** A workflow command, read as GitHub's runner reads one: what is escaped is not seen as an end. */
const read = (line: string) => {
  const [, command, properties = '', data = ''] = /^::(\w+)(?: (.*?))?::(.*)$/.exec(line) ?? []
  const plain = (text: string): string =>
    text
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%0A', '\n')
      .replaceAll('%0D', '\r')
      .replaceAll('%25', '%')
  const pairs = properties.split(',').map(pair => /^(\w*)=?(.*)$/s.exec(pair)?.slice(1) as [string, string])
  return {
    command,
    properties: new Map(pairs.map(([name, value]) => [name, plain(value)])),
    text: plain(data),
  }
}

describe('--format github', () => {
  it('has a line for each, at its place from the root of the repository; standard output stays data', async () => {
    mkdirSync(path('deep/er'), { recursive: true })
    await ok('-C deep/er init --nodes a=203.0.113.1,b=203.0.113.2')
    writeFileSync(path('deep/er/mesh.ini'), text('deep/er/mesh.ini').replace(/^id += 2$/m, 'id = 1'))
    const from = async (env: Record<string, string>, cwd: string, directory: string) => {
      const { code, stdout, stderr } = await run(['-C', directory, 'gen', '--format', 'github'], { env, cwd })
      expect([code, stdout]).toEqual([1, ''])
      return stderr.trimEnd().split('\n').map(read)
    }
    for (const lines of [
      await from({}, path('.'), 'deep/er'),
      await from({ GITHUB_WORKSPACE: path('.') }, path('deep'), 'er'),
    ]) {
      expect(lines).toHaveLength(1)
      const [{ command, properties, text: said } = read('')] = lines
      expect(command).toBe('error')
      expect(Object.fromEntries(properties)).toMatchObject({
        file: 'deep/er/mesh.ini',
        col: expect.stringMatching(/^\d+$/),
        title: 'ciab-gen: duplicate-id',
      })
      const line = text('deep/er/mesh.ini').split('\n')[Number(properties.get('line')) - 1]
      expect(line).toBe('id = 1')
      expect(said).toContain('\nhint: ')
    }
  })

  it('points at each file of the tree that differs from mesh.ini, and at no other', async () => {
    mkdirSync(path('drift'))
    await ok('-C drift init --nodes a=203.0.113.1,b=203.0.113.2')
    await ok('-C drift gen --public -o review')
    const check = ['-C', 'drift', 'gen', '--check', '--public', '-o', 'review', '--format', 'github']
    const annotated = async (): Promise<[file: string | undefined, said: string][]> =>
      (await run(check, { cwd: path('.') })).stderr
        .split('\n')
        .filter(line => line.startsWith('::'))
        .map(read)
        .map(({ properties, text }) => [properties.get('file'), text])
    expect(await annotated()).toEqual([])
    const filter = 'drift/review/a/etc/ciab/ciabmesh.nft'
    writeFileSync(path(filter), `${text(filter)}# ours\n`)
    rmSync(path('drift/review/b/etc/wireguard/ciabmesh.conf'))
    await ok('-C drift set node a endpoint 198.51.100.1')
    expect(await annotated()).toEqual([
      [filter, expect.stringContaining('not as mesh.ini has it')],
      ['drift/review/b/etc/wireguard/ciabmesh.conf', expect.stringContaining('missing')],
      ['drift/review/_mesh/mesh.ini', expect.stringContaining('not as mesh.ini has it')],
    ])
  })

  it('is read back as it was, whatever names and messages hold', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (file, message, placed) => {
        const span = placed ? { file, line: 3, column: 4, length: 1 } : null
        const [line = '', ...more] = annotations(
          [{ severity: 'warning', code: 'overlap', message, span }],
          name => name,
        )
        expect([more, line.includes('\n')]).toEqual([[], false])
        const { command, properties, text: said } = read(line)
        expect(command).toBe('warning')
        expect([properties.get('file'), properties.get('line')]).toEqual(
          placed ? [file, '3'] : [undefined, undefined],
        )
        expect(properties.get('title')).toBe('ciab-gen: overlap')
        expect(said).toBe(spoken(message))
      }),
    )
  })
})

describe('-q', () => {
  it('says nothing where all is well, and what is wrong else', async () => {
    await ok('init --nodes a=203.0.113.1,b=203.0.113.2')
    expect(await run(['check', '-q'])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect((await run(['gen', '--quiet'])).stderr).toBe('')
    expect((await run(['set', '-q', 'mesh', 'port', '5000'])).stderr).toBe('')
    const loud = await run(['check', '-C', 'nowhere'])
    expect(await run(['check', '-q', '-C', 'nowhere'])).toEqual(loud)
    writeFileSync(path('mesh.ini'), text('mesh.ini').replace('203.0.113.2', '10.0.0.2'))
    const warned = (await run(['check'])).stderr.split('\n').slice(0, -2).join('\n')
    expect(warned).toContain('warning:')
    expect((await run(['check', '-q'])).stderr.trimEnd()).toBe(warned.trimEnd())
  })
})

describe('--no-color', () => {
  it('is NO_COLOR, for a command line that cannot be read as well', async () => {
    const shown = async (...args: string[]): Promise<string> => {
      let said = ''
      await run(args, { stderr: { isTerminal: true, write: text => (said += text) } })
      return said
    }
    for (const args of [['check'], ['chekc'], ['gen', '--bogus']]) {
      expect(await shown(...args)).toContain('\u001b[')
      expect(await shown(...args, '--no-color')).not.toContain('\u001b[')
    }
  })
})
