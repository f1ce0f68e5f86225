import { expect, test } from 'vitest'
import { meshWithBehind } from '../arbitraries/behind.js'
import { bare, familyOf, isWithin } from '../oracles/addresses.js'
import { isLayer3, isRouter, type NodeFacts, nameOfOverlay } from '../oracles/facts.js'
import { type Packet, readPacketFilter, type Verdict } from '../oracles/packet-filter.js'
import { readWgQuick } from '../oracles/wg-quick.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

/**
 * The whole table of who talks to clients and hosts in LANs, by the files: nodes, containers, and those two themselves, through
 * the packet filter of every node on the way and WireGuard's allowed IPs.
 */

interface Party {
  readonly name: string
  readonly at: NodeFacts
  /** Where its packets come into its node and leave it; `null` for the node itself. */
  readonly device: string | null
  readonly address: string
  readonly kind: 'node' | 'container' | 'client' | 'LAN'
}

const hostIn = (prefix: string): string =>
  bare(prefix).replace(/(\.0|::)$/, end => `${end === '.0' ? '.' : '::'}9`)

const tunnelOf = ({ blueprint }: World): string => blueprint.mesh.name

/** Where a node sends what is for others. */
const wayOf = (world: World): string =>
  isLayer3(world.blueprint) ? tunnelOf(world) : nameOfOverlay(world.blueprint)

const partiesOf = (world: World): Party[] => {
  const { behind } = world.blueprint
  const at = (name: string): NodeFacts => world.nodes.find(node => node.name === name) as NodeFacts
  const found = [
    ...world.nodes.flatMap(node => [
      // As the node of a host speaks to others: on the overlay where there is one.
      ...(isLayer3(world.blueprint) ? node.underlay : node.overlay).map(address => ({
        name: node.name,
        at: node,
        device: null,
        address: bare(address),
        kind: 'node' as const,
      })),
      ...node.networks.flatMap(({ bridge, prefixes }) =>
        prefixes.map(prefix => ({
          name: `a container of ${node.name}`,
          at: node,
          device: bridge,
          address: hostIn(prefix),
          kind: 'container' as const,
        })),
      ),
    ]),
    ...(behind?.clients ?? []).flatMap(({ name }) => {
      const file = readWgQuick(world.tree.get(name)?.get(`${tunnelOf(world)}.conf`) ?? '')
      const carrier = world.nodeWithKey(file.peers[0]?.publicKey ?? '')
      return (file.interface.get('Address')?.[0] ?? '').split(', ').map(address => ({
        name,
        at: carrier,
        device: tunnelOf(world),
        address: bare(address),
        kind: 'client' as const,
      }))
    }),
    ...(behind?.lans ?? []).flatMap(({ node, interface: device, prefixes }) =>
      prefixes.map(prefix => ({
        name: `a host behind ${node}`,
        at: at(node),
        device,
        address: hostIn(prefix),
        kind: 'LAN' as const,
      })),
    ),
  ]
  // Addresses of a node that is nobody's router lead nowhere but to itself.
  return found.filter(party => isLayer3(world.blueprint) || isRouter(party.at))
}

/** Whether there is a way between the nodes of the two, and each knows what is behind the other. */
const mayTalk = (world: World, a: Party, b: Party): boolean => {
  if (familyOf(a.address) !== familyOf(b.address)) return false
  if (a.at === b.at) return a.device !== b.device || a.device === tunnelOf(world)
  return world.model.reachable(a.at, b.at)
}

type Filter = (parts: Partial<Packet> & Pick<Packet, 'iif' | 'from' | 'to'>) => Verdict

const filterOf = (world: World, node: NodeFacts): Filter => {
  if (node.source.targets.firewall === 'none') return () => 'accept'
  const run = readPacketFilter(world.text(node, `etc/ciab/${tunnelOf(world)}.nft`))
  return parts => {
    const packet: Packet = { protocol: 'icmp', state: 'new', routed: true, athome: false, ...parts }
    if (run('prerouting', packet) === 'drop') return 'drop'
    return run(packet.oif === undefined ? 'input' : 'forward', packet)
  }
}

/** Where a packet of one for the other is dropped, or `null`. */
const lostAt = (world: World, filters: ReadonlyMap<NodeFacts, Filter>, a: Party, b: Party): string | null => {
  const [from, to] = [a.address, b.address]
  const way = wayOf(world)
  const passes = (node: NodeFacts, parts: Partial<Packet> & Pick<Packet, 'iif'>): boolean =>
    filters.get(node)?.({ from, to, ...parts }) === 'accept'
  const out = (device: string | null): Partial<Packet> =>
    device === null ? { athome: true } : { oif: device }
  if (a.at === b.at)
    return a.device === null || passes(a.at, { iif: a.device, ...out(b.device) }) ? null : a.at.name
  if (a.device !== null && !passes(a.at, { iif: a.device, oif: way })) return `${a.at.name} as it leaves`
  const relay = world.model.peers(a.at, b.at) ? null : world.model.relay(a.at, b.at)
  if (isLayer3(world.blueprint)) {
    const path = [a.at, ...(relay ? [relay] : []), b.at]
    for (const [hop, node] of path.entries()) {
      const next = path[hop + 1]
      if (!next) continue
      const peer = (here: NodeFacts, address: string): string | undefined =>
        world.conf(here).peers.find(({ allowedIps }) => allowedIps.some(one => isWithin(address, one)))
          ?.publicKey
      if (peer(node, to) !== next.publicKey) return `${node.name}, whose tunnel knows no way`
      if (peer(next, from) !== node.publicKey) return `${next.name}, whose tunnel does not know the sender`
    }
    if (relay && !passes(relay, { iif: way, oif: way })) return `${relay.name}, which forwards`
  }
  return passes(b.at, { iif: way, ...out(b.device), mac: a.at.mac }) ? null : `${b.at.name} as it arrives`
}

const isBehind = ({ kind }: Party): boolean => kind === 'client' || kind === 'LAN'

test('clients and hosts in LANs reach all nodes, containers and each other, and are reached', () => {
  const seen = new Set<string>()
  forAll(
    meshWithBehind,
    blueprint => {
      const world = worldOf(blueprint)
      const filters = new Map(world.nodes.map(node => [node, filterOf(world, node)]))
      const parties = partiesOf(world)
      for (const a of parties)
        for (const b of parties) {
          if (a === b || !(isBehind(a) || isBehind(b)) || !mayTalk(world, a, b)) continue
          const about = `${a.name} (${a.address}) to ${b.name} (${b.address})`
          expect(lostAt(world, filters, a, b), about).toBe(null)
          seen.add(`${a.kind} to ${b.kind}`)
        }
    },
    20,
  )
  // But for nodes and containers among themselves.
  expect([...seen].sort()).toHaveLength(12)
})

test('somebody at an uplink reaches no client, nor anybody under an address of theirs, and no client gets out', () =>
  forAll(
    meshWithBehind,
    blueprint => {
      const world = worldOf(blueprint)
      const parties = partiesOf(world)
      const strangers = { ipv4: '198.18.0.99', ipv6: '2001:2::99' } as const
      for (const node of world.nodes) {
        if (node.source.targets.firewall === 'none') continue
        const filter = filterOf(world, node)
        for (const to of parties.filter(({ at, device }) => at === node && device !== null)) {
          const oif = to.device as string
          const family = familyOf(to.address)
          const theirs = parties.filter(party => isBehind(party) && familyOf(party.address) === family)
          // Whoever else has a way to a LAN is its owner's affair.
          const foreign = to.kind === 'LAN' ? [] : [strangers[family]]
          for (const from of [...foreign, ...theirs.map(({ address }) => address)])
            expect(
              filter({ iif: 'eth0', oif, from, to: to.address, routed: false }),
              `${from} to ${to.name}`,
            ).toBe('drop')
          if (to.kind === 'client')
            expect(filter({ iif: oif, oif: 'eth0', from: to.address, to: strangers[family] })).toBe('drop')
        }
      }
    },
    20,
  ))
