import { describe, expect, test } from 'vitest'
import { anyMesh, meshWithNetworks } from '../arbitraries/meshes.js'
import { bare, familyOf } from '../oracles/addresses.js'
import {
  isLayer3,
  isRouter,
  type NodeFacts,
  nameOfOverlay,
  sessionAddressOf,
  vniOf,
  vtepOf,
} from '../oracles/facts.js'
import { segmentsOf } from '../oracles/networks.js'
import { type Packet, readPacketFilter, type Verdict } from '../oracles/packet-filter.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

type Filter = ReturnType<typeof readPacketFilter>

const guarded =
  (check: (world: World, node: NodeFacts, filter: Filter) => void, meshes = anyMesh) =>
  () =>
    forAll(
      meshes,
      blueprint => {
        const world = worldOf(blueprint)
        for (const node of world.nodes) {
          if (node.source.targets.firewall === 'none') continue
          check(world, node, readPacketFilter(world.text(node, `etc/ciab/${blueprint.mesh.name}.nft`)))
        }
      },
      40,
    )

const packet = (parts: Partial<Packet> & Pick<Packet, 'iif' | 'from' | 'to'>): Packet => ({
  protocol: 'icmp',
  state: 'new',
  routed: true,
  athome: false,
  ...parts,
})

/** What arrives, and then is for the host or goes through it. */
const comes = (filter: Filter, one: Packet): Verdict =>
  filter('prerouting', one) === 'drop' ? 'drop' : filter(one.oif === undefined ? 'input' : 'forward', one)

const nobody = { ipv4: '198.18.0.99', ipv6: '2001:2::99' } as const
const others = (world: World, node: NodeFacts): NodeFacts[] => world.nodes.filter(other => other !== node)
/** Whether they are on the overlay together. */
const meets = (world: World, a: NodeFacts, b: NodeFacts): boolean =>
  isRouter(a) && isRouter(b) && world.model.reachable(a, b)
/** Interfaces that mesh.ini names for it; a node's own word wins over its group's. */
const forwards = (world: World, node: NodeFacts): readonly string[] =>
  node.source.forward ??
  world.blueprint.groups.find(({ members }) => members.includes(node.name))?.forward ??
  []

describe('VXLAN', () => {
  test(
    'of the mesh is taken out of the tunnel, from the VTEP of the node whose MAC address it bears, and from nowhere else',
    guarded((world, node, filter) => {
      if (isLayer3(world.blueprint)) return
      const { name, vxlanPort } = world.blueprint.mesh
      const frame = (iif: string, from: string, mac: string): Verdict =>
        filter(
          'input',
          packet({
            iif,
            from,
            to: vtepOf(node),
            protocol: 'udp',
            port: vxlanPort ?? 4789,
            vxlan: { vni: vniOf(world.blueprint), mac },
          }),
        )
      for (const other of others(world, node)) {
        const heard = meets(world, node, other) ? 'accept' : 'drop'
        expect(frame(name, vtepOf(other), other.mac)).toBe(heard)
        expect(frame(name, vtepOf(other), node.mac)).toBe('drop')
        for (const iif of [
          'eth0',
          nameOfOverlay(world.blueprint),
          ...node.networks.map(({ bridge }) => bridge),
        ])
          expect(frame(iif, vtepOf(other), other.mac)).toBe('drop')
        expect(frame(name, nobody.ipv4, other.mac)).toBe('drop')
      }
    }),
  )

  test(
    'of a segment is taken from its members alone',
    guarded((world, node, filter) => {
      const { name, vxlanPort } = world.blueprint.mesh
      for (const { vni, members } of segmentsOf(world)) {
        if (!members.includes(node)) continue
        for (const other of others(world, node)) {
          const frame = (iif: string): Verdict =>
            filter(
              'input',
              packet({
                iif,
                from: vtepOf(other),
                to: vtepOf(node),
                protocol: 'udp',
                port: vxlanPort ?? 4789,
                vxlan: { vni, mac: other.mac },
              }),
            )
          expect(frame(name)).toBe(members.includes(other) ? 'accept' : 'drop')
          expect(frame('eth0')).toBe('drop')
        }
      }
    }, meshWithNetworks),
  )
})

test(
  'BGP and BFD are for the nodes that the routing daemon has for neighbors',
  guarded((world, node, filter) => {
    const file = world.frr(node)
    if (!file || world.blueprint.segments.length + world.blueprint.tenants.length > 0) return
    const carrier = isLayer3(world.blueprint) ? world.blueprint.mesh.name : nameOfOverlay(world.blueprint)
    for (const other of others(world, node)) {
      const address = sessionAddressOf(other)
      for (const [protocol, port] of [
        ['tcp', 179],
        ['udp', 3784],
        ['udp', 4784],
      ] as const) {
        const asked = (iif: string, from: string): Verdict =>
          filter(
            'input',
            packet({
              iif,
              from,
              to: sessionAddressOf(node),
              protocol,
              port,
              mac: other.mac,
            }),
          )
        expect(asked(carrier, address)).toBe(file.neighbors.has(address) ? 'accept' : 'drop')
        expect(asked('eth0', address)).toBe('drop')
        expect(asked('eth0', nobody.ipv4)).toBe('drop')
        for (const prefix of other.networks.flatMap(({ prefixes }) => prefixes))
          if (familyOf(prefix) === 'ipv4')
            expect(asked(carrier, bare(prefix).replace(/\d+$/, '2'))).toBe('drop')
      }
    }
  }),
)

test(
  'nobody enters, and nobody goes through, but containers go out and answers come back',
  guarded((world, node, filter) => {
    const overlay = isLayer3(world.blueprint) ? world.blueprint.mesh.name : nameOfOverlay(world.blueprint)
    const way = (parts: Parameters<typeof packet>[0]): Verdict => comes(filter, packet(parts))
    for (const { bridge, prefixes } of node.networks)
      for (const prefix of prefixes) {
        const [family, to] = [familyOf(prefix), bare(prefix)]
        const stranger = nobody[family]
        expect(way({ iif: 'eth0', oif: bridge, from: stranger, to })).toBe('drop')
        expect(way({ iif: 'eth0', oif: bridge, from: stranger, to, state: 'established' })).toBe('accept')
        expect(way({ iif: 'eth0', oif: bridge, from: stranger, to, published: true })).toBe('accept')
        expect(way({ iif: 'eth0', oif: bridge, from: to, to })).toBe('drop')
        expect(way({ iif: bridge, oif: 'eth0', from: to, to: stranger })).toBe('accept')
        expect(way({ iif: bridge, oif: overlay, from: stranger, to, routed: false })).toBe('drop')
        expect(way({ iif: bridge, from: stranger, to, routed: false, athome: true })).toBe('drop')
        for (const other of others(world, node)) {
          const mac = other.mac
          for (const there of other.networks
            .flatMap(network => network.prefixes)
            .filter(one => familyOf(one) === family)) {
            const from = bare(there)
            if (isLayer3(world.blueprint) || meets(world, node, other))
              expect(way({ iif: overlay, oif: bridge, from, to, mac })).toBe('accept')
            expect(way({ iif: overlay, oif: 'eth0', from, to: stranger, mac })).toBe('drop')
            if (!isLayer3(world.blueprint))
              expect(way({ iif: overlay, oif: bridge, from, to, mac: node.mac })).toBe('drop')
            expect(way({ iif: bridge, oif: overlay, from: to, to: from })).toBe('accept')
            expect(way({ iif: 'eth7', oif: overlay, from: stranger, to: from })).toBe('drop')
            for (const iif of forwards(world, node))
              expect(way({ iif, oif: overlay, from: stranger, to: from })).toBe('accept')
          }
        }
      }
  }),
)
