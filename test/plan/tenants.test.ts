import { describe, expect, test } from 'vitest'
import { generate, type NodePlan, planner, textOf } from '../../src/index.js'
import { meshWithNetworks } from '../arbitraries/meshes.js'
import { letsIn } from '../oracles/filters.js'
import { readFrr } from '../oracles/frr.js'
import { segmentsOf, tenantsOf } from '../oracles/networks.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'
import { meshText, resolved } from '../support/resolved.js'

const networks = `
[tenant blue]
containers = 10.91.0.0/16 /24, fd91::/48 /64
nodes = n1, n2
vni = 301

[tenant red]
containers = 10.92.0.0/16 /24
nodes = n2, n3
share = blue
vni = 302

[segment lan]
tenant = blue
subnet = 10.93.0.0/16 /24
nodes = n2
vni = 201

[segment dmz]
subnet = 10.90.0.0/16 /24
nodes = n1, n3
vni = 202
`

const plansIn = (mesh: readonly string[], text: string) => {
  const made = resolved(meshText(mesh, [], [], []) + text)
  return made.nodes.map(planner(made))
}

const carryingContainers = ({ devices }: NodePlan): string[] =>
  devices.filter(({ carries }) => carries === 'containers').map(({ name }) => name)

describe('a tenant on a node', () => {
  const plans = plansIn([], networks)
  const tenantOn = (at: number, name: string) => plans[at]?.evpn?.tenants.find(tenant => tenant.name === name)

  test('announces its own networks and its segments, and lets nothing else be where its own are', () => {
    expect(tenantOn(1, 'blue')).toMatchObject({
      vni: 301,
      bridges: ['ct-blue', 'br-lan'],
      originates: ['10.91.2.0/24', 'fd91:0:0:2::/64', '10.93.0.0/16'],
      // Others are on the segment as well: where nobody of ours is, the way leads to them.
      blackholes: ['10.91.2.0/24', 'fd91:0:0:2::/64'],
    })
    expect(tenantOn(0, 'blue')).toMatchObject({
      bridges: ['ct-blue'],
      originates: ['10.91.1.0/24', 'fd91:0:0:1::/64'],
      blackholes: ['10.91.1.0/24', 'fd91:0:0:1::/64'],
    })
  })

  test('is there without networks of its own where one is that it shares with', () => {
    expect(tenantOn(0, 'red')).toMatchObject({ bridges: [], originates: [], blackholes: [] })
    expect(tenantOn(0, 'red')?.leaks).toEqual([
      { prefix: '10.91.1.0/24', bridge: 'ct-blue', vrf: 'vrf-blue' },
      { prefix: 'fd91:0:0:1::/64', bridge: 'ct-blue', vrf: 'vrf-blue' },
    ])
    expect(tenantOn(2, 'blue')?.leaks).toEqual([{ prefix: '10.92.3.0/24', bridge: 'ct-red', vrf: 'vrf-red' }])
  })

  test('reaches the segments of whom it shares with', () => {
    expect(tenantOn(1, 'red')?.leaks.map(({ bridge }) => bridge)).toEqual(['ct-blue', 'ct-blue', 'br-lan'])
  })

  test('has its bridges in its VRF, with the MTU of VXLAN in the tunnel, in either mode', () => {
    for (const mode of ['vxlan', 'l3']) {
      const [, two] = plansIn([`mode = ${mode}`], networks.replace(/\[segment dmz\][\s\S]*/, ''))
      const found = two?.containers.networks.map(({ bridge, vrf, mtu }) => [bridge, vrf, mtu])
      expect(found).toEqual([
        ['ciabbr0', null, mode === 'vxlan' ? 1370 : 1420],
        ['br-lan', 'vrf-blue', 1370],
        ['ct-blue', 'vrf-blue', 1370],
        ['ct-red', 'vrf-red', 1370],
      ])
    }
  })

  test('and a segment of the hosts is announced by them, not by a tenant', () => {
    expect(plans.map(({ routing }) => routing.shared)).toEqual([['10.90.0.0/16'], [], ['10.90.0.0/16']])
    expect(plans[2]?.routing.neighbors.map(({ accepts }) => accepts)).toEqual([
      ['10.77.1.0/24', '10.90.0.0/16'],
      ['10.77.2.0/24'],
    ])
    expect(plans[0]?.evpn?.vnis).toEqual([202, 301, 302])
    // A tenant's bridges are none of those that the hosts forward for.
    expect(plans.map(carryingContainers)).toEqual([['ciabbr0', 'br-dmz'], ['ciabbr0'], ['ciabbr0', 'br-dmz']])
  })
})

const inMeshes = (check: (world: World) => void) => () =>
  forAll(meshWithNetworks, blueprint => check(worldOf(blueprint)))

test(
  "28: in its VRF a tenant's own networks lead nowhere else, and no segment's",
  inMeshes(world => {
    for (const { name, members, prefixesOn } of tenantsOf(world)) {
      const shared = segmentsOf(world).flatMap(({ tenant, prefixes }) => (tenant === name ? prefixes : []))
      for (const node of members) {
        const own = prefixesOn(node).filter(prefix => !shared.includes(prefix))
        const found = world.frr(node)?.vrfs.get(`vrf-${name}`)?.blackholes ?? []
        expect([name, node.name, [...found].sort()]).toEqual([name, node.name, own.sort()])
      }
    }
  }),
)

test.each([['vxlan'], ['l3']])('28: a reflector hears no client in the name of another: %s', mode => {
  const text = meshText([`mode = ${mode}`], ['reflector = yes'], ['reflector = yes'], [], [])
  const mesh = resolved(`${text}
[tenant blue]
containers = 10.91.0.0/16 /24
vni = 301
nodes = n3, n4

[tenant red]
containers = 10.92.0.0/16 /24
vni = 302
nodes = n4
`)
  const [tree] = generate(mesh)
  const conf = tree?.files.find(({ path }) => path === 'etc/frr/frr.conf')
  const file = readFrr(textOf(conf?.content ?? []))
  const hears = (sender: string, nextHop: string, vni: number): boolean =>
    letsIn(file, 'evpn', sender, {
      prefix: 'everybody',
      nextHops: [nextHop],
      communities: [`RT:64512:${vni}`, 'ET:8', 'Rmac:02:00:00:00:00:01'],
    })
  const [n3, n4] = ['10.79.0.3', '10.79.0.4']
  expect([hears(n3, n3, 301), hears(n4, n4, 301), hears(n4, n4, 302)]).toEqual([true, true, true])
  expect([hears(n3, n3, 302), hears(n3, n4, 302), hears(n3, n4, 301), hears(n4, n3, 301)]).toEqual([
    false,
    false,
    false,
    false,
  ])
})
