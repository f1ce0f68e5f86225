import { describe, expect, test } from 'vitest'
import { endpointFor } from '../../../src/model/dialing.js'
import {
  codesAbout,
  codesOfResolve,
  diagnosticsAbout,
  meshText,
  nodeIn,
  resolved,
} from '../../support/resolved.js'

const nat = ['endpoint = none']
const l3 = ['mode = l3']
const unrouted = ['routing = none']
const six = (at: number) => [`endpoint = [2001:db8::${at}]`]

/** The pairs that do not peer, as `a-b: relay`. */
const detours = (text: string): string[] => {
  const mesh = resolved(text)
  const name = (id: number | null) => mesh.nodes.find(node => node.id === id)?.name ?? 'nobody'
  return [...mesh.detours]
    .flatMap(([a, others]) => [...others].map(([b, relay]) => [a, b, relay] as const))
    .filter(([a, b]) => a < b)
    .sort((one, other) => one[0] - other[0] || one[1] - other[1])
    .map(([a, b, relay]) => `${name(a)}-${name(b)}: ${name(relay)}`)
}

describe('who meets through whom', () => {
  test.each([
    ['a full mesh', meshText([], [], [], []), []],
    ['one behind NAT', meshText([], [], nat, []), []],
    ['two behind NAT', meshText([], nat, [], nat), ['n1-n3: n2']],
    ['the lowest id forwards', meshText([], nat, [], [], nat), ['n1-n4: n2']],
    ['all behind NAT', meshText([], nat, nat, nat), ['n1-n2: nobody', 'n1-n3: nobody', 'n2-n3: nobody']],
    ['an excluded pair', `${meshText([], [], [], [])}\n[exclude]\nn1 = n2`, ['n1-n2: n3']],
    ['said twice', `${meshText([], [], [], [])}\n[exclude]\nn1 = n2\nn2 = n1`, ['n1-n2: n3']],
    ['nobody left', `${meshText([], [], [])}\n[exclude]\nn1 = n2`, ['n1-n2: nobody']],
    [
      'a forwarder that is excluded from one of them',
      `${meshText([], nat, [], nat, [])}\n[exclude]\nn2 = n3`,
      ['n1-n3: n4', 'n2-n3: n4'],
    ],
    ['without VXLAN who forwards has routes', meshText(l3, nat, unrouted, nat, []), ['n1-n3: n4']],
    ['and where nobody has, nobody does', meshText(l3, nat, unrouted, nat), ['n1-n3: nobody']],
    [
      'of one that tells of no containers there is nothing to know',
      meshText(l3, nat, unrouted, [...nat, 'routing = none'], []),
      ['n1-n3: n2'],
    ],
    ['with VXLAN addresses of the tunnel are all there is', meshText([], nat, unrouted, nat), ['n1-n3: n2']],
    ['an excluded pair behind NAT', `${meshText([], nat, nat, [])}\n[exclude]\nn1 = n2`, ['n1-n2: n3']],
    [
      'two families',
      meshText([], [...six(1), 'families = ipv4, ipv6'], [], six(3)).concat('\n[exclude]\nn2 = n3'),
      ['n2-n3: n1'],
    ],
  ])('%s', (_, text, expected) => {
    expect(detours(text as string)).toEqual(expected)
  })

  test('is the same whatever the order of the sections', () => {
    const [head, ...sections] = meshText([], nat, [], nat, []).split(/\n(?=\[)/)
    expect(detours([head, ...sections.reverse()].join('\n'))).toEqual(['n1-n3: n2'])
  })
})

describe('what is said about it', () => {
  test.each([
    ['two behind NAT', meshText([], nat, nat, []), ['relayed-pair endpoint = none']],
    ['many behind NAT: one for all', meshText([], nat, nat, [], nat, nat), ['relayed-pair endpoint = none']],
    ['nobody forwards', meshText([], nat, nat), ['unreachable-pair endpoint = none']],
    ['nobody who knows the way', meshText(l3, nat, unrouted, nat), ['unreachable-pair endpoint = none']],
    ['excluded', `${meshText([], [], [], [])}\n[exclude]\nn1 = n2`, ['relayed-pair n1 = n2']],
    ['excluded for good', `${meshText([], [], [])}\n[exclude]\nn1 = n2`, ['unreachable-pair n1 = n2']],
    ['no family in common', meshText([], [], six(2)), ['no-common-family endpoint = [2001:db8::2]']],
    ['a name that has both', meshText([], ['endpoint = a.example'], six(2)), []],
    [
      'a name that has one',
      meshText([], ['endpoint = a.example', 'families = ipv4'], six(2)),
      ['no-common-family endpoint = [2001:db8::2]'],
    ],
    ['NAT that may not have IPv6', meshText([], nat, six(2)), ['family-assumed endpoint = none']],
    [
      'many such: one for all',
      meshText([], nat, six(2), nat),
      ['family-assumed endpoint = none', 'relayed-pair endpoint = none'],
    ],
    ['NAT that has it', meshText([], [...nat, 'families = ipv4, ipv6'], six(2)), []],
    ['a mesh that has it', meshText(['families = ipv4, ipv6'], nat, six(2)), []],
    ['NAT with a peer that has both', meshText([], nat, ['endpoint = [2001:db8::2], 192.0.2.2']), []],
    [
      'NAT that dials one',
      meshText([], ['families = ipv4', ...nat], six(2)),
      ['no-common-family endpoint = [2001:db8::2]'],
    ],
    [
      'both families',
      meshText([], ['endpoint = 203.0.113.1, [2001:db8::1]'], six(2), []),
      ['no-common-family endpoint = 203.0.113.3'],
    ],
    [
      'a family that the mesh does not dial',
      meshText(['families = ipv4'], six(1)),
      ['family-unused endpoint = [2001:db8::1]'],
    ],
    [
      'and no consequence of it',
      meshText(['families = ipv4'], six(1), []),
      ['family-unused endpoint = [2001:db8::1]'],
    ],
    [
      'no consequence of a missing endpoint',
      '[mesh]\n[node a]\nid = 1\n[node b]\nid = 2',
      ['missing-key [node a]', 'missing-key [node b]'],
    ],
    [
      'an unknown node in [exclude]',
      `${meshText([], [], [])}\n[exclude]\nn1 = n2, n3`,
      ['unreachable-pair n1 = n2, n3', 'unknown-node n1 = n2, n3'],
    ],
    ['on the left: once', `${meshText([], [], [])}\n[exclude]\nn9 = n1, n2`, ['unknown-node n9 = n1, n2']],
    ['itself', `${meshText([], [])}\n[exclude]\nn1 = n1`, ['exclude-self n1 = n1']],
  ])('%s', (_, text, expected) => {
    expect(codesAbout(text)).toEqual(expected)
  })

  test('names the node that would forward if it had routes', () => {
    const [only] = diagnosticsAbout(meshText(l3, nat, unrouted, nat))
    expect(only?.hint).toMatch(/, or give n2, that both peer with, a target for routing: /)
  })

  test('names a pair, and how many are like it', () => {
    const [only] = diagnosticsAbout(meshText([], nat, nat, nat))
    expect(only?.message).toMatch(/n1 and n2 \(and 2 more pairs\)/)
    const [two] = diagnosticsAbout(meshText([], nat, [], nat, nat))
    expect(two?.message).toMatch(/n1 and n3 .*n2 \(and 2 more pairs\)/)
  })
})

describe('how a node dials', () => {
  test.each([
    ['203.0.113.1', ['203.0.113.1:51820'], ['ipv4']],
    ['[2001:db8::1]:5', ['[2001:db8::1]:5'], ['ipv6']],
    ['[2001:db8::1], 203.0.113.1', ['[2001:db8::1]:51820', '203.0.113.1:51820'], ['ipv4', 'ipv6']],
    ['a.example, [2001:db8::1]', ['a.example:51820', '[2001:db8::1]:51820'], ['ipv4', 'ipv6']],
    ['a.example', ['a.example:51820'], ['ipv4', 'ipv6']],
    ['none', [], ['ipv4', 'ipv6']],
  ])('%s', (endpoint, endpoints, families) => {
    const node = nodeIn(resolved(meshText([], [`endpoint = ${endpoint}`])), 'n1')
    expect(node.endpoints.map(({ endpoint }) => endpoint)).toEqual(endpoints)
    expect(node.families).toEqual(families)
  })

  test.each([
    ['endpoint = none', '203.0.113.2:51820'],
    ['endpoint = none\nfamilies = ipv6', '[2001:db8::2]:51820'],
    ['endpoint = none\nfamilies = ipv6, ipv4', '[2001:db8::2]:51820'],
    ['endpoint = none\nfamilies = ipv4, ipv6', '203.0.113.2:51820'],
    ['endpoint = [2001:db8::1]', '[2001:db8::2]:51820'],
    ['endpoint = [2001:db8::1], 203.0.113.1', '203.0.113.2:51820'],
  ])('a peer that has both, whichever stands first: %s', (lines, dialed) => {
    for (const both of ['[2001:db8::2], 203.0.113.2', '203.0.113.2, [2001:db8::2]']) {
      const mesh = resolved(meshText([], lines.split('\n'), [`endpoint = ${both}`]))
      expect(endpointFor(nodeIn(mesh, 'n1'), nodeIn(mesh, 'n2'))?.endpoint).toBe(dialed)
    }
  })

  test('on its own port where it has one', () => {
    const node = nodeIn(resolved(meshText(['port = 5000'], ['listen-port = 6000'])), 'n1')
    expect([node.listenPort, node.endpoints[0]?.endpoint]).toEqual([6000, '203.0.113.1:6000'])
  })
})

test('a thousand nodes behind NAT are paired and told about in one breath', () => {
  const nodes = Array.from({ length: 1000 }, (_, at) => [
    at === 0 ? 'endpoint = 203.0.113.1' : 'endpoint = none',
    `public-key = ${Buffer.from(`${at}`.padStart(32, 'k')).toString('base64')}`,
  ])
  expect(codesOfResolve(meshText(['containers = none', 'reflectors = none'], ...nodes))).toEqual([
    'full-mesh-large reflectors = none',
    'relayed-pair endpoint = none',
  ])
})
