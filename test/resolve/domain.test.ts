import { describe, expect, test } from 'vitest'
import { planMesh } from '../../src/plan/plan.js'
import { codesAbout, diagnosticsAbout, meshText, resolved } from '../support/resolved.js'

const namesOf = (...mesh: string[]) => planMesh(resolved(meshText(mesh, [], []))).names

describe('the domain', () => {
  test.each([
    ['ciabmesh', 'ciabmesh.internal'],
    ['wg_Mesh-1', 'wg-mesh-1.internal'],
    ['_x-', 'x.internal'],
    ['__', 'mesh.internal'],
  ])('of a mesh called %s is %s, where none is written', (name, domain) => {
    expect(namesOf(`name = ${name}`).domain).toBe(domain)
  })

  test('may be written in Unicode', () => {
    const { domain, nodes, servers } = namesOf('domain = Bücher.example')
    expect(domain).toBe('xn--bcher-kva.example')
    expect(nodes.map(({ fullName }) => fullName)).toEqual([
      'n1.xn--bcher-kva.example',
      'n2.xn--bcher-kva.example',
    ])
    expect(servers).toEqual(['n1.xn--bcher-kva.example'])
  })

  test('leaves room for the longest name of a node', () => {
    const domain = (length: number) => `domain = ${'a.'.repeat(length / 2 - 1)}aa`
    const text = (length: number) => meshText([domain(length)], [`[node ${'n'.repeat(63)}]`])
    expect(codesAbout(text(178))).toEqual([])
    expect(codesAbout(text(180))).toEqual([`domain-length ${domain(180)}`])
    expect(diagnosticsAbout(text(180))[0]?.hint).toBe('write a domain of at most 178 characters')
  })
})

describe('name servers', () => {
  test('are nodes, or outside', () => {
    expect(namesOf('domain = m.example', 'name-servers = n2, NS.example.net').servers).toEqual([
      'n2.m.example',
      'ns.example.net',
    ])
  })

  test.each([
    ['n3', 'unknown-node'],
    ['ns.m.example', 'value-conflict'],
    ['m.example', 'value-conflict'],
    ['n1, n1', 'value-list'],
    ['n1,', 'value-list'],
    ['n_1', 'node-name'],
    ['a..b', 'domain-syntax'],
  ])('%s is refused', (servers, code) => {
    const line = `name-servers = ${servers}`
    expect(codesAbout(meshText(['domain = m.example', line], [], []))).toEqual([`${code} ${line}`])
  })
})

test('reverse ranges are the pools, and what is pinned outside them', () => {
  const text = meshText(
    ['underlay = 10.79.0.0/25, fd00:9::/120', 'overlay = 10.78.0.0/22', 'containers = 10.64.0.0/13 /24'],
    ['underlay-address = 192.168.4.7, fd00:9::1:0:1', 'containers = lxdbr0 10.201.7.129/25'],
    [],
  )
  expect(planMesh(resolved(text)).names.ranges).toEqual([
    '10.79.0.0/25',
    '10.78.0.0/22',
    '10.64.0.0/13',
    '192.168.4.0/24',
    'fd00:9::/64',
    '10.201.7.0/24',
  ])
})
