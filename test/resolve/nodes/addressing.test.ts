import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout, meshText, nodeIn, resolved } from '../../support/resolved.js'

const dual = [
  'underlay = 10.79.0.0/16, fd42:0:0:ffff::/64',
  'overlay = 10.78.0.0/16, fd42:0:0:fffe::/64',
  'containers = 10.64.0.0/12 /24, fd42::/49 /64',
]

describe('from the id comes', () => {
  test.each([
    [1, ['10.79.0.1/16', 'fd42:0:0:ffff::1/64'], ['10.64.1.0/24', 'fd42:0:0:1::/64']],
    [255, ['10.79.0.255/16', 'fd42:0:0:ffff::ff/64'], ['10.64.255.0/24', 'fd42:0:0:ff::/64']],
    [256, ['10.79.1.0/16', 'fd42:0:0:ffff::100/64'], ['10.65.0.0/24', 'fd42:0:0:100::/64']],
    [4095, ['10.79.15.255/16', 'fd42:0:0:ffff::fff/64'], ['10.79.255.0/24', 'fd42:0:0:fff::/64']],
  ])('%i: addresses and container prefixes', (id, underlay, prefixes) => {
    const text = meshText(
      [...dual.slice(0, 2), 'containers = 10.64.0.0/12 /24, fd42::/49 /64'].map(line =>
        id === 4095 ? line.replace('10.79.0.0/16', '10.99.0.0/16') : line,
      ),
      [`id = ${id}`],
    )
    // 10.64/12 holds 10.78 and 10.79, so the pools of the tunnel move aside.
    const [node] = resolved(
      text.replace('10.79.0.0/16', '10.99.0.0/16').replace('10.78.0.0/16', '10.98.0.0/16'),
    ).nodes
    expect(node?.underlay).toEqual(underlay.map(address => address.replace('10.79', '10.99')))
    expect(node?.overlay).toEqual(
      underlay.map(address => address.replace('10.79', '10.98').replace('ffff', 'fffe')),
    )
    expect(node?.networks[0]?.prefixes).toEqual(prefixes)
  })

  test('a MAC address that is ours, of this mesh, and ends in the id', () => {
    const mac = (lines: readonly string[], id: number) =>
      resolved(meshText([...lines, 'containers = none'], [`id = ${id}`])).nodes[0]?.mac
    expect(mac(['vni = 7'], 258)).toMatch(/^02:[0-9a-f]{2}:[0-9a-f]{2}:00:01:02$/)
    expect(mac(['vni = 7'], 1)).toBe(mac(['vni = 7'], 1))
    expect(mac(['vni = 7'], 1)).not.toBe(mac(['vni = 8'], 1))
    expect(mac(['vni = 7'], 1)).not.toBe(mac(['vni = 7', 'name = other'], 1))
  })

  test('the bridge’s own address and leases above it', () => {
    const [node] = resolved(meshText([], ['id = 7'])).nodes
    expect(node?.networks).toEqual([
      {
        bridge: 'ciabbr0',
        existing: false,
        addresses: ['10.77.7.1/24'],
        prefixes: ['10.77.7.0/24'],
        dhcp: ['10.77.7.100', '10.77.7.254'],
        dhcp6: null,
        pinned: [],
      },
    ])
  })

  test.each([
    ['/30', ['10.77.0.6', '10.77.0.6']],
    ['/29', ['10.77.0.11', '10.77.0.14']],
    ['/28', ['10.77.0.22', '10.77.0.30']],
    ['/20', ['10.77.16.100', '10.77.31.254']],
  ])('leases that fit a %s', (size, dhcp) => {
    expect(resolved(meshText([`containers = 10.77.0.0/16 ${size}`], [])).nodes[0]?.networks[0]?.dhcp).toEqual(
      dhcp,
    )
  })
})

test('what is written wins over what is derived', () => {
  const pins = [
    'underlay-address = 10.79.5.5',
    'overlay-address = fd42:0:0:fffe::5',
    'mac = 02:00:00:00:00:05',
  ]
  const [node] = resolved(meshText(dual.slice(0, 2), pins)).nodes
  expect(node?.underlay).toEqual(['10.79.5.5/16', 'fd42:0:0:ffff::1/64'])
  expect(node?.overlay).toEqual(['10.78.0.1/16', 'fd42:0:0:fffe::5/64'])
  expect(node?.mac).toBe('02:00:00:00:00:05')
})

test('a pinned underlay address outside the pool stands alone, with a warning beside the metadata service', () => {
  const text = meshText([], ['underlay-address = 169.254.9.1'])
  expect(resolved(text).nodes[0]?.underlay).toEqual(['169.254.9.1/32'])
  expect(codesAbout(text)).toEqual(['link-local-underlay underlay-address = 169.254.9.1'])
})

describe('containers of a node', () => {
  test.each([
    ['none', []],
    ['br0 auto', [['br0', false, ['10.77.1.1/24']]]],
    ['lxdbr0 10.5.5.1/24', [['lxdbr0', true, ['10.5.5.1/24']]]],
    ['br0 10.5.6.0/24', [['br0', false, ['10.5.6.1/24']]]],
  ])('%s', (value, expected) => {
    const [node] = resolved(meshText([], [`containers = ${value}`])).nodes
    expect(node?.networks.map(({ bridge, existing, addresses }) => [bridge, existing, addresses])).toEqual(
      expected,
    )
  })

  test('each fault points at the line of its own network', () => {
    const lines = [
      'containers[] = br0 auto',
      'containers[] = br1 10.78.3.0/24',
      'containers[] = br2 169.254.3.0/24',
    ]
    expect(codesAbout(meshText([], lines))).toEqual([`overlap ${lines[1]}`, `reserved-range ${lines[2]}`])
  })
})

describe('a pool is too small', () => {
  test.each([
    ['underlay = 10.79.0.0/30', 3, 'id = 3'],
    ['underlay = 10.79.0.0/30', 4, 'id = 4'],
    ['overlay = 10.78.0.0/30', 3, 'id = 3'],
    ['underlay = 10.79.0.0/32', 1, 'id = 1'],
    ['overlay = 10.78.0.0/16, fd42::/126', 4, 'id = 4'],
    ['containers = 10.77.0.0/24 /24', 1, 'id = 1'],
    ['containers = 10.77.0.0/16 /24', 256, 'id = 256'],
  ])('%s for id %i', (pool, id, line) => {
    expect(codesAbout(meshText([pool], [`id = ${id}`]))).toEqual([`pool-too-small ${line}`])
  })

  test.each([
    ['underlay = 10.79.0.0/30', 2],
    ['overlay = 10.78.0.0/16, fd42::/126', 3],
    ['containers = 10.77.0.0/16 /24', 255],
    ['containers = 10.77.0.0/24 /26', 3],
  ])('and not %s for id %i', (pool, id) => {
    expect(codesAbout(meshText([pool], [`id = ${id}`]))).toEqual([])
  })
})

describe('a pinned address', () => {
  test.each([
    ['overlay-address = 10.78.0.0', 'pool-edge'],
    ['overlay-address = 10.78.255.255', 'pool-edge'],
    ['underlay-address = 10.79.0.0', 'pool-edge'],
    ['overlay-address = 10.99.0.1', 'outside-pool'],
    ['overlay-address = fd42::1', 'outside-pool'],
    ['underlay-address = 10.78.0.9', 'overlap'],
    ['underlay-address = 10.77.0.9', 'overlap'],
    ['underlay-address = 169.254.169.254', 'reserved-range'],
    ['underlay-address = 100.100.100.200', 'reserved-range'],
    ['underlay-address = 127.0.0.2', 'reserved-range'],
    ['underlay-address = 224.0.0.9', 'reserved-range'],
    ['underlay-address = fe80::1', 'reserved-range'],
    ['overlay-address = 10.78.0.2', 'duplicate-address'],
    ['underlay-address = 10.79.0.2', 'duplicate-address'],
    ['containers = lxdbr0 10.5.5.255/24', 'pool-edge'],
  ])('%s: %s', (line, code) => {
    expect(codesAbout(meshText([], [line], []))).toEqual([`${code} ${line}`])
  })

  test.each([
    ['overlay-address = 10.78.0.1'],
    ['underlay-address = 10.79.0.1'],
    ['containers = b 10.77.1.0/24'],
  ])('that another node has by its id is at fault wherever it stands: %s', line => {
    const code = line.startsWith('containers') ? 'overlap' : 'duplicate-address'
    const second = line.replace('.0.1', '.0.2').replace('.1.0', '.2.0')
    expect(codesAbout(meshText([], [], [line]))).toEqual([`${code} ${line}`])
    expect(codesAbout(meshText([], [second], []))).toEqual([`${code} ${second}`])
  })

  test('that two nodes have is said once', () => {
    const line = 'underlay-address = 10.99.0.1'
    expect(codesAbout(meshText([], [line], [line]))).toEqual([`duplicate-address ${line}`])
    expect(diagnosticsAbout(meshText([], [line], [line]))[0]).toMatchObject({
      span: { line: 7 },
      related: { span: { line: 3 } },
    })
  })

  test('and so is a MAC address', () => {
    expect(codesAbout(meshText([], ['mac = 02:00:00:00:00:01'], ['mac = 02:00:00:00:00:01']))).toEqual([
      'duplicate-address mac = 02:00:00:00:00:01',
    ])
  })

  test('never moves another node', () => {
    const alone = nodeIn(resolved(meshText([], [], [])), 'n2')
    const beside = nodeIn(
      resolved(meshText([], ['underlay-address = 10.79.9.9', 'containers = b 10.5.5.0/24'], [])),
      'n2',
    )
    expect({ ...beside, publicKey: '' }).toEqual({ ...alone, publicKey: '' })
  })
})
