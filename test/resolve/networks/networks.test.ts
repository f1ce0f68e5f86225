import { describe, expect, test } from 'vitest'
import { resolved } from '../../support/resolved.js'
import { containers, segment, subnet, tenant, withNetworks } from './text.js'

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

  test("in a tenant is on the tenant's nodes where it names none", () => {
    const red = (nodes: string) => tenant('red', containers, nodes) + segment('shop', 'tenant = red')
    const mesh = resolved(withNetworks(red('nodes = n3, n2')))
    expect(mesh.segments[0]?.members).toEqual([2, 3])
    expect(resolved(withNetworks(red('nodes = none'))).segments[0]?.members).toEqual([])
    const all = tenant('red', containers) + segment('shop', 'tenant = red')
    expect(resolved(withNetworks(all, [], ['evpn = none'])).segments[0]?.members).toEqual([2, 3])
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
