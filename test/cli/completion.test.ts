import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandCalled, commands, nameOf } from '../../src/cli/commands/index.js'
import { offersOfArguments, offersOfOptions, shells } from '../../src/cli/completion/offers.js'
import { bash, zsh } from '../../src/cli/completion/scripts.js'
import { globalOptions } from '../../src/cli/global-options.js'
import { keyed } from '../../src/parse/headers.js'
import { fieldsOf } from '../../src/parse/schema.js'
import { ask, judged } from '../support/judge.js'
import { session } from './session.js'

const { ok, path, run } = session()

/** What is offered for the last word. */
const offered = async (...words: string[]): Promise<string[]> => {
  const { code, stdout, stderr } = await run(['__complete', ...words])
  expect([code, stderr]).toEqual([0, ''])
  return stdout.split('\n').slice(0, -1)
}

describe('what a word may become', () => {
  const base = mkdtempSync(join(tmpdir(), 'ciab-completion-'))
  afterAll(() => rmSync(base, { recursive: true, force: true }))
  beforeAll(async () => {
    mkdirSync(join(base, 'elsewhere'))
    for (const line of [
      'init --nodes node1=203.0.113.1,node2=198.51.100.2,node3',
      'add-client phone',
      '-C elsewhere init --nodes far',
    ])
      expect(await run(line.split(' '), { cwd: base })).toMatchObject({ code: 0 })
  })

  it.each<[string[], string[]]>([
    [['ren'], ['rename-node', 'rename-client']],
    [['-C', 'x', 'veri'], ['verify']],
    [['help', 'showc'], ['showconf']],
    [['gen', '--pub'], ['--public']],
    [['gen', '--public', '--pub'], []],
    [['gen', '-o', 'x', '--o'], []],
    [['gen', '-o', ''], [':files']],
    [['gen', '--format', 'j'], ['json']],
    [['gen', '--format=j'], ['--format=json']],
    [['gen', '--format', '=', 'j'], ['json']],
    [
      ['impact', '--format', ''],
      ['text', 'json', 'github', 'markdown'],
    ],
    [['init', '--format', ''], []],
    [
      ['show', ''],
      ['node1', 'node2', 'node3', 'phone'],
    ],
    [
      ['show', 'node1', 'n'],
      ['node2', 'node3'],
    ],
    [['rm', 'p'], []],
    [['remove-client', ''], ['phone']],
    [
      ['verify', '--without', 'node1,'],
      ['node1,node2', 'node1,node3'],
    ],
    [['set', 'm'], ['mesh']],
    [['set', 'mesh', 'path'], ['path-mtu']],
    [
      ['set', 'node', 'node'],
      ['node1', 'node2', 'node3'],
    ],
    [['set', 'node', 'node1', 'listen'], ['listen-port']],
    [
      ['set', 'group', 'west', 'members', 'node1', 'n'],
      ['node2', 'node3'],
    ],
    [['set', 'mesh', 'port', ''], []],
    [
      ['exclude', ''],
      ['add', 'remove'],
    ],
    [
      ['exclude', 'add', 'node1', ''],
      ['node2', 'node3'],
    ],
    [['showconf', 'node1', '--target', 'fr'], ['frr']],
    [
      ['import', 'net'],
      ['netplan', 'networkd'],
    ],
    [['import', 'wg', ''], [':files']],
    [['completion', ''], [...shells]],
    [['frobnicate', ''], []],
    [['check', ''], []],
    [['gen', '--', '--pu'], []],
    [['show', '-C', 'elsewhere', ''], ['far']],
    [['show', '-f', "'elsewhere/mesh.ini'", ''], ['far']],
    [['show', '-C', 'nowhere', ''], []],
  ])('%j', async (words, expected) => {
    const { code, stdout, stderr } = await run(['__complete', ...words], { cwd: base })
    expect([code, stderr, stdout.split('\n').slice(0, -1)]).toEqual([0, '', expected])
  })

  it('is known for each argument and each option with a value', () => {
    const positionals = commands.flatMap(command =>
      Object.keys(command.positionals).map(name => `${nameOf(command)} ${name}`),
    )
    expect(Object.keys(offersOfArguments).sort()).toEqual(positionals.sort())
    const valued = [...commands.map(({ options }) => options), globalOptions].flatMap(options =>
      Object.entries(options).flatMap(([name, { type }]) => (type === 'string' ? [name] : [])),
    )
    const [own, shared] = [true, false].map(is =>
      Object.keys(offersOfOptions).filter(name => name.includes(' ') === is),
    )
    expect(shared?.sort()).toEqual([...new Set(valued)].sort())
    for (const name of own ?? []) {
      const [command = '', option = ''] = name.split(' ')
      expect([name, commandCalled(command)?.options[option]?.type]).toEqual([name, 'string'])
    }
    expect(keyed).toEqual(Object.keys(fieldsOf))
  })

  it('is no name that a shell would take for something else', async () => {
    writeFileSync(path('mesh.ini'), '[node $(reboot)]\n[node a;b]\n[node `c`]\n[ node  good ]\n[node x]y\n')
    expect(await offered('show', '')).toEqual(['good', 'x'])
  })
})

describe('an option that every object of JavaScript has', () => {
  const names = [Object.prototype, Function.prototype].flatMap(object => Object.getOwnPropertyNames(object))
  it.each([...new Set(names)])('--%s is nothing that is completed', async name => {
    expect(await offered('check', `--${name}`)).toEqual([])
    expect(await offered('check', `--${name}`, '')).toEqual([])
    expect(await offered('gen', '-o', 'x', `-${name}`)).toEqual([])
    expect(await offered(`--${name}`, '')).toContain('gen')
    expect(await offered(name, '')).toEqual([])
    expect(await offered('set', name, '')).toEqual([])
    expect(await offered('set', 'node', name, name, '')).toEqual([])
  })
})

describe('a shell', () => {
  /** ciab-gen as a shell finds it. */
  const onPath = (): string => {
    mkdirSync(path('bin'))
    const program = join(import.meta.dirname, '../../bin/ciab-gen.js')
    writeFileSync(path('bin/ciab-gen'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`)
    chmodSync(path('bin/ciab-gen'), 0o755)
    return `${path('bin')}:${process.env.PATH}`
  }

  judged(['bash'], 'bash asks for words, and for files itself', async () => {
    await ok('init --nodes node1=203.0.113.1,node2')
    const PATH = onPath()
    const asked = (...words: string[]): string[] => {
      const script = `source <(ciab-gen completion bash); COMP_WORDS=(ciab-gen "$@"); COMP_CWORD=$#
        _ciab_gen; printf '%s\\n' "\${COMPREPLY[@]}"`
      const { stdout, stderr } = spawnSync('bash', ['--norc', '-u', '-c', script, '-', ...words], {
        cwd: path('.'),
        encoding: 'utf8',
        env: { ...process.env, PATH },
      })
      expect(stderr).toBe('')
      return stdout.split('\n').filter(line => line !== '')
    }
    expect(asked('remove-n')).toEqual(['remove-node'])
    expect(asked('show', 'node')).toEqual(['node1', 'node2'])
    expect(asked('check', '--constructor', '')).toEqual([])
    expect(asked('gen', '-o', '')).toEqual([])
    expect(ask('bash', ['-n'], bash).output).toBe('')
  })

  judged(['bash', 'script'], 'bash completes at a TAB on a terminal', async () => {
    await ok('init --nodes node7=203.0.113.7')
    const PATH = onPath()
    writeFileSync(path('rc'), "PS1='$ '\nsource <(ciab-gen completion bash)\n")
    const { stdout } = spawnSync('script', ['-qec', 'bash --noprofile --rcfile rc -i', '/dev/null'], {
      cwd: path('.'),
      encoding: 'utf8',
      input: 'ciab-gen pla\tnod\t\nciab-gen check --constructor \t\nexit\n',
      env: { ...process.env, PATH, TERM: 'dumb' },
    })
    expect(stdout).toMatch(/^\{[\s\S]*"node7"/m)
    expect(stdout).toContain('"check" has no option --constructor')
    expect(stdout).not.toMatch(/bug|undefined|native code|\bat .*\.js/)
  })

  judged(['shellcheck'], 'shellcheck has nothing against the script for bash', () => {
    expect(ask('shellcheck', ['-s', 'bash', '-'], bash)).toEqual({ status: 0, output: '' })
  })

  judged(['zsh'], 'zsh reads its script, and asks for words', async () => {
    await ok('init --nodes node1=203.0.113.1,node2')
    const PATH = onPath()
    writeFileSync(path('_ciab-gen'), zsh)
    const script = `compdef() { }; compadd() { shift; print -l -- "$@" }; _files() { print files }
      source ./_ciab-gen
      words=(ciab-gen show node); CURRENT=3; _ciab-gen
      words=(ciab-gen gen -o ''); CURRENT=4; _ciab-gen
      words=(ciab-gen check --constructor ''); CURRENT=4; _ciab-gen`
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], {
      cwd: path('.'),
      encoding: 'utf8',
      env: { ...process.env, PATH },
    })
    expect([stdout, stderr]).toEqual(['node1\nnode2\nfiles\n', ''])
  })
})
