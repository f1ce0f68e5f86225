import { describe, expect, it } from 'vitest'
import { load } from '../../../src/load.js'
import { keyRingFor } from '../../support/keys.js'

const tenant = (name: string, rest = ''): string =>
  `[tenant ${name}]\ncontainers = 10.50.0.0/16 /24, fd50::/48 /64\n${rest}`

const mesh = (client: string, networks: string): string => `[mesh]
name = ciabmesh
[node a]
id = 1
endpoint = 203.0.113.1
[node b]
id = 2
endpoint = 203.0.113.2
[client phone]
id = 3
${client}
${networks}`

/** Code, message and hint of everything that is said. */
const said = (text: string): string[] => {
  const result = load({ file: 'mesh.ini', text }, keyRingFor(text))
  const all = result.ok ? result.warnings : result.diagnostics
  return all.map(({ code, message, hint }) => `${code}: ${message}; ${hint}`)
}

/** The node that carries the client. */
const carrier = (text: string): string | undefined => {
  const result = load({ file: 'mesh.ini', text }, keyRingFor(text))
  return result.ok ? result.value.nodes.find(({ clients }) => clients.length > 0)?.name : undefined
}

describe('a client in a tenant', () => {
  it('is carried by the first node that has its routing table, be it for one that shares', () => {
    expect(carrier(mesh('reach = blue', tenant('blue')))).toBe('a')
    expect(carrier(mesh('reach = blue', tenant('blue', 'nodes = b')))).toBe('b')
    expect(
      carrier(
        mesh(
          'reach = blue',
          `${tenant('blue', 'nodes = b\nshare = red')}\n[tenant red]\ncontainers = 10.51.0.0/16 /24\nnodes = a`,
        ),
      ),
    ).toBe('a')
    expect(
      carrier(
        mesh(
          'reach = lan',
          `${tenant('blue', 'nodes = b')}\n[segment lan]\ntenant = blue\nsubnet = 10.52.0.0/16 /24`,
        ),
      ),
    ).toBe('b')
  })

  it('is refused where nobody that it can dial has it, or the one that it names has not', () => {
    expect(said(mesh('via = a\nreach = blue', tenant('blue', 'nodes = b')))).toEqual([
      'client-tenant: phone enters tenant blue, and a, which carries it, has no routing table of it; write via = b, or add a to nodes of [tenant blue]',
    ])
    const apart = `${tenant('blue', 'nodes = a')}\n[tenant red]\ncontainers = 10.51.0.0/16 /24\nnodes = b`
    expect(said(mesh('reach = blue, red', apart))).toEqual([
      'client-tenant: no node that phone can dial has the routing table of tenants blue and red; add a to nodes of [tenant blue] and [tenant red]',
    ])
  })

  it('enters no two networks with the same addresses, said once', () => {
    const both = `${tenant('blue')}\n${tenant('red')}`
    expect(said(mesh('reach = red', both))).toEqual([])
    expect(said(mesh('reach = red, blue', both))).toEqual([
      expect.stringMatching(
        /^overlap: phone enters tenant red \(.*\) and tenant blue \(.*could mean either; /,
      ),
    ])
    const hosts = `${tenant('blue')}\n[segment web]\nsubnet = 10.50.0.0/16 /24`
    expect(said(mesh('reach = web', hosts))).toEqual([])
    expect(said(mesh('reach = web, blue', hosts))).toEqual([expect.stringMatching(/^overlap: phone enters/)])
  })
})
