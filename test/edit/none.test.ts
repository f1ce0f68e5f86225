import { describe, expect, it } from 'vitest'
import { removeNode, renameNode } from '../../src/edit/index.js'
import { codesAbout, resolved } from '../support/resolved.js'

const nodes = [1, 2, 3].map(id => `[node n${id}]\nid = ${id}\nendpoint = 203.0.113.${id}\n`).join('\n')
const mesh = (networks: string): string => `[mesh]\n\n${nodes}\n${networks}`

const without = (networks: string, ...names: readonly string[]): string =>
  names.reduce((text, name) => {
    const result = removeNode(text, name)
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
    return result.value
  }, mesh(networks))

/** What is left of the sections behind the nodes. */
const left = (networks: string, ...names: readonly string[]): string =>
  /\n(\[(segment|tenant|group)[\s\S]*)$/.exec(without(networks, ...names))?.[1] ?? ''

describe('the last node of a segment or tenant', () => {
  it.each([
    ['[segment s]\nnodes = n1\n', '[segment s]\nnodes = none\n'],
    ['[tenant t]\nnodes = n1\n', '[tenant t]\nnodes = none\n'],
    ['[segment s]\nnodes  =  "n1" ; alone\n', '[segment s]\nnodes  =  none ; alone\n'],
    ['[segment s]\nnodes=n1,n1\n', '[segment s]\nnodes=none\n'],
    ['[segment s]\nnodes[] = n1\n', '[segment s]\nnodes[] = none\n'],
    ['[segment s]\nnodes = n1, n2\n', '[segment s]\nnodes = n2\n'],
    ['[segment s]\nnodes = none\n', '[segment s]\nnodes = none\n'],
    ['[segment s]\nvni = 7777\n', '[segment s]\nvni = 7777\n'],
    ['[group g]\nmembers = n1\nkeepalive = 25\n', '[group g]\nkeepalive = 25\n'],
  ])('leaves none, or all would be members: %j', (before, after) => {
    expect(left(before, 'n1')).toBe(after)
  })

  it('leaves both a tenant and its segment on nobody', () => {
    const text = without(
      '[tenant t]\ncontainers = 10.91.0.0/16 /24\nnodes = n1, n2\n\n[segment s]\ntenant = t\nnodes = n2\n',
      'n2',
      'n1',
    )
    expect(text.match(/^nodes = none$/gm)).toHaveLength(2)
    expect(codesAbout(text)).toEqual([])
    const { segments, tenants } = resolved(text)
    expect([...segments, ...tenants].map(({ members }) => members)).toEqual([[], []])
  })

  it('is no node called none', () => {
    const text = mesh('[segment s]\nnodes = none\n')
    expect(renameNode(text, 'n1', 'n9')).toBe(text.replace('[node n1]', '[node n9]'))
    expect(renameNode(mesh('[segment s]\nnodes = n1\n'), 'n1', 'n9')).toContain('\nnodes = n9\n')
  })
})

describe('of nodes on lines of their own', () => {
  const lines = '[segment s]\nvni = 7777\nnodes[] = n1\nnodes[] = n2\nnodes[] = n1, n3\n'

  it.each([
    [['n2'], 'nodes[] = n1\nnodes[] = n1, n3\n'],
    [['n1'], 'nodes[] = n2\nnodes[] = n3\n'],
    [['n3', 'n2'], 'nodes[] = n1\nnodes[] = n1\n'],
    [['n1', 'n2'], 'nodes[] = n3\n'],
    [['n1', 'n2', 'n3'], 'nodes[] = none\n'],
    [['n3', 'n2', 'n1'], 'nodes[] = none\n'],
  ])('a line goes with its last member, and the last one says none: without %j', (names, after) => {
    expect(left(lines, ...names)).toBe(`[segment s]\nvni = 7777\n${after}`)
  })
})
