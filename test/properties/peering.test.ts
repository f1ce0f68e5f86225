import { describe, expect, test } from 'vitest'
import type { Blueprint } from '../arbitraries/blueprint.js'
import { anyMesh, largeMesh, meshOfSeveral } from '../arbitraries/meshes.js'
import { bare, clashes, host, isWithin } from '../oracles/addresses.js'
import {
  carrierOf,
  isLayer3,
  type NodeFacts,
  prefixesOf,
  sessionAddressOf,
  vtepOf,
} from '../oracles/facts.js'
import { presharedFor, presharedSeed, publicHalf } from '../oracles/keys.js'
import { changedFiles } from '../oracles/text.js'
import { faultsOf, treeOf } from '../oracles/tree.js'
import type { WgPeer } from '../oracles/wg-quick.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

const inMeshes = (check: (world: World) => void, runs?: number) => () =>
  forAll(anyMesh, blueprint => check(worldOf(blueprint)), runs)

const peerOf = (world: World, a: NodeFacts, b: NodeFacts): WgPeer | undefined =>
  world.conf(a).peers.find(({ publicKey }) => publicKey === b.publicKey)

const countsPeers = (world: World): void => {
  const { nodes, pairs, model } = world
  const apart = pairs.filter(([a, b]) => !model.peers(a, b)).length
  const blocks = nodes.reduce((sum, node) => sum + world.conf(node).peers.length, 0)
  expect(blocks).toBe(nodes.length * (nodes.length - 1) - apart)
  for (const [a, b] of pairs) expect(peerOf(world, a, b) !== undefined).toBe(model.peers(a, b))
}

describe('peers', () => {
  test('1, 2: every pair peers, both ways, but those excluded or undialable', inMeshes(countsPeers))

  test('1, 2: in a mesh of 60 nodes too', () =>
    forAll(largeMesh, blueprint => countsPeers(worldOf(blueprint)), 2))

  test(
    '3: nobody has itself as peer, FDB entry or neighbor',
    inMeshes(world => {
      for (const node of world.nodes) {
        expect(world.conf(node).peers.map(({ publicKey }) => publicKey)).not.toContain(node.publicKey)
        expect(world.fdb(node).map(({ destination }) => destination)).not.toContain(vtepOf(node))
        expect(world.fdb(node).map(({ mac }) => mac)).not.toContain(node.mac)
        expect([...(world.frr(node)?.neighbors.keys() ?? [])]).not.toContain(sessionAddressOf(node))
      }
    }),
  )
})

describe('keys', () => {
  test(
    "4: the PublicKey that A has for B is the public half of B's private key",
    inMeshes(world => {
      const halves = world.nodes.map(node => {
        const [written] = world.conf(node).interface.get('PrivateKey') ?? []
        if (node.source.keyOnNode) expect(written).toBeUndefined()
        return written === undefined || written === '(hidden)' ? node.publicKey : publicHalf(written)
      })
      world.nodes.forEach(node => {
        const used = world.conf(node).peers.map(({ publicKey }) => publicKey)
        const expected = world.nodes.flatMap((other, at) =>
          world.model.peers(node, other) ? [halves[at]] : [],
        )
        expect(used).toEqual(expected)
      })
    }),
  )

  test('4: a key that is not the other half, or that two nodes have, is refused', () =>
    forAll(meshOfSeveral, mesh => {
      const [first, second, ...rest] = mesh.nodes
      if (!first || !second) return
      const blueprint = { ...mesh, hidden: false }
      const borrowed = { ...second, keyName: first.name, keyOnNode: false }
      expect(faultsOf({ ...blueprint, nodes: [first, borrowed, ...rest] })).toContain('duplicate-key-pair')
    }))

  test(
    '5: preshared keys are equal on both sides, and others for every other pair',
    inMeshes(world => {
      const { blueprint, pairs } = world
      const keys = new Map<string, string>()
      for (const [a, b] of pairs) {
        const key = peerOf(world, a, b)?.presharedKey
        if (key === undefined) continue
        if (!blueprint.mesh.presharedKeys) expect(key).toBeNull()
        else if (blueprint.hidden) expect(key).toBe('(hidden)')
        else {
          expect(key).toBe(presharedFor(presharedSeed, a.publicKey, b.publicKey))
          expect(key).toBe(peerOf(world, b, a)?.presharedKey)
          keys.set([a.name, b.name].sort().join(' '), key as string)
        }
      }
      expect(new Set(keys.values()).size).toBe(keys.size)
    }),
  )
})

describe('endpoints', () => {
  test(
    "6: an Endpoint for B is one of B's, its port B's ListenPort unless mesh.ini says another",
    inMeshes(world => {
      for (const [a, b] of world.pairs) {
        const peer = peerOf(world, a, b)
        if (!peer) continue
        expect(peer.endpoint).toBe(world.model.endpoint(a, b))
        const written = [b.source.endpoints, ...Object.values(b.source.endpointsAt)].flat()
        if (peer.endpoint === null || written.some(({ port }) => port !== null)) continue
        const [port] = world.conf(b).interface.get('ListenPort') ?? []
        expect(peer.endpoint.slice(peer.endpoint.lastIndexOf(':') + 1)).toBe(port)
      }
    }),
  )

  test('6: the order that endpoints are written in does not matter', () =>
    forAll(anyMesh, blueprint => {
      const nodes = blueprint.nodes.map(node => ({ ...node, endpoints: [...node.endpoints].reverse() }))
      expect(changedFiles(treeOf(blueprint), treeOf({ ...blueprint, nodes }))).toEqual([])
    }))

  test(
    '6: a node that says nothing of families dials IPv6 only where the peer answers in nothing else',
    inMeshes(world => {
      for (const [a, b] of world.pairs) {
        const said = a.source.families ?? world.blueprint.mesh.families
        const local = b.source.endpointsAt[a.site ?? '']
        const endpoints = local ?? b.source.endpoints
        if (said !== null || endpoints.every(({ family }) => family === 'ipv6')) continue
        const onlyIpv6 =
          a.source.endpoints.length > 0 && a.source.endpoints.every(({ family }) => family === 'ipv6')
        if (local || !onlyIpv6) expect(peerOf(world, a, b)?.endpoint ?? '').not.toMatch(/^\[/)
      }
    }),
  )

  test(
    '6: what a node says to a site is for that site alone, and all that it is told',
    inMeshes(world => {
      for (const [a, b] of world.pairs) {
        const dialed = peerOf(world, a, b)?.endpoint
        if (dialed === undefined) continue
        const local = b.endpointsAt.get(a.site ?? '')
        const said = (local ?? b.endpoints).map(({ text }) => text)
        if (dialed !== null) expect(said).toContain(dialed)
        if (local?.length === 0) expect(dialed).toBeNull()
      }
    }),
  )

  test('6: of a site that nobody is in nothing is written anywhere', () =>
    forAll(anyMesh, blueprint => {
      const nodes = blueprint.nodes.map(node => {
        const some = { host: '172.30.0.1', family: 'ipv4' as const, port: 10000 + node.id }
        const families = blueprint.mesh.families ?? ['ipv4']
        return {
          ...node,
          endpointsAt: { ...node.endpointsAt, moon: families.includes('ipv4') ? [some] : [] },
        }
      })
      const changed = changedFiles(treeOf(blueprint), treeOf({ ...blueprint, nodes }))
      // But whom a port has to be open to.
      expect(changed.filter(place => !/^_mesh \S+\.md$/.test(place))).toEqual([])
    }))

  test(
    '7: one side of a pair can be dialled, and the one that cannot keeps the way open',
    inMeshes(world => {
      for (const [a, b] of world.pairs) {
        const [here, there] = [peerOf(world, a, b), peerOf(world, b, a)]
        if (!here || !there) continue
        expect(here.endpoint ?? there.endpoint).not.toBeNull()
        const said = a.keepalive === 0 ? null : a.keepalive
        const needed = there.endpoint === null ? 25 : null
        expect(here.keepalive).toBe(a.keepalive === null ? needed : said)
      }
    }),
  )
})

describe('allowed IPs', () => {
  test(
    '8: those of different peers never overlap',
    inMeshes(world => {
      for (const node of world.nodes)
        expect(clashes(world.conf(node).peers.flatMap(({ allowedIps }) => allowedIps))).toEqual([])
    }),
  )

  test(
    '9: they are what the peer owns and what it relays for, and together all that can be reached',
    inMeshes(world => {
      const { model, nodes } = world
      // Without VXLAN the tunnel itself carries the container networks.
      const owned = (node: NodeFacts): string[] => [
        ...node.underlay.map(address => host(bare(address))),
        ...(isLayer3(world.blueprint) ? prefixesOf(node) : []),
      ]
      for (const node of nodes) {
        for (const { publicKey, allowedIps } of world.conf(node).peers) {
          const peer = world.nodeWithKey(publicKey)
          const relayed = nodes.filter(
            other => other !== node && !model.peers(node, other) && model.relay(node, other) === peer,
          )
          expect(allowedIps).toEqual([peer, ...relayed].flatMap(owned))
        }
        const all = world.conf(node).peers.flatMap(({ allowedIps }) => allowedIps)
        const reachable = nodes.filter(other => model.reachable(node, other)).flatMap(owned)
        expect([...all].sort()).toEqual(reachable.sort())
      }
    }),
  )

  test(
    '10: they never contain an endpoint',
    inMeshes(world => {
      for (const node of world.nodes)
        for (const { endpoint } of world.conf(node).peers) {
          const literal = /^\[(.*)\]:\d+$|^([0-9.]+):\d+$/.exec(endpoint ?? '')
          if (!literal) continue
          const address = host(literal[1] ?? (literal[2] as string))
          const allowed = world.conf(node).peers.flatMap(({ allowedIps }) => allowedIps)
          expect(allowed.filter(prefix => isWithin(address, prefix))).toEqual([])
        }
    }),
  )

  test('10: an endpoint inside the mesh is refused', () =>
    forAll(meshOfSeveral, mesh => {
      const inside = mesh.nodes[0]
      if (!inside || !(mesh.mesh.families ?? ['ipv4']).includes('ipv4')) return
      const address = bare(carrierOf(mesh).ipv4).replace(/\d+$/, '77')
      const endpoints = [{ host: address, family: 'ipv4' as const, port: null }]
      const nodes: Blueprint['nodes'] = [
        { ...inside, endpoints, families: null },
        ...mesh.nodes.slice(1).map(node => ({ ...node, families: null })),
      ]
      expect(faultsOf({ ...mesh, nodes })).toContain('endpoint-inside')
    }))
})
