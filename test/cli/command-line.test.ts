import { mkdirSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, path } = session()

describe('a wrong command line', () => {
  it.each([
    [['gn'], '"gn" is not a command', 'did you mean "gen"?'],
    [['gen', '--chek'], '"gen" has no option --chek', 'did you mean --check?'],
    [['gen', '--no-check'], '"gen" has no option --no-check', '--help'],
    [['gen', '-o', 'a', '-o', 'b'], '-o stands twice', 'keep one'],
    [['-C', 'a', 'check', '-C', 'b'], '-C stands twice', 'keep one'],
    [['gen', '-o'], '-o has no value', 'write -o VALUE'],
    [['verify', '--path', 'node1'], '--path takes two values', 'write --path FROM TO'],
    [['init', '--count', 'abc'], '--count abc is not a whole number', ''],
    [['init', '--count', '-1'], '--count -1 is not a whole number', ''],
    [['init', '--count', '1e9'], '--count 1e9 is not', ''],
    [['init', '--count', '3', '--format', 'x'], 'does not have one %d', "--format 'node%02d'"],
    [['init', '--count', '3', '--format', '%d%d'], 'does not have one %d', ''],
    [['init', '--nodes', 'a,,b'], 'empty member', ''],
    [['init', '--nodes', 'a,a'], '"a" stands twice', ''],
    [['init', '--nodes', 'a='], 'has no endpoint', ''],
    [['init', 'a', 'b'], '"b" is one argument too many', '--help'],
    [['add-node'], 'no node is named', 'add-node NAME'],
    [['add-node', 'a', 'b', '--id', '4'], '--id is for one node', ''],
    [['add-node', 'a', '--id', '0'], '--id 0 is not', ''],
    [['remove-node'], '"remove-node" needs more words', 'write ciab-gen remove-node <names..>'],
    [['rename-node', 'a'], '"rename-node" needs more words', 'write ciab-gen rename-node <old> <new>'],
    [['gen', '--', 'a'], '"a" stands behind --', 'leave out the --'],
    [['gen', '--public=yes'], '--public has no value', 'write --public, or leave it out'],
    [['gen', '--check=true', '-o', 'x'], '--check has no value', ''],
    [['check', 'x'], '"x" is one argument too many for "check"', ''],
    [['check', '--__proto__', 'x'], '', ''],
    [['--', 'gen', '-x'], '', ''],
  ])('%j', async (args, message, hint) => {
    const { code, stdout, stderr } = await run(args)
    expect(stderr).toContain(message)
    expect(stderr).toContain(hint)
    expect(stderr).not.toContain('    at ')
    expect({ code, stdout }).toEqual({ code: args[0] === '--' ? code : 2, stdout: '' })
  })

  it('without any word shows help on standard error', async () => {
    expect(await run([])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('ciab-gen add-node'),
    })
  })
})

describe('help, version and completion', () => {
  it('are data', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('ciab-gen gen [nodes..]'),
    })
    expect(await run(['gen', '--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--public'),
    })
    expect(await run(['completion', 'bash'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('complete -F _ciab_gen ciab-gen'),
    })
    for (const [SHELL, script] of [
      ['/usr/bin/zsh', '#compdef ciab-gen'],
      ['/bin/bash', 'complete -F'],
      ['/bin/sh', 'complete -F'],
    ] as const)
      expect((await run(['completion'], { env: { SHELL } })).stdout).toContain(script)
    expect(await run(['completion', 'fish'])).toMatchObject({ code: 2 })
    expect(await run(['--get-yargs-completions', 'ciab-gen', 'ren'])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('color', () => {
  const answer = async (isTerminal: boolean, env: Record<string, string>) => {
    let stderr = ''
    await run(['check'], { env, stderr: { isTerminal, write: text => (stderr += text) } })
    return stderr.includes('\u001b[')
  }

  it('is for terminals that want it', async () => {
    expect(await answer(true, {})).toBe(true)
    expect(await answer(true, { NO_COLOR: '1' })).toBe(false)
    expect(await answer(true, { TERM: 'dumb' })).toBe(false)
    expect(await answer(false, {})).toBe(false)
  })
})

describe('-C and -f', () => {
  it('say where to work', async () => {
    await ok('init --nodes a')
    mkdirSync(path('sub'))
    await ok('-C sub -f other.ini init --nodes b')
    expect(readdirSync(path('sub')).sort()).toEqual(['keys', 'other.ini'])
    await ok('-C sub -f other.ini gen -o ../there')
    expect(readdirSync(path('there'))).toContain('b')
    for (const command of ['check', 'gen', 'set mesh port 1', 'add-node x'])
      expect((await run(['-C', 'nowhere', ...command.split(' ')])).code).toBe(1)
    expect((await run(['check', '-f', './mesh.ini'])).code).toBe(0)
  })
})
