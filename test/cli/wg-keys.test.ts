import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { ask, judged } from '../support/judge.js'
import { session } from './session.js'

const { run, path } = session()

const pubkey = (text: string) => run(['pubkey'], { stdin: async () => text })

/** Standard inputs: keys as they come, clamped and not, and what is none. */
const keys = [
  'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=',
  '//////////////////////////////////////////8=',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=',
]
const endings = ['', '\n', '\r\n', ' \t\v\f\n\n', '\u0000']
const wrong = [
  '',
  '\n',
  'banana',
  ` ${keys[0]}`,
  `${keys[0]}x`,
  `${keys[0]}\n${keys[1]}`,
  `${keys[0]}\u0001`,
  `${keys[0]?.slice(0, 43)}`,
  `${keys[0]?.slice(0, 42)}l=`,
  `${keys[0]?.slice(0, 42)}==`,
  `-${keys[0]?.slice(1)}`,
]

describe('pubkey', () => {
  judged(['wg'], 'answers what wg answers, byte for byte', async () => {
    for (const key of keys)
      for (const ending of endings) {
        const wg = spawnSync('wg', ['pubkey'], { input: key + ending, encoding: 'utf8' })
        expect([key, wg.status]).toEqual([key, 0])
        expect(await pubkey(key + ending)).toEqual({ code: 0, stdout: wg.stdout, stderr: '' })
      }
  })

  judged(['wg'], 'refuses what wg refuses, and never repeats it', async () => {
    for (const text of wrong) {
      expect([text, spawnSync('wg', ['pubkey'], { input: text }).status]).toEqual([text, 1])
      const { code, stdout, stderr } = await pubkey(text)
      expect([text, code, stdout]).toEqual([text, 1, ''])
      expect(stderr).toContain('[key-syntax]')
      expect(stderr).not.toMatch(/banana|yAnz5TF/)
    }
  })

  it('reads the standard input of a process', () => {
    const program = new URL('../../bin/ciab-gen.js', import.meta.url).pathname
    const child = spawnSync(process.execPath, [program, 'pubkey'], {
      input: `${keys[0]}\n`,
      encoding: 'utf8',
    })
    expect(child.status).toBe(0)
    expect(child.stdout).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
    const endless = spawnSync('sh', ['-c', `yes | "$0" "$1" pubkey`, process.execPath, program], {
      cwd: path('.'),
      encoding: 'utf8',
    })
    expect([endless.status, endless.stdout]).toEqual([1, ''])
  })
})

describe('genkey and genpsk', () => {
  judged(['wg'], 'print what wg prints: one line, and private keys as wg clamps them', async () => {
    for (let turn = 0; turn < 20; turn++) {
      const [key, psk] = [await run(['genkey']), await run(['genpsk'])]
      for (const { code, stdout, stderr } of [key, psk]) {
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
      }
      const bytes = Buffer.from(key.stdout, 'base64')
      expect([(bytes[0] as number) & 7, (bytes[31] as number) & 0xc0]).toEqual([0, 0x40])
      expect(ask('wg', ['pubkey'], key.stdout).status).toBe(0)
    }
    const all = await Promise.all(Array.from({ length: 20 }, () => run(['genkey'])))
    expect(new Set(all.map(({ stdout }) => stdout)).size).toBe(20)
  })
})
