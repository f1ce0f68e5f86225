import { describe, expect, test } from 'vitest'
import { diagnosticsAbout } from '../../support/resolved.js'
import { containers, segment, tenant, withNetworks } from './text.js'

describe('a member that its tenant has not', () => {
  const blue = tenant('blue', containers, 'nodes = n1')
  const place = { span: { line: 16 }, related: { span: { line: 15, column: 10 } } }

  test('is shown at its word, each of them', () => {
    const lan = segment('lan', 'tenant = blue', 'nodes = n3, n1, n2')
    expect(diagnosticsAbout(withNetworks(blue + lan))).toMatchObject([
      {
        ...place,
        span: { column: 9, length: 2 },
        message: 'n3 is on segment lan, but tenant blue is not on n3',
        hint: 'take n3 out here, or add it to nodes of [tenant blue]',
      },
      { ...place, span: { column: 17 }, message: 'n2 is on segment lan, but tenant blue is not on n2' },
    ])
  })

  test('is told once that it cannot be one', () => {
    const text = withNetworks(
      segment('lan', 'tenant = b', 'nodes = n1, n2') + tenant('b', containers),
      [],
      ['evpn = none'],
    )
    expect(diagnosticsAbout(text)).toMatchObject([
      {
        message: 'n1 cannot be a member: it has no target for evpn',
        hint: 'write evpn = iproute2 in [node n1], or take it out here',
      },
    ])
  })
})

describe('a VNI with two owners', () => {
  const hint = (networks: string, mesh: string[] = []) =>
    diagnosticsAbout(withNetworks(networks, mesh))[0]?.hint

  test.each([
    ['the next', segment('a', 'vni = 777') + segment('b', 'vni = 777'), 'write vni = 778'],
    [
      'past those in use',
      ['777', '777', '778', '780'].map((vni, at) => segment(`s${at}`, `vni = ${vni}`)).join(''),
      'write vni = 779',
    ],
    ['a number that tenants may have', segment('a', 'vni = 7') + segment('b', 'vni = 7'), 'write vni = 256'],
    [
      'behind the highest the first again',
      segment('a', 'vni = 16777215') + segment('b', 'vni = 16777215'),
      'write vni = 256',
    ],
  ])('gets told a free one: %s', (_, networks, expected) => {
    expect(hint(networks)).toBe(expected)
  })

  test("which is not the mesh's", () => {
    expect(hint(segment('a', 'vni = 777') + segment('b', 'vni = 777'), ['vni = 778'])).toBe('write vni = 779')
  })

  test('and two in trouble get two', () => {
    const three = ['a', 'b', 'c'].map(name => segment(name, 'vni = 777')).join('')
    expect(diagnosticsAbout(withNetworks(three)).map(({ hint }) => hint)).toEqual([
      'write vni = 778',
      'write vni = 779',
    ])
  })
})

describe('what overlaps because tenants share', () => {
  const red = (...lines: string[]) => tenant('red', 'containers = 10.80.0.0/17 /24', ...lines)
  const said = (networks: string) =>
    diagnosticsAbout(withNetworks(networks)).map(({ message, hint, related }) => [
      message,
      hint,
      related?.message,
    ])

  test.each([
    ['the later', tenant('blue', containers) + red('share = blue'), 'blue out of share in [tenant red]'],
    ['the earlier', tenant('blue', containers, 'share = red') + red(), 'red out of share in [tenant blue]'],
    [
      'both',
      tenant('blue', containers, 'share = red') + red('share = blue'),
      'red out of share in [tenant blue] and blue out of share in [tenant red]',
    ],
  ])('says so, and where it is written: by %s', (_, networks, way) => {
    expect(said(networks)).toEqual([
      [
        'tenant red (10.80.0.0/17) overlaps tenant blue (10.80.0.0/16), and tenants blue and red share',
        `use another range for one of them, or take ${way}`,
        'tenant blue is here',
      ],
    ])
  })

  test('names the third that shares with both', () => {
    const third = tenant('all', 'containers = 10.83.0.0/16', 'share = red, blue')
    expect(said(tenant('blue', containers) + red() + third)).toEqual([
      [
        'tenant red (10.80.0.0/17) overlaps tenant blue (10.80.0.0/16), and tenant all shares with blue and red',
        'use another range for one of them, or take red out of share in [tenant all]',
        'tenant blue is here',
      ],
    ])
  })

  test('and a tenant’s own segment shares nothing', () => {
    const lan = segment('lan', 'subnet = 10.80.0.0/17 /24', 'tenant = blue')
    expect(said(tenant('blue', containers) + lan)).toEqual([
      [
        'segment lan (10.80.0.0/17) overlaps tenant blue (10.80.0.0/16)',
        'use another range for one of them',
        'tenant blue is here',
      ],
    ])
  })
})
