import { describe, expect, test } from 'vitest'
import { parse } from '../../src/parse/parse.js'

const read = (text: string) => parse({ file: 'mesh.ini', text: `[mesh]\n${text}` })

const specOf = (text: string) => {
  const result = read(text)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

const valuesOf = (keys: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(keys).map(([key, { value }]) => [key, value]))

const pool = (prefix: string, length: number) => ({ prefix, length })

describe('[segment NAME] and [tenant NAME]', () => {
  test('with all their keys', () => {
    const { segments, tenants } = specOf(`[segment shop-1]
vni = 4242
subnet = 10.90.0.0/16 /24, fd90::/64
tenant = blue
nodes = n1, n2
[tenant blue]
vni = 300
containers = 10.91.0.0/16
nodes = n2 , n1
share = red,green
`)
    expect(segments).toMatchObject([{ name: 'shop-1', nodes: [{ value: 'n1' }, { value: 'n2' }] }])
    expect(valuesOf(segments[0]?.keys ?? {})).toEqual({
      vni: 4242,
      subnet: { ipv4: pool('10.90.0.0/16', 24), ipv6: pool('fd90::/64', 64) },
      tenant: 'blue',
    })
    expect(tenants).toMatchObject([{ name: 'blue', share: [{ value: 'red' }, { value: 'green' }] }])
    expect(valuesOf(tenants[0]?.keys ?? {})).toEqual({
      vni: 300,
      containers: { ipv4: pool('10.91.0.0/16', 24), ipv6: null },
    })
    expect(tenants[0]?.nodes?.map(({ value, span }) => [value, span.line, span.column])).toEqual([
      ['n2', 10, 9],
      ['n1', 10, 14],
    ])
  })

  test('with none of them: on all nodes, sharing with nobody', () => {
    const { segments, tenants } = specOf('[segment a]\n[tenant b]\n')
    expect(segments).toMatchObject([{ name: 'a', keys: {}, nodes: null }])
    expect(tenants).toMatchObject([{ name: 'b', keys: {}, nodes: null, share: [] }])
  })

  test('with nodes on lines of their own', () => {
    const { segments } = specOf('[segment a]\nnodes[] = n1\nnodes[] = n2, n3\n')
    expect(segments[0]?.nodes?.map(({ value, span }) => [value, span.line])).toEqual([
      ['n1', 3],
      ['n2', 4],
      ['n3', 4],
    ])
  })

  test.each([
    ['[segment]', 'network-name', 2],
    ['[tenant]', 'network-name', 2],
    ['[segment Blue]', 'network-name', 2],
    ['[tenant twelve-chars]', 'network-name', 2],
    ['[segment a_b]', 'network-name', 2],
    ['[segment -a]', 'network-name', 2],
    ['[tenant a-]', 'network-name', 2],
    ['[segment a.b]', 'network-name', 2],
    ['[segment a b]', 'unknown-section', 2],
    ['[segments a]', 'unknown-section', 2],
    ['[segment a]\n[segment a]', 'duplicate-section', 3],
    ['[tenant a]\nsubnet = 10.0.0.0/8', 'unknown-key', 3],
    ['[segment a]\nshare = b', 'unknown-key', 3],
    ['[segment a]\nmembers = b', 'unknown-key', 3],
    ['[segment a]\nvni = 0', 'number-range', 3],
    ['[tenant a]\nvni = 16777216', 'number-range', 3],
    ['[segment a]\nsubnet = 10.90.0.1/16', 'prefix-host-bits', 3],
    ['[segment a]\ntenant = B', 'network-name', 3],
    ['[segment a]\nnodes = n1,', 'value-list', 3],
    ['[segment a]\nnodes = a_b', 'node-name', 3],
    ['[tenant a]\nshare = b, C', 'network-name', 3],
    ['[tenant a]\nshare =', 'empty-value', 3],
  ])('%s is at fault: %s', (text, code, line) => {
    const result = read(`${text}\n`)
    expect(result.ok ? [] : result.diagnostics).toMatchObject([{ code, span: { line } }])
  })

  test('a name has at most 8 characters, or 11', () => {
    expect(specOf('[segment eight-ch]\n').segments[0]?.name).toBe('eight-ch')
    expect(specOf('[tenant eleven-char]\n').tenants[0]?.name).toBe('eleven-char')
  })
})
