import { describe, expect, test } from 'vitest'
import type { KeyRing } from '../../../src/model/mesh.js'
import { keyRingFor, privateKeyFor, publicKeyFor } from '../../support/keys.js'
import { codesAbout, meshText, resolved } from '../../support/resolved.js'

describe('a pool', () => {
  test.each([
    ['10.79.0.0/16', null],
    ['172.16.0.0/16', null],
    ['192.168.7.0/24', null],
    ['100.64.0.0/16', 'pool-taken'],
    ['172.17.0.0/24', 'pool-taken'],
    ['172.30.0.0/16', 'pool-taken'],
    ['172.31.0.0/16', 'pool-taken'],
    ['10.0.0.0/15', 'pool-taken'],
    ['10.0.3.0/24', 'pool-taken'],
    ['10.96.0.0/16', 'pool-taken'],
    ['10.244.7.0/24', 'pool-taken'],
    ['192.168.122.0/24', 'pool-taken'],
    ['198.51.100.0/24', 'documentation-range'],
    ['11.0.0.0/16', 'public-range'],
    ['0.0.0.0/8', 'reserved-range'],
    ['127.0.0.0/16', 'reserved-range'],
    ['169.254.0.0/16', 'reserved-range'],
    ['169.254.7.0/24', 'reserved-range'],
    ['100.64.0.0/10', 'reserved-range'],
    ['168.63.0.0/16', 'reserved-range'],
    ['224.0.0.0/8', 'reserved-range'],
    ['240.0.0.0/8', 'reserved-range'],
    ['0.0.0.0/0', 'reserved-range'],
    ['10.79.0.0/16, fd42::/64', null],
    ['10.79.0.0/16, 2001:db8::/64', 'documentation-range'],
    ['10.79.0.0/16, 2a00::/64', 'public-range'],
    ['10.79.0.0/16, fd00:ec2::/64', 'reserved-range'],
    ['10.79.0.0/16, fd20:ce::/64', 'reserved-range'],
    ['10.79.0.0/16, fe80::/64', 'reserved-range'],
    ['10.79.0.0/16, ff05::/64', 'reserved-range'],
    ['10.79.0.0/16, fc00::/7', 'reserved-range'],
    ['10.79.0.0/16, ::/0', 'reserved-range'],
  ])('of %s: %s', (pool, code) => {
    const line = `underlay = ${pool}`
    const rest = pool.includes('/0') ? ['containers = none'] : []
    const found = codesAbout(meshText([line, ...rest], ['endpoint = a.example']))
    if (code === null) expect(found).toEqual([])
    else expect(found).toContain(`${code} ${line}`)
  })

  test.each([['underlay = fd42::/64'], ['overlay = fd42::/64']])('%s: IPv4 is needed', line => {
    expect(codesAbout(meshText([line], []))).toEqual([`pool-family ${line}`])
  })

  test('of containers in IPv6 needs an overlay in IPv6', () => {
    const pool = 'containers = 10.77.0.0/16 /24, fd42::/49'
    expect(codesAbout(meshText([pool], []))).toEqual([`pool-family ${pool}`])
    expect(codesAbout(meshText([pool, 'overlay = 10.78.0.0/16, fd43::/64'], []))).toEqual([])
    const network = 'containers = br0 10.5.5.0/24, fd42:0:0:1::/64'
    expect(codesAbout(meshText([], [network]))).toEqual([`pool-family ${network}`])
  })
})

describe('numbers that work in the model only', () => {
  test.each([
    ['asn = 64512', null],
    ['asn = 64511', 'asn-public'],
    ['asn = 4200000000', null],
    ['port = 51820', null],
    ['port = 32767', null],
    ['port = 32768', 'ephemeral-port'],
    ['port = 60999', 'ephemeral-port'],
    ['port = 61000', null],
    ['port = 4789', 'value-conflict'],
    ['vxlan-port = 51820', 'value-conflict'],
    ['name = other', 'mesh-name-scripts'],
    ['name = ciabbr0', 'interface-taken'],
  ])('%s: %s', (line, code) => {
    const found = codesAbout(meshText([line], [])).map(one => one.split(' ')[0])
    if (code === null) expect(found).toEqual([])
    else expect(found).toContain(code)
  })

  test('a node’s own port is not VXLAN’s either', () => {
    expect(codesAbout(meshText([], ['listen-port = 4789'], []))).toEqual([
      'value-conflict listen-port = 4789',
    ])
  })

  test.each([
    [[], 1500, 1420, 1370],
    [['path-mtu = 1460'], 1460, 1380, 1330],
    [['path-mtu = 9001'], 9001, 8921, 8871],
    [['families = ipv4'], 1500, 1440, 1390],
    [['families = ipv6'], 1500, 1420, 1370],
    [['path-mtu = 1410'], 1410, 1330, 1280],
  ])('%j: MTUs %i, %i and %i', (lines, path, tunnel, overlay) => {
    expect(resolved(meshText(lines, ['endpoint = a.example'])).mtu).toMatchObject({ path, tunnel, overlay })
  })

  test.each([
    ['path-mtu = 1499', ['path-mtu path-mtu = 1499']],
    ['path-mtu = 1500', []],
    ['path-mtu = 9000', []],
  ])('a node with %s', (line, expected) => {
    expect(codesAbout(meshText([], [line]))).toEqual(expected)
  })
})

describe('targets', () => {
  test.each([
    ['[targets]\nrouting = bird', ['unknown-target routing = bird']],
    ['[targets]\nrouting = wg-quick', ['unknown-target routing = wg-quick']],
    ['[targets]\nrouting = none', []],
    ['[targets]\ncontainers = lxd\n[mesh]\ncontainer-runtime = incus', ['value-conflict containers = lxd']],
    ['[targets]\nnames = constructor', ['unknown-target names = constructor']],
  ])('%j', (sections, expected) => {
    const text = sections.includes('[mesh]') ? sections : `${sections}\n[mesh]`
    const nodes = meshText([], []).split('\n').slice(1).join('\n')
    expect(codesAbout(`${text}\n${nodes}`)).toEqual(expected)
  })

  test('a node chooses its own', () => {
    const mesh = resolved(meshText([], ['routing = none'], []))
    expect(mesh.nodes.map(({ targets }) => targets.routing)).toEqual(['none', 'frr'])
    expect(codesAbout(meshText([], ['routing = guard']))).toEqual(['unknown-target routing = guard'])
  })
})

describe('keys', () => {
  const ring = (keys: Readonly<Record<string, string>>, seed = false): KeyRing => ({
    privateKeys: new Map(Object.entries(keys).map(([name, of]) => [name, privateKeyFor(of)])),
    presharedSeed: seed ? keyRingFor('').presharedSeed : null,
  })
  const [one, two] = [`public-key = ${publicKeyFor('n1')}`, `public-key = ${publicKeyFor('n2')}`]

  test.each([
    ['both halves', [[one]], ring({ n1: 'n1' }), []],
    ['the private half alone', [[]], ring({ n1: 'n1' }), []],
    ['no private half', [[one]], ring({}), [`key-missing ${one}`]],
    ['no half', [[]], ring({}), ['key-missing [node n1]']],
    ['halves of two keys', [[two]], ring({ n1: 'n1' }), [`key-pair ${two}`]],
    ['one key for two', [[], []], ring({ n1: 'n1', n2: 'n1' }), ['duplicate-key-pair [node n2]']],
    [
      'one key for two, known by its public half',
      [[one], [one, 'key-on-node = yes']],
      ring({ n1: 'n1' }),
      [`duplicate-key-pair ${one}`],
    ],
    ['the public half alone', [[one, 'key-on-node = yes']], ring({}), []],
    ['the public half, which is not there', [['key-on-node = yes']], ring({}), ['missing-key [node n1]']],
    [
      'a private half too many',
      [[one, 'key-on-node = yes']],
      ring({ n1: 'n1' }),
      ['key-on-node key-on-node = yes'],
    ],
    ['hidden', [[one]], 'hidden' as const, []],
    ['hidden and nowhere', [[]], 'hidden' as const, ['missing-key [node n1]']],
  ])('%s', (_, nodes, secrets, expected) => {
    expect(codesAbout(meshText([], ...nodes), secrets)).toEqual(expected)
  })

  test('preshared ones need their seed', () => {
    const text = meshText(['preshared-keys = yes'], [one])
    expect(codesAbout(text, ring({ n1: 'n1' }))).toEqual(['preshared-seed preshared-keys = yes'])
    expect(codesAbout(text, ring({ n1: 'n1' }, true))).toEqual([])
    expect(codesAbout(text, 'hidden')).toEqual([])
  })

  test('that are missing do not keep other faults from being said', () => {
    const text = meshText(['overlay = 10.79.0.0/24'], ['endpoint = none'], [])
    expect(codesAbout(text, ring({}))).toEqual([
      ...['overlap overlay = 10.79.0.0/24', 'key-missing [node n1]', 'key-missing [node n2]'],
    ])
  })
})
