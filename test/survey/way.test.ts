import { describe, expect, test } from 'vitest'
import { generate } from '../../src/generate.js'
import { factsIn, wayBetween } from '../../src/index.js'
import type { Mesh } from '../../src/model/mesh.js'
import { textOf } from '../../src/render/chunks.js'
import { type NodeFolder, verify } from '../../src/verify/index.js'
import { fixtures, meshOf } from '../support/meshes.js'
import { nodeIn } from '../support/resolved.js'

const fixture = (name: string): Mesh => meshOf(fixtures.find(one => one.name === name) as never, true)
const way = (mesh: Mesh, from: string, to: string, ...without: string[]) =>
  wayBetween(mesh, nodeIn(mesh, from), nodeIn(mesh, to), without)

/** What `verify` is given, which knows nothing of meshes. */
const foldersOf = (mesh: Mesh): NodeFolder[] =>
  [...generate(mesh)]
    .filter(({ node }) => mesh.nodes.some(({ name }) => name === node))
    .map(({ node, files }) => ({
      name: node,
      files: files
        .filter(({ path }) => /\.(conf|fdb|yaml|netdev|network)$/.test(path))
        .map(({ path, content }) => ({ file: `${node}/${path}`, text: textOf(content) })),
    }))

describe('the way from one node to another', () => {
  test.each(fixtures)(
    'in $name it arrives exactly where the files of all nodes carry it, also with a node off',
    one => {
      const mesh = meshOf(one, true)
      const folders = foldersOf(mesh)
      for (const off of [[], ...mesh.nodes.map(({ name }) => [name])])
        for (const { from, to, prefix, passes } of verify(folders, off).pairs) {
          // Those of segments are told by several nodes, and their ways are EVPN's.
          if (!nodeIn(mesh, to).networks.some(({ prefixes }) => prefixes.some(other => other === prefix)))
            continue
          expect([from, to, off, way(mesh, from, to, ...off).ends === null]).toEqual([from, to, off, passes])
        }
    },
  )

  test('goes by a relay, and ends where that is off', () => {
    const mesh = fixture('relay')
    const { nodes, hops, ends } = way(mesh, 'home1', 'home2')
    expect({ nodes, ends }).toEqual({ nodes: ['home1', 'node1', 'home2'], ends: null })
    expect(hops.map(({ what }) => what)).toContain('WireGuard to node1: home1 dials 203.0.113.1:51820')
    expect(way(mesh, 'home1', 'home2', 'node1').ends).toBe('no tunnel to home2, and its relay node1 is off')
    expect(way(mesh, 'home1', 'home2', 'home2').ends).toBe('home2 is off')
  })

  test('says who tells of the route, and that nobody does', () => {
    const mesh = fixture('reflectors')
    expect(way(mesh, 'node3', 'node4').reflectors).toEqual(['node1', 'node2'])
    expect(way(mesh, 'node3', 'node4', 'node1').reflectors).toEqual(['node2'])
    expect(way(mesh, 'node3', 'node4', 'node1', 'node2').ends).toBe(
      'no reflector is on that tells node3 of node4',
    )
    expect(way(mesh, 'node3', 'node1', 'node2').ends).toBeNull()
  })
})

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
