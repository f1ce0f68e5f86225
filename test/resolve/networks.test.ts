import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout, meshText, resolved } from '../support/resolved.js'

/** Three nodes, and sections behind them. */
const withNetworks = (networks: string, mesh: readonly string[] = [], ...nodes: string[][]): string =>
  `${meshText(mesh, ...[0, 1, 2].map(at => nodes[at] ?? []))}\n${networks}`

const tenant = (name: string, ...lines: string[]): string => [`[tenant ${name}]`, ...lines, ''].join('\n')
const segment = (name: string, ...lines: string[]): string => [`[segment ${name}]`, ...lines, ''].join('\n')
const containers = 'containers = 10.80.0.0/16 /24'
const subnet = 'subnet = 10.90.0.0/16 /24'

describe('a segment', () => {
  const text = withNetworks(segment('shop', 'vni = 4242', subnet, 'nodes = n3, n1'))
  const [shop] = resolved(text).segments

  test('is on the nodes that it names, by id, under names of its own', () => {
    expect(shop).toMatchObject({
      name: 'shop',
      vni: 4242,
      tenant: null,
      members: [1, 3],
      vxlan: 'vx-shop',
      bridge: 'br-shop',
      prefixes: ['10.90.0.0/16'],
      gateways: ['10.90.0.1/16'],
    })
    expect(Number.parseInt(shop?.mac.slice(0, 2) ?? '', 16) & 3).toBe(2)
  })

  test('leases on each member the part with its number, from the middle of it', () => {
    expect([...(shop?.leases ?? [])]).toEqual([
      [1, ['10.90.1.100', '10.90.1.254']],
      [3, ['10.90.3.100', '10.90.3.254']],
    ])
  })

  test('has all nodes where it names none, a VNI of its name and perhaps no addresses', () => {
    const [bare] = resolved(withNetworks(segment('shop'))).segments
    expect(bare).toMatchObject({ members: [1, 2, 3], prefixes: [], gateways: [] })
    expect(bare?.vni).toBeGreaterThanOrEqual(65536)
    expect(bare?.vni).toBe(resolved(withNetworks(segment('shop'), ['vni = 7'])).segments[0]?.vni)
    expect(bare?.leases.size).toBe(0)
  })

  test('leaves out nodes that can have no part in it', () => {
    const mesh = resolved(withNetworks(segment('shop'), [], ['routing = none'], ['evpn = none']))
    expect(mesh.segments[0]?.members).toEqual([3])
  })

  test('has no leases of IPv6, whose containers configure themselves', () => {
    const ipv6 = ['overlay = 10.78.0.0/16, fd42::/64', 'underlay = 10.79.0.0/16']
    const [six] = resolved(withNetworks(segment('six', 'subnet = fd90::/64'), ipv6)).segments
    expect(six).toMatchObject({ gateways: ['fd90::1/64'] })
    expect(six?.leases.size).toBe(0)
  })
})

describe('a tenant', () => {
  const text = withNetworks(
    tenant('blue', 'vni = 300', containers, 'share = red') +
      tenant('red', 'containers = 10.81.0.0/16 /24, fd00:101::/48 /64', 'nodes = n2'),
  )
  const [blue, red] = resolved(text).tenants

  test('is a table with interfaces and a network on each member', () => {
    expect(blue).toMatchObject({
      name: 'blue',
      vni: 300,
      members: [1, 2, 3],
      vrf: 'vrf-blue',
      vxlan: 'vx-blue',
      bridge: 'l3-blue',
    })
    expect([...(blue?.networks ?? [])].map(([id, { bridge, prefixes }]) => [id, bridge, prefixes])).toEqual([
      [1, 'ct-blue', ['10.80.1.0/24']],
      [2, 'ct-blue', ['10.80.2.0/24']],
      [3, 'ct-blue', ['10.80.3.0/24']],
    ])
    expect(red?.networks.get(2)?.addresses).toEqual(['10.81.2.1/24', 'fd00:101:0:2::1/64'])
  })

  test('shares both ways, whoever says so', () => {
    expect([blue?.shares, red?.shares]).toEqual([['red'], ['blue']])
    const both = resolved(`${text}share = blue\n`).tenants.map(({ shares }) => shares)
    expect(both).toEqual([['red'], ['blue']])
  })

  test('may have no networks but its segments', () => {
    const [bare] = resolved(withNetworks(tenant('blue', 'containers = none'))).tenants
    expect(bare?.networks.size).toBe(0)
  })
})

test('both come in order of name', () => {
  const text = withNetworks(
    ['zoo', 'alf', 'mia']
      .map((name, at) => segment(`s${name}`) + tenant(name, `containers = 10.8${at}.0.0/16`))
      .join(''),
  )
  const { segments, tenants } = resolved(text)
  expect(segments.map(({ name }) => name)).toEqual(['salf', 'smia', 'szoo'])
  expect(tenants.map(({ name }) => name)).toEqual(['alf', 'mia', 'zoo'])
})

describe('what is at fault', () => {
  const six = ['overlay = 10.78.0.0/16, fd42::/64']
  test.each<[string, string, string[], string[]?, string[][]?]>([
    ['nothing', segment('a', subnet) + tenant('b', containers), []],

    [
      'an unknown tenant',
      segment('a', 'tenant = blu') + tenant('blue', containers),
      ['unknown-tenant tenant = blu'],
    ],
    ['an unknown tenant to share with', tenant('b', containers, 'share = a'), ['unknown-tenant share = a']],
    ['sharing with itself', tenant('b', containers, 'share = b'), ['value-list share = b']],
    [
      'sharing twice with one',
      tenant('a', containers) + tenant('b', 'containers = 10.81.0.0/16', 'share = a, a'),
      ['value-list share = a, a'],
    ],
    ['an unknown node', segment('a', 'nodes = n1, n9'), ['unknown-node nodes = n1, n9']],
    ['a node that stands twice', tenant('b', containers, 'nodes = n1, n1'), ['value-list nodes = n1, n1']],
    [
      'a member without routing',
      tenant('b', containers, 'nodes = n1, n2'),
      ['value-conflict nodes = n1, n2'],
      [],
      [[], ['routing = none']],
    ],
    [
      'a member without devices',
      segment('a', 'nodes = n1, n2'),
      ['value-conflict nodes = n1, n2'],
      [],
      [[], ['evpn = none']],
    ],
    [
      "a member that is not the tenant's",
      segment('a', 'tenant = b', 'nodes = n2, n3') + tenant('b', containers, 'nodes = n1, n2'),
      ['value-conflict [segment a]'],
    ],
    ['a tenant without networks', tenant('b'), ['missing-key [tenant b]']],

    ["a VNI that is the mesh's", segment('a', 'vni = 77'), ['duplicate-vni vni = 77'], ['vni = 77']],
    ["a VNI that was the mesh's", segment('a', 'vni = 77'), [], ['vni = 77', 'mode = l3']],
    ['a VNI twice', segment('a', 'vni = 777') + segment('b', 'vni = 777'), ['duplicate-vni vni = 777']],
    [
      'of a tenant too',
      segment('a', 'vni = 777') + tenant('b', containers, 'vni = 777'),
      ['duplicate-vni vni = 777'],
    ],
    [
      "the number of one of the kernel's tables",
      tenant('b', containers, 'vni = 255'),
      ['number-range vni = 255'],
    ],
    ['the first that is free', tenant('b', containers, 'vni = 256'), []],
    ['no table for a segment', segment('a', 'vni = 1'), []],

    [
      'a segment and a tenant of one name',
      segment('a') + tenant('a', containers),
      ['interface-taken [tenant a]'],
    ],
    [
      'a bridge of that name',
      segment('a'),
      ['interface-taken containers[] = br-a 10.77.1.0/24'],
      [],
      [['containers[] = br0 10.70.0.1/24', 'containers[] = br-a 10.77.1.0/24']],
    ],
    [
      'in another case too',
      tenant('b', containers),
      ['interface-taken containers = CT-B auto'],
      [],
      [['containers = CT-B auto']],
    ],
    [
      'a mesh of that name',
      tenant('b', containers),
      ['mesh-name-scripts name = vrf-b', 'interface-taken name = vrf-b'],
      ['name = vrf-b'],
    ],
    [
      "the mesh's VXLAN device",
      segment('a'),
      ['mesh-name-scripts name = x-a', 'interface-taken name = x-a'],
      ['name = x-a'],
    ],

    [
      'a subnet with too few parts',
      segment('a', 'subnet = 10.90.0.0/23 /24'),
      ['pool-too-small subnet = 10.90.0.0/23 /24'],
    ],
    ['a pool with too few parts', tenant('b', 'containers = 10.80.0.0/24 /26'), []],
    [
      'by one',
      tenant('b', 'containers = 10.80.0.0/25 /26'),
      ['pool-too-small containers = 10.80.0.0/25 /26'],
    ],
    ['a reserved range', segment('a', 'subnet = 169.254.0.0/16'), ['reserved-range subnet = 169.254.0.0/16']],
    ['a public one', tenant('b', 'containers = 11.0.0.0/16'), ['public-range containers = 11.0.0.0/16']],

    [
      "a tenant on the mesh's containers",
      tenant('b', 'containers = 10.77.0.0/16'),
      ['overlap containers = 10.77.0.0/16'],
    ],
    [
      'a tenant on the underlay',
      tenant('b', 'containers = 10.79.7.0/24 /28'),
      ['overlap containers = 10.79.7.0/24 /28'],
    ],
    [
      'a segment on the overlay',
      segment('a', 'subnet = 10.78.7.0/24 /28'),
      ['overlap subnet = 10.78.7.0/24 /28'],
    ],
    [
      'a segment around all of it',
      segment('a', 'subnet = 10.64.0.0/12 /24'),
      ['overlap subnet = 10.64.0.0/12 /24'],
    ],
    [
      'two segments',
      segment('a', subnet) + segment('b', 'subnet = 10.90.7.0/24 /28'),
      ['overlap subnet = 10.90.7.0/24 /28'],
    ],
    [
      'a segment on a pinned network',
      segment('a', 'subnet = 10.70.0.0/16 /24'),
      ['overlap subnet = 10.70.0.0/16 /24'],
      [],
      [['containers = br0 10.70.0.1/24']],
    ],
    [
      'a tenant on a pinned address',
      tenant('b', 'containers = 10.70.0.0/16 /24'),
      ['overlap containers = 10.70.0.0/16 /24'],
      [],
      [['underlay-address = 10.70.3.3']],
    ],
    [
      'a segment on allowed IPs',
      segment('a', 'subnet = 10.70.0.0/16 /24'),
      ['overlap subnet = 10.70.0.0/16 /24'],
      [],
      [['allowed-ips = 10.70.3.0/24']],
    ],
    [
      'a segment around an endpoint',
      segment('a', 'subnet = 203.0.113.0/24 /28'),
      ['endpoint-inside endpoint = 203.0.113.1', 'endpoint-inside endpoint = 203.0.113.2'],
    ],
    ['two tenants with the same', tenant('a', containers) + tenant('b', containers), []],
    [
      'that share',
      tenant('a', containers) + tenant('b', 'containers = 10.80.0.0/17 /24', 'share = a'),
      ['overlap containers = 10.80.0.0/17 /24'],
    ],
    [
      'that a third shares with',
      tenant('a', containers) +
        tenant('b', 'containers = 10.80.0.0/17 /24') +
        tenant('c', 'containers = 10.83.0.0/16', 'share = a, b'),
      ['overlap containers = 10.80.0.0/17 /24'],
    ],
    [
      'two segments of a tenant',
      tenant('a', containers) + segment('b', subnet, 'tenant = a') + segment('c', subnet, 'tenant = a'),
      [`overlap ${subnet}`],
    ],
    [
      "a segment on its tenant's containers",
      tenant('a', containers) + segment('b', 'subnet = 10.80.0.0/17 /24', 'tenant = a'),
      ['overlap subnet = 10.80.0.0/17 /24'],
    ],
    [
      "a segment on another tenant's containers",
      tenant('a', containers) +
        tenant('c', 'containers = 10.83.0.0/16') +
        segment('b', 'subnet = 10.80.0.0/17 /24', 'tenant = c'),
      [],
    ],
    [
      "a segment of the hosts on a tenant's",
      tenant('a', containers) + segment('b', 'subnet = 10.80.0.0/17 /24'),
      [],
    ],

    ['IPv6 that the overlay has not', segment('a', 'subnet = fd90::/64'), ['pool-family subnet = fd90::/64']],
    ['that it has', segment('a', 'subnet = fd90::/64'), [], six],
    ['that a tenant carries anyway', tenant('b', 'containers = fd90::/48'), []],
    [
      'a subnet that WireGuard would have to carry',
      segment('a', subnet),
      [`value-conflict ${subnet}`],
      ['mode = l3'],
    ],
    [
      'that a tenant carries',
      segment('a', subnet, 'tenant = b') + tenant('b', containers),
      [],
      ['mode = l3'],
    ],
    ['that nobody routes', segment('a'), [], ['mode = l3']],
  ])('%s', (_, networks, expected, mesh = [], nodes = []) => {
    const found = codesAbout(withNetworks(networks, mesh, ...nodes))
    // Three nodes with one fault have it three times, one after the other.
    expect(found.filter((code, at) => code !== found[at - 1]).slice(0, 2)).toEqual(expected)
  })

  test('says the other place', () => {
    const text = withNetworks(tenant('a', containers) + tenant('b', containers, 'share = a'))
    const [overlap, ...more] = diagnosticsAbout(text)
    expect(more).toEqual([])
    expect(overlap?.message).toBe('tenant b (10.80.0.0/16) overlaps tenant a (10.80.0.0/16)')
    expect(overlap?.related?.message).toBe('tenant a is here')
  })
})
