import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const program = readFileSync(new URL('../../src/targets/tunnel/follow-names.sh', import.meta.url), 'utf8')

let root = ''

const write = (path: string, text: string, mode = 0o644): void => {
  writeFileSync(join(root, path), text)
  chmodSync(join(root, path), mode)
}

/** A peer as `wg show dump` has it, with what has been received from it and sent to it. */
const peer = (key: string, endpoint: string, rx: number, tx: number, keepalive = 'off'): string =>
  [key, '(none)', endpoint, '10.79.0.2/32', '0', rx, tx, keepalive].join('\t')

/** What the clock, WireGuard and DNS say, and then what the program says, and tells WireGuard. */
const at = (time: number, peers: readonly string[], addresses = '198.51.100.9'): string[] => {
  write('dump', `${['priv', 'pub', '51820', 'off'].join('\t')}\n${peers.join('\n')}\n`)
  write('address', addresses)
  write('time', `${time}`)
  rmSync(join(root, 'told'), { force: true })
  const said = execFileSync('sh', [join(root, 'follow-names.sh')], {
    env: { PATH: `${root}/bin:${process.env.PATH}` },
    encoding: 'utf8',
  })
  return [
    ...said.split('\n'),
    ...readFileSync(join(root, 'told'), { encoding: 'utf8', flag: 'a+' }).split('\n'),
  ].filter(line => line !== '')
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ciab-names-'))
  mkdirSync(join(root, 'bin'))
  mkdirSync(join(root, 'etc'))
  write(
    'follow-names.sh',
    program.replaceAll('/etc/ciab', `${root}/etc`).replaceAll('/run/ciab', `${root}/run`),
  )
  write('etc/follow-names.conf', "mesh='ciabmesh'\n")
  write('etc/ciabmesh.names', '# a comment\nKEY2 home.example 4500 n2\n')
  const stub = (name: string, text: string): void => write(`bin/${name}`, `#!/bin/sh\n${text}\n`, 0o755)
  stub('wg', `if [ "$1" = show ]; then cat ${root}/dump; else echo "$*" >>${root}/told; fi`)
  stub(
    'getent',
    `[ -s ${root}/address ] || exit 2; sed 's/$/ STREAM home.example/' ${root}/address; sed 's/$/ DGRAM/' ${root}/address`,
  )
  stub('date', `cat ${root}/time`)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const old = '198.51.100.1:4500'

describe('a peer that is dialled by a name', () => {
  test('is told its new address once it is silent, and nobody else is', () => {
    const other = peer('KEY3', '203.0.113.3:51820', 5, 5)
    expect(at(1000, [peer('KEY2', old, 100, 100), other])).toEqual([])
    expect(at(1010, [peer('KEY2', old, 100, 900), other])).toEqual([])
    expect(at(1020, [peer('KEY2', old, 100, 1900), other])).toEqual([
      'ciabmesh: n2 is silent at 198.51.100.1:4500, and home.example is 198.51.100.9 now',
      'set ciabmesh peer KEY2 endpoint 198.51.100.9:4500',
    ])
  })

  test('is left where it is while it is heard, wherever that is', () => {
    expect(at(1000, [peer('KEY2', old, 100, 100)])).toEqual([])
    for (const step of [1, 2, 3])
      expect(at(1000 + 20 * step, [peer('KEY2', old, 100 + step, 100 + 900 * step)])).toEqual([])
  })

  test('is left where it is while it is sent nothing but keepalives, which nothing answers', () => {
    expect(at(1000, [peer('KEY2', old, 100, 100, '25')])).toEqual([])
    expect(at(1020, [peer('KEY2', old, 100, 132, '25')])).toEqual([])
    expect(at(1200, [peer('KEY2', old, 100, 100 + 9 * 32, '25')])).toEqual([])
    expect(at(1220, [peer('KEY2', old, 100, 100 + 9 * 32 + 148, '25')])).toHaveLength(2)
  })

  test('is told nothing where the name still leads there, be it second', () => {
    at(1000, [peer('KEY2', old, 100, 100)])
    expect(at(1020, [peer('KEY2', old, 100, 900)], '2001:db8::1\n198.51.100.1')).toEqual([])
    expect(at(1040, [peer('KEY2', '[2001:db8::1]:4500', 100, 1900)], '2001:db8::1')).toEqual([])
  })

  test('is told an IPv6 address in brackets', () => {
    at(1000, [peer('KEY2', old, 100, 100)])
    expect(at(1020, [peer('KEY2', old, 100, 900)], '2001:db8::2')[1]).toBe(
      'set ciabmesh peer KEY2 endpoint [2001:db8::2]:4500',
    )
  })

  test('that has no endpoint yet gets one at once', () => {
    expect(at(1000, [peer('KEY2', '(none)', 0, 0)])[1]).toBe(
      'set ciabmesh peer KEY2 endpoint 198.51.100.9:4500',
    )
  })

  test('whose name says nothing is left alone, and that is said', () => {
    at(1000, [peer('KEY2', old, 100, 100)])
    expect(at(1020, [peer('KEY2', old, 100, 900)], '')).toEqual([
      'ciabmesh: n2 is silent, and home.example cannot be looked up',
    ])
  })

  test('that WireGuard does not have, or a tunnel that is down, is no fault', () => {
    expect(at(1000, [])).toEqual([])
    write('bin/wg', '#!/bin/sh\nexit 1\n', 0o755)
    expect(at(1020, [])).toEqual([])
  })
})
