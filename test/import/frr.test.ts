import { describe, expect, test } from 'vitest'
import { importFrr, importMesh } from '../../src/import/index.js'
import { load } from '../../src/index.js'
import { publicKeyFor } from '../oracles/keys.js'
import { cases, imported, meshFrom } from './cases.js'

const guide = cases.find(({ name }) => name === 'guide-3-nodes') as (typeof cases)[number]
const addresses = { node1: '172.24.52.57', node2: '172.26.214.253', node3: '172.30.72.19' }
type Node = keyof typeof addresses

/** The guide's template, filled in as the guide says: every node lists all nodes, itself too. */
const filled = (node: Node, networks: readonly string[], changes: readonly [string, string][] = []) => {
  const all = Object.values(addresses)
  const text = [
    '# CIAB BGP and VRF Configuration Template',
    'log syslog informational',
    `hostname ${node}`,
    'password secret-word',
    'enable password other-secret',
    'router bgp 64512',
    `bgp router-id ${addresses[node]}`,
    ...all.map(address => `neighbor ${address} remote-as 64512`),
    ...all.map(address => `neighbor ${address} route-reflector-client`),
    ...networks.map(network => `network ${network}`),
    '',
  ].join('\n')
  return {
    file: `${node}-frr.conf`,
    text: changes.reduce((old, [from, to]) => old.replaceAll(from, to), text),
  }
}

const three = [
  filled('node1', ['10.0.1.0/24']),
  filled('node2', ['10.0.2.0/24', '10.33.0.0/24']),
  filled('node3', ['10.0.3.0/24']),
]

describe("the guide's template, filled in by hand", () => {
  const result = imported({ vwgen: guide.master, frr: three })
  const mesh = meshFrom(result)

  test('gives the AS number and the networks, on bridges that exist', () => {
    expect(mesh.asn).toBe(64512)
    expect(
      mesh.nodes.map(({ networks }) => networks.map(({ bridge, prefixes }) => [bridge, ...prefixes])),
    ).toEqual([
      [['lxdbr0', '10.0.1.0/24']],
      [
        ['lxdbr0', '10.0.2.0/24'],
        ['lxdbr1', '10.33.0.0/24'],
      ],
      [['lxdbr0', '10.0.3.0/24']],
    ])
    for (const { networks } of mesh.nodes) for (const { existing } of networks) expect(existing).toBe(true)
  })

  test('reports each of its faults', () => {
    expect(result.report).toMatch(/node1: it has itself as a neighbor \(172\.24\.52\.57\)/)
    expect(result.report).toMatch(/node1, node2, node3: its neighbors are route-reflector clients/)
    expect(result.report).toMatch(/node1, node2, node3: password lines/)
    expect(result.report).not.toMatch(/secret/)
  })

  test('changes a mesh.ini that is there in the same way, and keeps its comments', () => {
    const before = imported({ vwgen: guide.master })
    const text = before.text.replace('[node node2]', '; the slow one\n[node node2]')
    const after = importFrr({ file: 'mesh.ini', text }, three)
    expect(after.ok && after.value.text).toContain('; the slow one\n[node node2]')
    expect(after.ok && after.value.text.match(/lxdbr\d \S+/g)).toEqual(result.text.match(/lxdbr\d \S+/g))
  })
})

describe('a mesh.ini that is there', () => {
  const before = imported({ vwgen: guide.master })

  test("keeps the operator's word about a node's bridges, and says so", () => {
    const own = 'containers       = br7 10.7.7.1/24\n'
    const text = before.text.replace(/(\[node node2\]\n)/, `$1${own}`)
    const after = importFrr({ file: 'mesh.ini', text }, three)
    if (!after.ok) throw new Error(JSON.stringify(after.diagnostics))
    expect(after.value.text).toContain(own)
    expect(after.value.report).toMatch(/node2: network 10\.0\.2\.0\/24: mesh\.ini says containers/)
  })

  test('gets the AS number of the files, and the report says that it changes', () => {
    const files = [filled('node1', [], [['64512', '64999']])]
    const after = importFrr({ file: 'mesh.ini', text: before.text }, files)
    expect(after.ok && after.value.text).toMatch(/^asn += 64999$/m)
    expect(after.ok && after.value.report).toMatch(/AS number is 64999, as in the files, and no longer 64512/)
  })

  test("keeps the pools' network of one family, where the file has that of the other", () => {
    const text = [
      '[mesh]',
      'containers = 10.77.0.0/16 /24, fd5c:97:1::/49 /64',
      'overlay = 10.78.0.0/16, fd5c:97:1:fffe::/64',
      '[node r1]',
      'id = 1',
      `public-key = ${publicKeyFor('r1')}`,
      'endpoint = 203.0.113.1',
      '[node r2]',
      'id = 2',
      `public-key = ${publicKeyFor('r2')}`,
      'endpoint = 203.0.113.2',
      '',
    ].join('\n')
    const conf = [
      'hostname r2',
      'router bgp 64512',
      ' neighbor 10.78.0.1 remote-as 64512',
      ' address-family ipv4 unicast',
      '  network 10.77.2.0/24',
    ].join('\n')
    const after = importFrr({ file: 'mesh.ini', text }, [{ file: 'r2.conf', text: conf }])
    const loaded = after.ok && load({ file: 'mesh.ini', text: after.value.text }, 'hidden')
    if (!loaded || !('value' in loaded)) throw new Error(JSON.stringify(loaded || after))
    expect(loaded.value.nodes[1]?.networks.map(({ bridge, prefixes }) => [bridge, ...prefixes])).toEqual([
      ['ciabbr0', 'fd5c:97:1:2::/64'],
      ['lxdbr0', '10.77.2.0/24'],
    ])
  })

  test('that has faults is refused with them', () => {
    const after = importFrr(
      { file: 'mesh.ini', text: before.text.replace('id               = 2', 'id = 1') },
      three,
    )
    expect(after.ok || after.diagnostics.map(({ code }) => code)).toContain('duplicate-id')
  })
})

describe('mistakes in it', () => {
  const reportOf = (...frr: readonly { readonly file: string; readonly text: string }[]) =>
    imported({ vwgen: guide.master, frr }).report
  const codesOf = (...frr: readonly { readonly file: string; readonly text: string }[]) => {
    const result = importMesh({ vwgen: guide.master, frr })
    return result.ok ? [] : result.diagnostics.map(({ code }) => code)
  }

  test('a neighbor address that no node has', () => {
    const typo = filled('node1', ['10.0.1.0/24'], [['172.30.72.19', '172.30.72.91']])
    expect(reportOf(typo)).toMatch(/node1: no node has the neighbor address 172\.30\.72\.91/)
    expect(reportOf(typo)).toMatch(/node1: it gets a session with node3/)
  })

  test('the same network on two nodes, or one inside the other', () => {
    const report = reportOf(filled('node1', ['10.0.1.0/24']), filled('node2', ['10.0.1.0/24']))
    expect(report).toMatch(/node2: network 10\.0\.1\.0\/24 is announced by node1 too/)
    const nested = imported({
      vwgen: guide.master,
      frr: [filled('node1', ['10.0.0.0/16']), filled('node2', ['10.0.1.0/24'])],
    })
    expect(nested.report).toMatch(/overlaps 10\.0\.0\.0\/16, which is announced by node1/)
    meshFrom(nested)
  })

  test("the mesh's own pool as a network", () => {
    expect(reportOf(filled('node1', ['172.16.0.0/12']))).toMatch(/the mesh's own 172\.16\.0\.0\/12/)
  })

  test('places nobody filled in', () => {
    const raw = filled('node1', ['10.0.1.0/24'], [['172.30.72.19', "<insert Node3's VTEP IP address here>"]])
    expect(reportOf(raw)).toMatch(/node1: "neighbor <insert .*was never filled in/)
  })

  test('a wrong router-id, where the host name says whose file it is', () => {
    const wrong = filled('node1', [], [['router-id 172.24.52.57', 'router-id 10.1.1.1']])
    expect(reportOf(wrong)).toMatch(/bgp router-id 10\.1\.1\.1 is no address of this node/)
  })

  test('lines without an equivalent', () => {
    const more = filled('node1', [], [['log syslog', 'ip route 10.9.9.0/24 192.168.1.1\nlog syslog']])
    expect(reportOf(more)).toMatch(/"ip route 10\.9\.9\.0\/24 192\.168\.1\.1" of its frr\.conf/)
  })

  test('sessions of another routing table, which end: each of their lines is named', () => {
    const lines = [
      'router bgp 64512 vrf cust',
      ' neighbor 10.1.1.1 remote-as 65500',
      ' neighbor 10.1.1.1 description customer',
      ' neighbor PG peer-group',
      ' neighbor 10.1.1.7 peer-group PG',
    ]
    const { file, text } = filled('node1', ['10.0.1.0/24'])
    const report = reportOf({ file, text: `${text}${lines.join('\n')}\n` })
    for (const line of lines.slice(1)) expect(report).toContain(line.trim())
  })

  test('a file of nobody, two of one node, two AS numbers, and no BGP', () => {
    const stranger = filled(
      'node1',
      [],
      [
        ['172.24.52.57', '10.1.1.1'],
        ['hostname node1', 'hostname x'],
      ],
    )
    expect(codesOf({ ...stranger, file: 'x.conf' })).toEqual(['import-unmatched'])
    expect(codesOf(filled('node1', []), filled('node1', []))).toEqual(['import-conflict'])
    expect(codesOf(filled('node1', []), filled('node2', [], [['64512', '64513']]))).toEqual([
      'import-conflict',
    ])
    expect(codesOf({ file: 'node1.conf', text: 'hostname node1\n' })).toEqual(['import-kind'])
  })
})
