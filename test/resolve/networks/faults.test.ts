import { describe, expect, test } from 'vitest'
import { codesAbout } from '../../support/resolved.js'
import { containers, segment, subnet, tenant, withNetworks } from './text.js'

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
      ['value-conflict nodes = n2, n3'],
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

    // LXD and Incus delete them.
    [
      'a bridge that begins like another',
      segment('web', subnet) + segment('web-2', 'subnet = 10.91.0.0/16 /24'),
      ['interface-taken [segment web-2]'],
    ],
    [
      'one that is no part of a name',
      segment('web', subnet) + segment('web2', 'subnet = 10.91.0.0/16 /24'),
      [],
    ],
    [
      "a segment's, and one that a node names",
      segment('a', subnet),
      ['interface-taken [segment a]', 'interface-taken [segment a]'],
      [],
      [['containers[] = br 10.70.0.0/24', 'containers[] = vx 10.71.0.0/24']],
    ],
    [
      'a tenant that is there only because another shares with it',
      tenant('b', containers, 'nodes = n1', 'share = c') +
        tenant('c', 'containers = 10.81.0.0/16', 'nodes = n2'),
      ['interface-taken [tenant b]', 'interface-taken [tenant c]'],
      [],
      [['containers = l3 10.70.0.0/24']],
    ],
    [
      'on no node together',
      segment('web', subnet, 'nodes = n1') + segment('web-2', 'subnet = 10.91.0.0/16 /24', 'nodes = n2, n3'),
      [],
    ],
    [
      'where nobody manages bridges',
      segment('web', subnet) + segment('web-2', 'subnet = 10.91.0.0/16 /24'),
      [],
      ['container-runtime = none'],
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
      [
        ...[1, 2, 3].map(id => `endpoint-inside endpoint = 203.0.113.${id}`),
        'documentation-range subnet = 203.0.113.0/24 /28',
      ],
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
    expect(codesAbout(withNetworks(networks, mesh, ...nodes))).toEqual(expected)
  })
})
