import { describe, expect, test } from 'vitest'
import { planMesh } from '../../src/index.js'
import type { MeshPlan, NamesPlan } from '../../src/model/plan.js'
import {
  type Address,
  addressOf,
  addressPart,
  type DomainName,
  familyOf,
  integerOf,
  networkOf,
  type Prefix,
  rangeOf,
} from '../../src/net/index.js'
import { textOf } from '../../src/render/chunks.js'
import type { OutputFile } from '../../src/render/target.js'
import { cutsOf } from '../../src/targets/zone/cuts.js'
import { zoneFiles } from '../../src/targets/zone/index.js'
import { withSerial } from '../../src/targets/zone/serial.js'
import { isWithin } from '../oracles/addresses.js'
import { readZone, reverseName } from '../oracles/zone.js'
import { complaintsOf } from '../support/bind.js'
import { ask, judged } from '../support/judge.js'
import { fixtures, meshOf } from '../support/meshes.js'

const origins = (...ranges: string[]): string[] => cutsOf(ranges as Prefix[]).map(({ origin }) => origin)

describe('reverse zones', () => {
  test.each([
    ['10.78.0.0/16', ['78.10.in-addr.arpa']],
    ['10.0.0.0/8', ['10.in-addr.arpa']],
    ['10.78.8.0/22', ['8.78.10', '9.78.10', '10.78.10', '11.78.10'].map(zone => `${zone}.in-addr.arpa`)],
    ['172.16.0.0/12', Array.from({ length: 16 }, (_, at) => `${16 + at}.172.in-addr.arpa`)],
    ['192.168.7.128/25', ['7.168.192.in-addr.arpa']],
    ['192.168.7.9/32', ['7.168.192.in-addr.arpa']],
    ['fd00::/8', ['d.f.ip6.arpa']],
    ['fd42:c1ab::/49', Array.from({ length: 8 }, (_, at) => `${at}.0.0.0.0.b.a.1.c.2.4.d.f.ip6.arpa`)],
    ['fd42:c1ab:0:6::/63', [6, 7].map(at => `${at}.0.0.0.0.0.0.0.b.a.1.c.2.4.d.f.ip6.arpa`)],
    ['fd42::4/127', ['0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.4.d.f.ip6.arpa']],
  ])('of %s', (range, zones) => {
    expect(origins(range)).toEqual(zones)
  })

  test('are one where two ranges share it, and none lies in another', () => {
    expect(origins('192.168.7.0/25', '192.168.7.128/25')).toEqual(['7.168.192.in-addr.arpa'])
    expect(origins('fd00:9::/120', 'fd00:9::/64', '10.1.0.0/16')).toEqual([
      '1.10.in-addr.arpa',
      '0.0.0.0.0.0.0.0.9.0.0.0.0.0.d.f.ip6.arpa',
    ])
  })

  test('cover every range of whatever length, first and last address included, and nothing else', () => {
    for (const range of everyLength()) {
      const cuts = cutsOf([range])
      const [first, last] = rangeOf(range)
      for (const number of [first, last]) {
        const address = addressOf(familyOf(range), number)
        const owner = reverseName(address)
        expect(cuts.filter(({ origin }) => owner.endsWith(`.${origin}.`))).toHaveLength(1)
      }
      for (const { prefix, around } of cuts)
        expect([range, isWithin(prefix, range)]).toEqual([range, around.length === 0])
    }
  })
})

const everyLength = (): Prefix[] => [
  ...Array.from({ length: 25 }, (_, at) => networkOf('10.173.94.57' as Address, 8 + at)),
  ...Array.from({ length: 121 }, (_, at) =>
    networkOf('fd5b:c1ab:7a3e:95d6:3b79:e5a4:17f2:6c95' as Address, 8 + at),
  ),
]

const namesAt = (range: Prefix): NamesPlan => {
  const [, last] = rangeOf(range)
  return {
    domain: 'mesh.example.net' as DomainName,
    servers: ['node1.mesh.example.net'],
    nodes: [
      {
        name: 'node1',
        fullName: 'node1.mesh.example.net',
        overlay: [addressOf(familyOf(range), last)],
        underlay: [],
        gateways: [addressPart(range)].filter(address => integerOf(address) !== last),
        pinned: [],
      },
    ],
    ranges: [range],
  }
}

const meshWith = (names: NamesPlan): MeshPlan => ({ mesh: 'ciabmesh', targets: [], names })

describe('the tools of BIND', () => {
  judged(['named-checkzone', 'named-checkconf'], 'load the zones of every fixture without a word', () => {
    for (const fixture of fixtures)
      expect([fixture.name, complaintsOf(zoneFiles(planMesh(meshOf(fixture, true))))]).toEqual([
        fixture.name,
        '',
      ])
  })

  judged(['named-checkzone'], 'load zones for prefixes of every length', () => {
    // Of a range of 128 zones the empty ones are all alike.
    const files = everyLength().flatMap(range =>
      zoneFiles(meshWith(namesAt(range))).filter(
        ({ path, content }) => path.endsWith('.arpa') && / IN PTR /.test(textOf(content)),
      ),
    )
    expect(files.length).toBeGreaterThan(200)
    // Ranges that share a zone's name come one after the other.
    for (let rest = files; rest.length > 0; ) {
      const batch = new Map(rest.map(file => [file.path, file]))
      expect(complaintsOf([...batch.values()])).toBe('')
      rest = rest.filter(file => batch.get(file.path) !== file)
    }
  })

  judged(['named-checkzone'], 'would not load records that lie outside, or a broken one', () => {
    const forward = zoneFiles(meshWith(namesAt('10.78.0.0/16' as Prefix)))[0] as OutputFile
    const broken = (from: string | RegExp, to: string): string =>
      complaintsOf([{ ...forward, content: [Buffer.from(textOf(forward.content).replace(from, to))] }])
    expect(broken(/^node1 /m, 'node1.example.com. ')).toContain('out-of-zone')
    expect(broken('3600 ; refresh', 'soon')).toContain('refused')
    expect(broken(/^node1 .*$/m, '')).toContain('has no address records')
  })

  judged(['named-checkzone'], 'do not load what vwgen writes', () => {
    const said = ask(
      'named-checkzone',
      ['mesh.example.net', '/dev/stdin'],
      '$ORIGIN mesh.example.net.\n$TTL 300\nmesh.example.net. 300 IN SOA ns1.mesh.example.net. hostmaster.mesh.example.net. 1795338847 86400 7200 604800 300\nnode1.mesh.example.net. 300 IN A 172.16.10.75\n75.10.16.172.in-addr.arpa. 300 IN PTR node1.mesh.example.net.\n',
    )
    expect(said.status).toBe(1)
    expect(said.output).toContain('has no NS records')
  })
})

describe('a serial', () => {
  const zone = (what: string) => withSerial(serial => [Buffer.from(`${what}\n    ${serial} ; serial\n`)])
  const first = (what: string): string => textOf(zone(what).content)
  const next = (what: string, before: string): string => textOf(zone(what).revise(before))

  test('begins with a number of the content', () => {
    expect(first('a')).toBe(first('a'))
    expect(first('a').slice(2)).not.toBe(first('b').slice(2))
  })

  test('stays with the content, and is one more with another', () => {
    expect(next('a', first('a'))).toBe(first('a'))
    expect(next('b', 'a\n    7 ; serial\n')).toBe('b\n    8 ; serial\n')
    expect(next('a', 'a\n    2026112201 ; serial\n')).toBe('a\n    2026112201 ; serial\n')
  })

  test('goes around, and leaves out 0', () => {
    expect(next('b', 'a\n    4294967295 ; serial\n')).toBe('b\n    1 ; serial\n')
  })

  test('begins anew where there was none', () => {
    for (const before of ['', 'nothing', 'a\n    4294967296 ; serial\n', 'a\n    x ; serial\n'])
      expect(next('a', before)).toBe(first('a'))
  })
})

test('the zones of the fixture are in its domain, as DNS has it, and served by whom it says', () => {
  const fixture = fixtures.find(({ name }) => name === 'names')
  const [forward, ...others] = zoneFiles(planMesh(meshOf(fixture as (typeof fixtures)[number], true)))
  expect(readZone(textOf(forward?.content ?? []))).toMatchObject({
    origin: 'mesh.xn--bcher-kva.example.',
    servers: ['node1.mesh.xn--bcher-kva.example.', 'ns.example.net.'],
  })
  expect(others.some(({ path }) => path === 'db.7.201.10.in-addr.arpa')).toBe(true)
})
