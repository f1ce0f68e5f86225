import { describe, expect, it } from 'vitest'
import { load } from '../../src/load.js'
import { keyRingFor } from '../support/keys.js'

const mesh = (first: string, second = '', head = ''): string => `[mesh]
name = ciabmesh
${head}
[node a]
id = 1
endpoint = 203.0.113.1
${first}
[node b]
id = 2
endpoint = 203.0.113.2
${second}`

/** Code and message of everything that is said. */
const said = (text: string): string[] => {
  const result = load({ file: 'mesh.ini', text }, keyRingFor(text))
  const all = result.ok ? result.warnings : result.diagnostics
  return all.map(({ code, message, hint }) => `${code}: ${message}; ${hint}`)
}

describe('a LAN behind a node', () => {
  it('is taken, on several interfaces', () => {
    expect(said(mesh('lan[] = eth1 192.168.50.0/24\nlan[] = eth2 192.168.51.0/24'))).toEqual([])
    expect(said(mesh('lan = eth1 192.168.50.0/24', 'lan = eth1 192.168.51.0/24'))).toEqual([])
  })

  it.each([
    ['lan = eth1 192.168.50.0/24', 'lan = eth1 192.168.50.0/24', /^overlap: the LAN behind eth1 of b.*both/],
    ['lan = eth1 192.168.50.0/24', 'lan = eth0 192.168.0.0/16', /^overlap: the LAN behind eth0 of b/],
    [
      'lan = eth1 10.79.0.0/24',
      '',
      /^overlap: the LAN behind eth1 of a \(10\.79\.0\.0\/24\) overlaps the underlay pool/,
    ],
    ['lan = eth1 10.78.5.0/24', '', /^overlap/],
    ['lan = eth1 203.0.113.0/31', '', /^endpoint-inside/],
    ['lan = eth1 fd50::/64', '', /^pool-family: the LAN of a has IPv6/],
    ['lan = eth1 127.0.0.0/8', '', /^reserved-range/],
    ['lan = ciabbr0 192.168.50.0/24', '', /^interface-taken: "ciabbr0" is an interface of node a/],
    ['lan = ciabmesh 192.168.50.0/24', '', /^interface-taken/],
    ['lan = eth1 192.168.50.0/24\nforward = eth1', '', /^value-conflict: eth1 is in forward as well/],
    ['lan = eth1 192.168.50.0/24\nrouting = none', '', /^unannounced: a has a LAN and no routing/],
    ['lan = eth1', '', /^prefix-syntax/],
    ['lan = 192.168.50.0/24', '', /^interface-name.*write INTERFACE PREFIX/],
    ['lan = eth1 192.168.50.1/24', '', /^prefix-host-bits/],
  ])('%s and %s: is said what is wrong, and what to write', (first, second, words) => {
    const all = said(mesh(first, second))
    expect(all).toHaveLength(1)
    expect(all[0]).toMatch(words)
  })
})
