import { describe, expect, test } from 'vitest'
import { meshWithBehind } from '../arbitraries/behind.js'
import type { ClientBlueprint } from '../arbitraries/blueprint.js'
import { bare, familyOf, host, isWithin } from '../oracles/addresses.js'
import { isLayer3, isRouter, type NodeFacts, nameOfOverlay, vtepOf } from '../oracles/facts.js'
import { publicKeyFor } from '../oracles/keys.js'
import { type Packet, readPacketFilter, type Verdict } from '../oracles/packet-filter.js'
import { readWgQuick, type WgQuickFile } from '../oracles/wg-quick.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

const holds = (check: (world: World) => void) => () =>
  forAll(meshWithBehind, blueprint => check(worldOf(blueprint)), 25)

const clientsOf = ({ blueprint }: World): readonly ClientBlueprint[] => blueprint.behind?.clients ?? []
const fileOf = (world: World, { name }: ClientBlueprint): WgQuickFile =>
  readWgQuick(world.tree.get(name)?.get(`${world.blueprint.mesh.name}.conf`) ?? '')
const addressesOf = (world: World, client: ClientBlueprint): string[] =>
  (fileOf(world, client).interface.get('Address')?.[0] ?? '').split(', ')
const carrierOf = (world: World, client: ClientBlueprint): NodeFacts =>
  world.nodeWithKey(fileOf(world, client).peers[0]?.publicKey ?? '')
/** What is behind a node, worked out from what was meant. */
const behindOf = (world: World, node: NodeFacts): string[] => [
  ...clientsOf(world)
    .filter(client => carrierOf(world, client) === node)
    .flatMap(client => addressesOf(world, client)),
  ...(world.blueprint.behind?.lans ?? [])
    .filter(lan => lan.node === node.name)
    .flatMap(({ prefixes }) => prefixes),
]
const others = (world: World, node: NodeFacts): NodeFacts[] => world.nodes.filter(other => other !== node)

/** Whether packets pass between them, on the overlay where there is one. */
const meets = (world: World, a: NodeFacts, b: NodeFacts): boolean =>
  (isLayer3(world.blueprint) || (isRouter(a) && isRouter(b))) && world.model.reachable(a, b)

/** Whether a node tells the others what is behind it. */
const speaks = (world: World, { source }: NodeFacts): boolean =>
  source.targets.routing !== 'none' && (isLayer3(world.blueprint) || source.targets.overlay !== 'none')

describe('a client', () => {
  test(
    'has the addresses of its number, and one peer, whose endpoint it can dial: who it names, or the lowest that speaks',
    holds(world => {
      const { mesh } = world.blueprint
      for (const client of clientsOf(world)) {
        const file = fileOf(world, client)
        expect(file.peers).toHaveLength(1)
        const carrier = carrierOf(world, client)
        const dialed = [...carrier.endpoints].map(({ text }) => text)
        expect(dialed).toContain(file.peers[0]?.endpoint)
        const able = world.nodes.filter(({ endpoints }) =>
          endpoints.some(({ families }) =>
            families.some(one => (mesh.families ?? ['ipv4', 'ipv6']).includes(one)),
          ),
        )
        const expected = client.via ?? (able.find(node => speaks(world, node)) ?? able[0])?.name
        expect(carrier.name).toBe(expected)
        const pools = [mesh.underlay.ipv4, mesh.underlay.ipv6].filter(pool => pool !== null)
        const addresses = addressesOf(world, client)
        expect(addresses).toHaveLength(pools.length)
        for (const [at, address] of addresses.entries()) {
          expect(isWithin(address, pools[at] ?? '')).toBe(true)
          expect(address).toBe(host(bare(address)))
        }
        expect(
          new Set(world.nodes.flatMap(({ underlay }) => underlay.map(bare))).has(bare(addresses[0] ?? '')),
        ).toBe(false)
      }
    }),
  )

  test(
    'sends all of the mesh to it that it has addresses for, and is known by its one key to that node alone',
    holds(world => {
      for (const client of clientsOf(world)) {
        const families = new Set(addressesOf(world, client).map(familyOf))
        const allowed = fileOf(world, client).peers[0]?.allowedIps ?? []
        const all = world.nodes.flatMap(node => [
          ...node.underlay.map(address => host(bare(address))),
          ...(isLayer3(world.blueprint) ? [] : node.overlay.map(address => host(bare(address)))),
          ...node.networks.flatMap(({ prefixes }) => prefixes),
          ...behindOf(world, node),
        ])
        for (const prefix of all.filter(one => families.has(familyOf(one))))
          expect(
            allowed.some(outer => isWithin(prefix, outer)),
            prefix,
          ).toBe(true)
        for (const node of world.nodes) {
          const peer = world.conf(node).peers.find(({ publicKey }) => publicKey === publicKeyFor(client.name))
          expect(peer?.allowedIps).toEqual(
            node === carrierOf(world, client) ? addressesOf(world, client) : undefined,
          )
        }
      }
    }),
  )
})

test(
  'what is behind a node is sent the way to that node, by every other',
  holds(world => {
    for (const node of world.nodes)
      for (const prefix of behindOf(world, node))
        for (const other of others(world, node)) {
          const way = (address: string) =>
            world.conf(other).peers.find(({ allowedIps }) => allowedIps.some(one => isWithin(address, one)))
              ?.publicKey
          if (world.model.reachable(node, other)) expect(way(prefix)).toBe(way(host(vtepOf(node))))
        }
  }),
)

test(
  'and announced by it alone, to whoever has it for a neighbor',
  holds(world => {
    const carried = world.blueprint.mesh.mode === 'l3' ? 'underlay' : 'overlay'
    for (const node of world.nodes) {
      const file = world.frr(node)
      if (!file) continue
      for (const other of world.nodes)
        for (const prefix of behindOf(world, other)) {
          const family = familyOf(prefix)
          if (world.blueprint.mesh[carried][family] === null) continue
          expect(file.families[family]?.networks.includes(prefix) ?? false, `${node.name} ${prefix}`).toBe(
            node === other,
          )
          if (world.reflectors.length > 0 || node === other) continue
          const permitting = [...file.lists].filter(([, rules]) =>
            rules.some(rule => rule.includes(`permit ${prefix}`)),
          )
          for (const [list] of permitting) expect(list).toContain(other.name)
          if (speaks(world, other) && world.model.reachable(node, other))
            expect(permitting.length, `${node.name} hears of ${prefix}`).toBeGreaterThan(0)
        }
    }
  }),
)

type Filter = ReturnType<typeof readPacketFilter>

const filterOf = (world: World, node: NodeFacts): Filter | null =>
  node.source.targets.firewall === 'none'
    ? null
    : readPacketFilter(world.text(node, `etc/ciab/${world.blueprint.mesh.name}.nft`))

const comes = (filter: Filter, parts: Partial<Packet> & Pick<Packet, 'iif' | 'from' | 'to'>): Verdict => {
  const packet: Packet = { protocol: 'icmp', state: 'new', routed: true, athome: false, ...parts }
  return filter('prerouting', packet) === 'drop'
    ? 'drop'
    : filter(packet.oif === undefined ? 'input' : 'forward', packet)
}

const nobody = { ipv4: '198.18.0.99', ipv6: '2001:2::99' } as const
const inside = (prefix: string): string =>
  bare(prefix).replace(/(\.0|::)$/, end => `${end === '.0' ? '.' : '::'}9`)

describe('the packet filter', () => {
  test(
    'lets a client into the mesh and be reached, and nowhere else; its address counts out of the tunnel alone',
    holds(world => {
      const tunnel = world.blueprint.mesh.name
      const out = isLayer3(world.blueprint) ? tunnel : nameOfOverlay(world.blueprint)
      for (const client of clientsOf(world)) {
        const carrier = carrierOf(world, client)
        const filter = filterOf(world, carrier)
        if (!filter) continue
        for (const address of addressesOf(world, client).map(bare)) {
          const family = familyOf(address)
          for (const { bridge, prefixes } of carrier.networks)
            for (const to of prefixes.filter(one => familyOf(one) === family).map(inside)) {
              expect(comes(filter, { iif: tunnel, oif: bridge, from: address, to })).toBe('accept')
              expect(comes(filter, { iif: bridge, oif: tunnel, from: to, to: address })).toBe('accept')
              expect(comes(filter, { iif: 'eth0', oif: bridge, from: address, to })).toBe('drop')
            }
          for (const other of others(world, carrier))
            for (const prefix of other.networks.flatMap(({ prefixes }) => prefixes)) {
              if (familyOf(prefix) !== family || !meets(world, carrier, other)) continue
              const to = inside(prefix)
              expect(comes(filter, { iif: tunnel, oif: out, from: address, to })).toBe('accept')
              expect(comes(filter, { iif: out, oif: tunnel, from: to, to: address, mac: other.mac })).toBe(
                'accept',
              )
            }
          const stranger = nobody[family]
          expect(comes(filter, { iif: tunnel, oif: 'eth0', from: address, to: stranger })).toBe('drop')
          expect(comes(filter, { iif: 'eth0', oif: tunnel, from: stranger, to: address })).toBe('drop')
          expect(comes(filter, { iif: 'eth0', oif: tunnel, from: address, to: address })).toBe('drop')
        }
      }
    }),
  )

  test(
    'lets a LAN in and be reached, by its interface and under its own addresses, and believes those from nowhere else',
    holds(world => {
      const out = isLayer3(world.blueprint) ? world.blueprint.mesh.name : nameOfOverlay(world.blueprint)
      for (const { node: name, interface: device, prefixes } of world.blueprint.behind?.lans ?? [])
        for (const prefix of prefixes) {
          const [from, family] = [inside(prefix), familyOf(prefix)]
          const stranger = nobody[family]
          for (const node of world.nodes) {
            const filter = filterOf(world, node)
            if (!filter) continue
            const own = node.name === name
            const target = node.networks.find(network =>
              network.prefixes.some(one => familyOf(one) === family),
            )
            const to = target && inside(target.prefixes.find(one => familyOf(one) === family) ?? '')
            if (own) {
              expect(comes(filter, { iif: device, oif: out, from, to: from })).toBe('accept')
              expect(comes(filter, { iif: device, oif: out, from: stranger, to: from })).toBe('drop')
              if (target && to) {
                expect(comes(filter, { iif: device, oif: target.bridge, from, to })).toBe('accept')
                expect(comes(filter, { iif: target.bridge, oif: device, from: to, to: from })).toBe('accept')
                expect(comes(filter, { iif: target.bridge, oif: 'eth0', from: to, to: from })).toBe('drop')
                expect(comes(filter, { iif: 'eth0', oif: target.bridge, from, to })).toBe('drop')
              }
            } else if (target && to) {
              const owner = world.nodes.find(one => one.name === name) as NodeFacts
              if (isLayer3(world.blueprint) || meets(world, node, owner))
                expect(comes(filter, { iif: out, oif: target.bridge, from, to, mac: owner.mac })).toBe(
                  'accept',
                )
              if (!isLayer3(world.blueprint))
                expect(comes(filter, { iif: out, oif: target.bridge, from, to, mac: node.mac })).toBe('drop')
              expect(comes(filter, { iif: device, oif: target.bridge, from, to })).toBe('drop')
            }
            for (const other of others(world, node)) {
              if (!own || !meets(world, node, other)) continue
              for (const there of other.networks.flatMap(network => network.prefixes))
                if (familyOf(there) === family)
                  expect(
                    comes(filter, { iif: out, oif: device, from: inside(there), to: from, mac: other.mac }),
                  ).toBe('accept')
            }
            expect(comes(filter, { iif: out, oif: 'eth7', from, to: stranger })).toBe('drop')
          }
        }
    }),
  )
})
