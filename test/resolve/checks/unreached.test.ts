import { expect, test } from 'vitest'
import { load } from '../../../src/load.js'
import { keyRingFor } from '../../support/keys.js'
import { meshText } from '../../support/resolved.js'

const said = (mesh: string[], node: string[], more = ''): string[] => {
  const text = `${meshText(mesh, node, [])}\n${more}`
  const loaded = load({ file: 'mesh.ini', text }, keyRingFor(text))
  return (loaded.ok ? loaded.warnings : loaded.diagnostics)
    .filter(({ code }) => code === 'unannounced')
    .map(({ message }) => message)
}

test.each([
  [[], ['overlay = none', 'routing = none'], 1],
  [[], ['overlay = none', 'routing = none', 'containers = none'], 0],
  // Who writes FRR himself has the overlay for it.
  [[], ['routing = none'], 0],
  [['mode = l3'], ['routing = none'], 0],
])('containers behind nothing: [mesh] %j, node %j', (mesh, node, count) => {
  expect(said(mesh, node)).toEqual(
    Array.from(
      { length: count },
      () => 'n1 has containers, and neither overlay nor routing: no other node reaches them',
    ),
  )
})

test.each([
  [[], 'containers of other nodes do not reach it'],
  [['mode = l3'], 'it has no routes to containers of other nodes'],
])('a client of a node that has no routing: [mesh] %j', (mesh, lacks) => {
  const client = '[client laptop]\nid = 9'
  expect(said(mesh, ['routing = none'], `${client}\nvia = n1`)).toEqual([
    `n1 carries laptop and has no routing: ${lacks}`,
  ])
  expect(said(mesh, ['routing = none'], client), 'one that has is taken').toEqual([])
})
