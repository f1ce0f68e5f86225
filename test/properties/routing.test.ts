import { describe, expect, test } from 'vitest'
import { anyMesh, largeMesh } from '../arbitraries/meshes.js'
import { clashes, familyOf } from '../oracles/addresses.js'
import { type NodeFacts, prefixesOf, sessionAddressOf, vtepOf } from '../oracles/facts.js'
import { permitted } from '../oracles/frr.js'
import { announced, inSession, propagate, remoteAs, sourceOf } from '../oracles/propagation.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

const inMeshes = (check: (world: World) => void) => () =>
  forAll(anyMesh, blueprint => check(worldOf(blueprint)))

/** Both have FRR from us, and the segment it speaks over. */
const speaks = (node: NodeFacts): boolean =>
  node.source.targets.routing !== 'none' && node.source.targets.overlay !== 'none'

const delivers = (world: World): void => {
  for (const [node, { learned }] of propagate(world)) {
    const senders = world.nodes.filter(
      other => speaks(node) && speaks(other) && world.model.reachable(node, other),
    )
    const expected = senders.flatMap(other => prefixesOf(other).map(prefix => [prefix, [other.name]]))
    expect(Object.fromEntries(learned)).toEqual(Object.fromEntries(expected))
  }
}

describe('sessions', () => {
  test(
    '23: A has neighbor B exactly where B has A, each by the AS and the address of the other',
    inMeshes(world => {
      const { asn } = world.blueprint.mesh
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        const others = world.nodes.filter(other => world.model.reachable(node, other))
        expect([...file.neighbors.values()]).toEqual(
          others.map(other => ({
            address: sessionAddressOf(other),
            group: 'CIAB',
            description: other.name,
          })),
        )
        expect(file.asn).toBe(asn ?? 64512)
        expect(remoteAs(file)).toBe(file.asn)
        expect(sourceOf(file)).toBe(sessionAddressOf(node))
        const families = { ipv4: true, ipv6: world.blueprint.mesh.overlay.ipv6 !== null }
        for (const family of ['ipv4', 'ipv6'] as const)
          expect(file.families[family] !== null).toBe(families[family])
      }
      for (const [a, b] of world.pairs)
        expect(inSession(world, a, b)).toBe(speaks(a) && speaks(b) && world.model.reachable(a, b))
    }),
  )

  test(
    '29: the router-id is the VTEP; the AS number is private unless mesh.ini says another',
    inMeshes(world => {
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        expect(file.routerId).toBe(vtepOf(node))
        expect(file.routerId).not.toBe('0.0.0.0')
        if (world.blueprint.mesh.asn === null) expect(file.asn).toBe(64512)
      }
    }),
  )
})

describe('routes', () => {
  test('25: every prefix reaches every node that packets reach, from its owner alone', inMeshes(delivers))

  test('25: in a mesh of 60 nodes too', () => forAll(largeMesh, blueprint => delivers(worldOf(blueprint)), 1))

  test(
    '28: a node originates exactly its container networks, and no two networks overlap',
    inMeshes(world => {
      const all: string[] = []
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        const own = prefixesOf(node)
        const networks = [...(file.families.ipv4?.networks ?? []), ...(file.families.ipv6?.networks ?? [])]
        expect([...networks].sort()).toEqual([...own].sort())
        expect([...file.blackholes].sort()).toEqual([...own].sort())
        for (const family of ['ipv4', 'ipv6'] as const) {
          const announcements = announced(file, '0.0.0.0', family)
          expect(announcements).toEqual(file.families[family]?.networks ?? [])
        }
        all.push(...networks)
      }
      expect(clashes(all)).toEqual([])
    }),
  )

  test(
    "28: the filters admit exactly the neighbor's networks, and let out exactly one's own",
    inMeshes(world => {
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        for (const [family, ip] of [['ipv4', 'ip'] as const, ['ipv6', 'ipv6'] as const]) {
          const open = file.families[family]
          if (!open) continue
          const of = (owner: NodeFacts): string[] =>
            prefixesOf(owner).filter(prefix => familyOf(prefix) === family)
          const out = open.filters.get('CIAB')?.out ?? ''
          expect(permitted(file, ip, out)).toEqual(of(node))
          for (const other of world.nodes) {
            if (!world.model.reachable(node, other)) continue
            const list = open.filters.get(sessionAddressOf(other))?.in ?? ''
            expect(permitted(file, ip, list)).toEqual(of(other))
          }
        }
      }
    }),
  )
})
