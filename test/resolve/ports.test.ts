import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout } from '../support/resolved.js'
import { containers, segment, tenant, withNetworks } from './network-text.js'

const l3 = (...lines: string[]) => ['mode = l3', ...lines]

describe('a port that WireGuard and VXLAN would both have', () => {
  test.each<[string, string, string[], string[][], string[]]>([
    ['written for WireGuard', '', ['port = 4789'], [], ['port = 4789']],
    ['for VXLAN', '', ['vxlan-port = 51820'], [], ['vxlan-port = 51820']],
    ['for both', '', ['port = 77', 'vxlan-port = 77'], [], ['port = 77']],
    ['for one node', '', [], [[], ['listen-port = 4789']], ['listen-port = 4789']],
    ['nowhere', '', [], [], []],
    ['without VXLAN', '', l3('port = 4789'), [], []],
    ['without VXLAN, on one node', '', l3('vxlan-port = 51820'), [['listen-port = 4789']], []],
    [
      'with a segment alone',
      segment('a', 'nodes = n1, n2'),
      l3('vxlan-port = 77'),
      [['listen-port = 77'], [], ['listen-port = 77']],
      ['listen-port = 77'],
    ],
    [
      'with a tenant alone',
      tenant('a', containers, 'nodes = n3'),
      l3('vxlan-port = 51820'),
      [['listen-port = 77'], ['listen-port = 77']],
      ['vxlan-port = 51820'],
    ],
    [
      'where a tenant is shared with',
      tenant('a', containers, 'nodes = n3') + tenant('b', 'containers = none', 'nodes = n2', 'share = a'),
      l3(),
      [['listen-port = 4789'], ['listen-port = 4789']],
      ['listen-port = 4789'],
    ],
    ['beside tenants on others', tenant('a', containers, 'nodes = n3'), l3(), [['listen-port = 4789']], []],
    ['by a group', '[group g]\nmembers = n1, n2\nlisten-port = 4789', [], [], ['listen-port = 4789']],
  ])('%s', (_, networks, mesh, nodes, expected) => {
    const found = codesAbout(withNetworks(networks, mesh, ...nodes))
    expect(found).toEqual(expected.map(line => `value-conflict ${line}`))
  })

  test('is shown at both places where both are written', () => {
    const about = (...mesh: string[]) => diagnosticsAbout(withNetworks('', mesh))
    expect(about('port = 77', 'vxlan-port = 77')).toMatchObject([
      {
        message: "WireGuard cannot listen on port 77, which is VXLAN's",
        hint: 'write another port, such as 51820',
        related: { message: 'VXLAN is here', span: { line: 3 } },
      },
    ])
    expect(about('vxlan-port = 51820')).toMatchObject([
      {
        message: 'VXLAN cannot have port 51820, on which WireGuard listens',
        hint: 'write another port, such as 4789',
        related: undefined,
      },
    ])
    expect(about('port = 4789')[0]?.related).toBeUndefined()
  })
})

describe('a port of BFD', () => {
  test.each([[3784], [3785], [4784]])('%i is no port for WireGuard or VXLAN', port => {
    const lines = [`port = ${port}`, `listen-port = ${port}`, `vxlan-port = ${port}`]
    const [mesh = '', node = '', vxlan = ''] = lines
    expect(codesAbout(withNetworks('', [mesh]))).toEqual([`value-conflict ${mesh}`])
    expect(codesAbout(withNetworks('', l3(), [node]))).toEqual([`value-conflict ${node}`])
    expect(codesAbout(withNetworks('', [vxlan]))).toEqual([`value-conflict ${vxlan}`])
    expect(codesAbout(withNetworks('', l3(vxlan)))).toEqual([])
    expect(codesAbout(withNetworks(segment('a'), l3(vxlan)))).toEqual([`value-conflict ${vxlan}`])
  })
})
