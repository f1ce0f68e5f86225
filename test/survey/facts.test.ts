import { expect, test } from 'vitest'
import { factsIn } from '../../src/index.js'
import { fixtures, meshOf } from '../support/meshes.js'
import { nodeIn } from '../support/resolved.js'

test('the facts about a node are those of its plan, and hold no private key', () => {
  const one = fixtures.find(({ name }) => name === 'clients') as never
  const mesh = meshOf(one)
  const facts = factsIn(mesh)(nodeIn(mesh, 'node3'))
  expect(facts).toMatchObject({ name: 'node3', id: 3, roles: ['behind NAT'] })
  expect(Object.fromEntries(facts.fields)).toMatchObject({
    LANs: ['eth1 192.168.50.0/24 fd6c:1ab:7a42::/64'],
    segments: ['web'],
  })
  expect(facts.peers.map(({ name, endpoint }) => [name, endpoint])).toEqual([
    ['node1', '203.0.113.1:51820'],
    ['node2', '203.0.113.2:51820'],
  ])
  for (const node of mesh.nodes)
    expect(JSON.stringify(factsIn(mesh)(node))).not.toContain(node.privateKey?.reveal() ?? 'none')
})
