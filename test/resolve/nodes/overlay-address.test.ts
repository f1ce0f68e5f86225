import { describe, expect, test } from 'vitest'
import { load } from '../../../src/load.js'
import { plan } from '../../../src/plan/plan.js'
import { keyRingFor } from '../../support/keys.js'

const textOf = (node1: readonly string[], mesh: readonly string[] = []): string =>
  [
    '[mesh]',
    'overlay = 192.168.188.0/24, fdcd:c4cb:ac3d::/80',
    'containers = none',
    ...mesh,
    '[node node1]',
    'id = 1',
    'endpoint = 203.0.113.1',
    ...node1,
    '[node node2]',
    'id = 2',
    'endpoint = 203.0.113.2',
    '',
  ].join('\n')

const loaded = (text: string) => load({ file: 'mesh.ini', text }, keyRingFor(text))

const codesOf = (...lines: Parameters<typeof textOf>): string[] => {
  const mesh = loaded(textOf(...lines))
  return mesh.ok
    ? []
    : mesh.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
}

const plansOf = (...lines: Parameters<typeof textOf>) => {
  const mesh = loaded(textOf(...lines))
  if (!mesh.ok) throw new Error(JSON.stringify(mesh.diagnostics))
  return mesh.value.nodes.map(node => plan(mesh.value, node))
}

describe('overlay-address', () => {
  test('with a length of its own lies anywhere, and both sides get routes', () => {
    const [node1, node2] = plansOf(['overlay-address = 192.168.7.1/24'])
    expect(node1?.overlay?.addresses).toEqual(['192.168.7.1/24', 'fdcd:c4cb:ac3d::1/80'])
    expect(node1?.overlay?.routes).toEqual(['192.168.188.0/24'])
    expect(node2?.overlay?.routes).toEqual(['192.168.7.1/32'])
    expect(node1?.routing.source).toBe('192.168.7.1')
    expect(node2?.routing.neighbors.map(({ address }) => address)).toEqual(['192.168.7.1'])
    expect(node2?.firewall.policy.speakers[0]?.prefixes).toContain('192.168.7.1/32')
    for (const one of [node1, node2]) expect(one?.firewall.policy.sets.mesh).toContain('192.168.7.1/32')
  })

  test('in the pool comes first, whatever the order: sessions start from it', () => {
    const [node1, node2] = plansOf(['overlay-address = 192.168.7.1/24, 192.168.188.9, fd00:7::1/64'])
    expect(node1?.overlay?.addresses).toEqual(['192.168.188.9/24', '192.168.7.1/24', 'fd00:7::1/64'])
    expect(node1?.routing.source).toBe('192.168.188.9')
    expect(node1?.overlay?.routes).toEqual(['fdcd:c4cb:ac3d::/80'])
    expect(node2?.overlay?.routes).toEqual(['192.168.7.1/32', 'fd00:7::1/128'])
  })

  test('a mesh whose addresses all have the length of their pool needs no routes', () => {
    for (const one of plansOf(['overlay-address = 192.168.188.9/24'])) expect(one.overlay?.routes).toEqual([])
  })

  test('a shorter network of its own inside the pool needs a route to the pool', () => {
    const [node1, node2] = plansOf(['overlay-address = 192.168.188.9/28'])
    expect([node1?.overlay?.routes, node2?.overlay?.routes]).toEqual([['192.168.188.0/24'], []])
  })

  test.each([
    ['without a length outside the pool', ['overlay-address = 192.168.7.1'], 'outside-pool'],
    ["its network's own address", ['overlay-address = 192.168.7.0/24'], 'pool-edge'],
    ["the pool's broadcast address", ['overlay-address = 192.168.188.255/32'], 'pool-edge'],
    ['twice', ['overlay-address = 192.168.7.1/24, 192.168.7.1'], 'value-list'],
    ['link-local', ['overlay-address = 169.254.7.1/16'], 'reserved-range'],
    ["in the tunnel's pool", ['overlay-address = 10.79.7.1/24'], 'overlap'],
    ["another node's", ['overlay-address = 192.168.188.2/24'], 'duplicate-address'],
    ['around an endpoint', ['overlay-address = 203.0.113.9/24'], 'endpoint-inside'],
  ])('%s is an error', (_, lines, code) => {
    expect(codesOf(lines)).toContain(code)
  })
})

describe('allowed-ips', () => {
  test('the others accept them from the node and route them to it; the node itself does not', () => {
    const [node1, node2] = plansOf(['allowed-ips = 10.0.2.0/24, fd00:2::/64'])
    expect(node2?.tunnel.peers[0]?.allowedIps).toEqual(['10.79.0.1/32', '10.0.2.0/24', 'fd00:2::/64'])
    expect(node2?.tunnel.routes).toEqual(['10.0.2.0/24', 'fd00:2::/64'])
    expect(node1?.tunnel.routes).toEqual([])
    // The node's own neighbors are behind it, and must not be taken for forgers.
    expect(node1?.firewall.policy.sets.mesh).not.toContain('10.0.2.0/24')
  })

  test.each([
    ['host bits', ['allowed-ips = 10.0.2.1/24'], 'prefix-host-bits'],
    ['one twice', ['allowed-ips = 10.0.2.0/24, 10.0.2.0/24'], 'value-list'],
    ['one inside the other', ['allowed-ips = 10.0.2.0/24, 10.0.0.0/16'], 'overlap'],
    ["a peer's address", ['allowed-ips = 10.79.0.2/32'], 'overlap'],
    ['the overlay', ['allowed-ips = 192.168.0.0/16'], 'overlap'],
    ['an endpoint', ['allowed-ips = 203.0.113.0/24'], 'endpoint-inside'],
    ['everything', ['allowed-ips = 0.0.0.0/0'], 'reserved-range'],
    ['a metadata service', ['allowed-ips = 169.254.169.254/32'], 'reserved-range'],
  ])('%s is an error', (_, lines, code) => {
    expect(codesOf(lines)).toContain(code)
  })

  test('those of two nodes must not meet', () => {
    const text = `${textOf(['allowed-ips = 10.0.2.0/24'])}allowed-ips = 10.0.2.128/25\n`
    const mesh = loaded(text)
    expect(mesh.ok || mesh.diagnostics.map(({ code }) => code)).toContain('overlap')
  })
})
