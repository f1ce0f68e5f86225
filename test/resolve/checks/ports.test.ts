import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout } from '../../support/resolved.js'
import { containers, segment, subnet, tenant, withNetworks } from '../networks/text.js'

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

describe('a port of what listens on bridges of containers', () => {
  const none = 'containers = none'
  const bare = (...lines: string[]) => [none, ...lines]
  const six = ['overlay = 10.78.0.0/16, fd42:0:0:fffe::/64', 'underlay = 10.79.0.0/16, fd42:0:0:ffff::/64']
  const both = ['containers = 10.77.0.0/16 /24, fd42::/49 /64', ...six]
  const lxdbr0 = (...addresses: string[]) => `containers = lxdbr0 ${addresses.join(', ')}`

  test.each<[string, string, string[], string[][], string[]]>([
    ['names', '', ['port = 53'], [], ['value-conflict port = 53']],
    ['DHCP', '', ['port = 67'], [], ['value-conflict port = 67']],
    ['DHCPv6 without IPv6', '', ['port = 547'], [], []],
    ['DHCPv6', '', [...both, 'port = 547'], [], ['value-conflict port = 547']],
    ['the client of DHCP', '', [...both, 'port = 546'], [], []],
    ['VXLAN, names', '', ['vxlan-port = 53'], [], ['value-conflict vxlan-port = 53']],
    ['VXLAN, DHCP', '', ['vxlan-port = 67'], [], ['value-conflict vxlan-port = 67']],
    ['VXLAN, DHCPv6', '', [...both, 'vxlan-port = 547'], [], []],
    ['no VXLAN', '', ['mode = l3', 'vxlan-port = 53'], [], []],
    ['no bridge', '', bare('port = 53'), [], []],
    ['a node without one', '', ['port = 53'], [[none], [none], [none]], []],
    [
      'one node with one',
      '',
      [],
      [['listen-port = 53', none], ['listen-port = 67']],
      ['value-conflict listen-port = 67'],
    ],
    ['nobody who makes them', '', ['port = 53', 'container-runtime = none'], [], []],
    ['a segment', segment('a', subnet), bare('port = 53'), [], ['value-conflict port = 53']],
    ['a segment without addresses', segment('a'), bare('port = 53'), [], []],
    ['a segment of others', segment('a', subnet, 'nodes = n1'), bare(), [[], ['listen-port = 53']], []],
    ['a tenant: no names', tenant('a', containers), bare('port = 53'), [], []],
    ['a tenant: DHCP', tenant('a', containers), bare('port = 67'), [], ['value-conflict port = 67']],
    ['a tenant of others', tenant('a', containers, 'nodes = n1'), bare(), [[], ['listen-port = 67']], []],
    [
      "a tenant's segment",
      tenant('a', containers, 'nodes = n1') + segment('s', subnet, 'tenant = a'),
      bare('port = 53'),
      [['listen-port = 67']],
      ['value-conflict listen-port = 67'],
    ],
    [
      'a bridge of the operator',
      '',
      ['port = 53'],
      [[lxdbr0('10.141.7.1/24')], [none], [none]],
      ['bridge-port port = 53'],
    ],
    [
      'one of ours beside it',
      '',
      ['port = 53'],
      [['containers[] = lxdbr0 10.141.7.1/24', 'containers[] = ciabbr0 auto'], [none], [none]],
      ['value-conflict port = 53'],
    ],
  ])('%s', (_, networks, mesh, nodes, expected) => {
    expect(codesAbout(withNetworks(networks, mesh, ...nodes))).toEqual(expected)
  })

  test('is said with what listens there', () => {
    const about = (...mesh: string[]) => diagnosticsAbout(withNetworks('', mesh))
    expect(about('port = 53')).toMatchObject([
      {
        message: 'WireGuard cannot have port 53, on which the name server of container bridges listens',
        hint: 'write another port, such as 51820',
      },
    ])
    expect(about('vxlan-port = 67')).toMatchObject([
      {
        message: 'VXLAN cannot have port 67, on which DHCP of container bridges listens',
        hint: 'write another port, such as 4789',
      },
    ])
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
