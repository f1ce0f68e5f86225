import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../src/targets/frr/evpn/mend-tenants.sh', import.meta.url))

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ciab-tenants-'))
  mkdirSync(join(root, 'bin'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** As three machines with two tenants said it, each with networks in both families. */
const routes = [
  '10.50.2.0/24 nhid 139 via 10.79.0.2 dev l3-blue table 1201 metric 20 onlink',
  '10.50.2.0/24 nhid 147 via 10.79.0.2 dev l3-red table 1501 metric 20 onlink',
  '10.77.2.0/24 nhid 159 via 10.78.0.2 dev vciabmesh metric 20',
]
const routes6 = [
  'fd50:0:0:2::/64 nhid 149 via ::ffff:10.79.0.2 dev l3-red table 1501 metric 20 onlink pref medium',
  'fd65::/64 nhid 164 metric 20 pref medium',
  '\tnexthop via fd65::2 dev vciabmesh weight 1',
]
const neighbors = [
  '10.79.0.2 dev l3-blue lladdr 02:7d:74:00:00:02 extern_learn NOARP proto zebra',
  '10.79.0.2 dev l3-red lladdr 02:7d:74:00:00:02 extern_learn NOARP proto zebra',
  '224.0.0.22 dev l3-red lladdr 01:00:5e:00:00:16 NOARP',
]
const neighbors6 = ['::ffff:10.79.0.2 dev l3-red lladdr 02:7d:74:00:00:02 extern_learn NOARP proto zebra']
const entries = [
  '02:7d:74:00:00:02 dev vx-blue extern_learn master l3-blue',
  '02:7d:74:00:00:02 dev vx-blue dst 10.79.0.2 self extern_learn',
  '02:7d:74:00:00:02 dev vx-red extern_learn master l3-red',
  '02:7d:74:00:00:02 dev vx-red dst 10.79.0.2 self extern_learn',
]
const bgp = `   Network          Next Hop            Metric LocPrf Weight Path
Route Distinguisher: 10.79.0.2:3
*>i[5]:[0]:[24]:[10.50.2.0]
                    10.79.0.2                0    100      0 i
                    RT:64512:1501 ET:8 Rmac:02:7d:74:00:00:02
* i                 10.79.0.2                0    100      0 i
                    RT:64512:1501 ET:8 Rmac:02:7d:74:00:00:99
`

interface Host {
  readonly neighbors: readonly string[]
  readonly neighbors6: readonly string[]
  readonly entries: readonly string[]
  readonly bgp: string
}

const usual: Host = { neighbors, neighbors6, entries, bgp }

const without = (lines: readonly string[], part: string): string[] =>
  lines.filter(line => !line.includes(part))

/** What the program says, and then what it has made. */
const mended = (host: Host): string[] => {
  const write = (path: string, lines: readonly string[] | string): void =>
    writeFileSync(join(root, path), typeof lines === 'string' ? lines : lines.map(one => `${one}\n`).join(''))
  const stub = (name: string, text: string): void => {
    write(`bin/${name}`, `#!/bin/sh\n${text}\n`)
    chmodSync(join(root, 'bin', name), 0o755)
  }
  write('r4', routes)
  write('r6', routes6)
  write('n4', host.neighbors)
  write('n6', host.neighbors6)
  write('fdb', host.entries)
  write('bgp', host.bgp)
  write('made', '')
  stub(
    'ip',
    `case "$*" in
      '-4 route show table all proto 186') cat ${root}/r4 ;; '-6 route show table all proto 186') cat ${root}/r6 ;;
      '-4 neigh show nud all') cat ${root}/n4 ;; '-6 neigh show nud all') cat ${root}/n6 ;;
      *) echo "ip $*" >>${root}/made ;;
    esac`,
  )
  stub('bridge', `if [ "$*" = 'fdb show' ]; then cat ${root}/fdb; else echo "bridge $*" >>${root}/made; fi`)
  stub('vtysh', `echo asked >>${root}/asked; cat ${root}/bgp`)
  const { status, stdout, stderr } = spawnSync('sh', [program], {
    env: { PATH: `${root}/bin:${process.env.PATH}` },
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  return [...stdout.split('\n'), ...readFileSync(join(root, 'made'), 'utf8').split('\n')].filter(Boolean)
}

const neighborOf = (via: string): string =>
  `ip neigh replace ${via} lladdr 02:7d:74:00:00:02 dev l3-red nud noarp extern_learn`
const entry = 'bridge fdb replace 02:7d:74:00:00:02 dev vx-red dst 10.79.0.2 self master dynamic extern_learn'

describe("ways to tenants' networks on other nodes", () => {
  test('are left alone while all of them is there, and nobody is asked', () => {
    expect(mended(usual)).toEqual([])
    expect(() => readFileSync(join(root, 'asked'))).toThrow('ENOENT')
  })

  test('get the neighbor back that FRR forgot, of IPv4', () => {
    const found = mended({ ...usual, neighbors: without(neighbors, 'dev l3-red lladdr 02') })
    expect(found).toEqual([
      'l3-red: 10.79.0.2 is 02:7d:74:00:00:02 again, which FRR had forgotten',
      neighborOf('10.79.0.2'),
      entry,
    ])
  })

  test('get the neighbor back that FRR forgot, of IPv6', () => {
    expect(mended({ ...usual, neighbors6: [] })).toEqual([
      'l3-red: ::ffff:10.79.0.2 is 02:7d:74:00:00:02 again, which FRR had forgotten',
      neighborOf('::ffff:10.79.0.2'),
      entry,
    ])
  })

  test('get their VXLAN entry back, in one tenant alone', () => {
    const found = mended({ ...usual, entries: without(entries, 'vx-red dst') })
    expect(found.filter(line => line.startsWith('bridge'))).toEqual([entry, entry])
    expect(found.join()).not.toContain('blue')
  })

  test('are told of where bgpd does not know them either, and nothing is made', () => {
    expect(mended({ ...usual, neighbors6: [], bgp: '' })).toEqual([
      'l3-red: nothing gets to ::ffff:10.79.0.2, and bgpd does not know its MAC address',
    ])
  })
})
