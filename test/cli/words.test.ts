import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { ok, path, run, text } = session()

describe('a wrong command line of init names the word, and leaves nothing', () => {
  it.each([
    [
      ['init', '--nodes', 'a=192.0.2.1', 'b=192.0.2.2'],
      '"b=192.0.2.2"',
      'write --nodes NAME=ENDPOINT,b=192.0.2.2',
    ],
    [['init', 'a=192.0.2.1', 'b=192.0.2.2'], '"b=192.0.2.2"', 'help'],
    [['init', '--nodes', 'a=192.0.2.300'], '192.0.2.300', 'write HOST'],
    [['init', '--underlay', '10.1.2.3/16'], '10.1.2.3/16', 'the network is 10.1.0.0/16'],
    [['init', 'a.b'], '"a.b"', ''],
  ])('%j', async (line, word, hint) => {
    const { code, stderr } = await run(line)
    expect(stderr).toContain(word)
    expect(stderr).toContain(hint)
    expect(stderr).not.toContain('mesh.ini:')
    expect(code).toBe(2)
    expect(existsSync(path('mesh.ini'))).toBe(false)
    expect(existsSync(path('keys'))).toBe(false)
  })
})

describe('set', () => {
  it('takes several values for a list, whichever it is', async () => {
    await ok('init --nodes a=192.0.2.1,b=192.0.2.2')
    await ok('set node a allowed-ips 10.1.0.0/16 10.2.0.0/16')
    expect(text('mesh.ini')).toMatch(
      /\nallowed-ips\[\] *= 10\.1\.0\.0\/16\nallowed-ips\[\] *= 10\.2\.0\.0\/16\n/,
    )
    await ok('set mesh families ipv6 ipv4')
    await ok('check')
    expect((await run(['set', 'mesh', 'port', '1024', '1025'])).code).toBe(1)
  })

  it('makes a group of its members, and of nothing else', async () => {
    await ok('init --nodes a=192.0.2.1,b=192.0.2.2')
    expect(await run(['set', 'group', 'home', 'keepalive', '25'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('write set group home members NODE'),
    })
    await ok('set group home members a b')
    await ok('set group home keepalive 25')
    expect(text('mesh.ini')).toMatch(/\n\[group home\]\nmembers\[\] = a\nmembers\[\] = b\nkeepalive = 25\n/)
  })
})

it('gen says each warning in a line, and where the rest of it is', async () => {
  await ok('init --nodes a=192.0.2.1,b=192.0.2.2')
  await ok('set mesh port 40000')
  const { stderr } = await run(['gen'])
  expect(stderr.split('\n').filter(line => line.includes('40000'))).toEqual([
    expect.stringMatching(/^mesh\.ini:8:14: warning: port 40000 .*\[ephemeral-port\]$/),
    expect.stringContaining('open UDP port 40000'),
  ])
  expect(stderr).toContain('\nwhat to do about them: ciab-gen check\n')
  expect((await run(['check'])).stderr).toContain('hint: write one from 1024 to 32767')
})
