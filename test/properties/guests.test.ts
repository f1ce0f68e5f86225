import { describe, expect, test } from 'vitest'
import type { ClientBlueprint } from '../arbitraries/blueprint.js'
import { meshWithGuests } from '../arbitraries/guests.js'
import { bare, familyOf, isWithin } from '../oracles/addresses.js'
import { type Evpn, evpnOf } from '../oracles/evpn.js'
import type { NodeFacts } from '../oracles/facts.js'
import { segmentsOf, type TenantFacts, tenantsOf } from '../oracles/networks.js'
import { type Packet, readPacketFilter, type Verdict } from '../oracles/packet-filter.js'
import { readWgQuick } from '../oracles/wg-quick.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'
import { remember } from '../support/remember.js'

/* Clients in tenants: what mesh.ini says they enter, and nobody and nothing else. */

const made = remember((blueprint: World['blueprint']): [World, Evpn] => {
  const world = worldOf(blueprint)
  return [world, evpnOf(world)]
})

const inMeshes = (check: (world: World, evpn: Evpn) => void) => () =>
  forAll(meshWithGuests, blueprint => check(...made(blueprint)), 30)

const clientsOf = ({ blueprint }: World): readonly ClientBlueprint[] => blueprint.behind?.clients ?? []

const fileOf = (world: World, { name }: ClientBlueprint) =>
  readWgQuick(world.tree.get(name)?.get(`${world.blueprint.mesh.name}.conf`) ?? '')

const addressesOf = (world: World, client: ClientBlueprint): string[] =>
  (fileOf(world, client).interface.get('Address')?.[0] ?? '').split(', ')

/** Of a tenant what a client enters: all of it, or segments. */
const enteredOf = ({ blueprint }: World, client: ClientBlueprint, tenant: string): string[] => {
  const { reach = [] } = client
  const pools = blueprint.tenants.find(({ name }) => name === tenant)?.containers
  return [
    ...(reach.includes(tenant) ? [pools?.ipv4?.prefix, pools?.ipv6?.prefix] : []),
    ...blueprint.segments
      .filter(one => one.tenant === tenant && (reach.includes(tenant) || reach.includes(one.name)))
      .flatMap(({ subnet }) => [subnet?.ipv4?.prefix, subnet?.ipv6?.prefix]),
  ].filter(prefix => prefix !== undefined)
}

/** The addresses under which it is there. */
const guestsIn = (world: World, node: NodeFacts, tenant: string): string[] =>
  clientsOf(world)
    .filter(({ via }) => via === node.name)
    .flatMap(client => {
      const families = new Set(enteredOf(world, client, tenant).map(familyOf))
      return addressesOf(world, client).filter(address => families.has(familyOf(address)))
    })

test(
  'a client sends what it enters to its node, and no network of another tenant',
  inMeshes(world => {
    for (const client of clientsOf(world)) {
      const allowed = fileOf(world, client).peers[0]?.allowedIps ?? []
      const families = new Set(addressesOf(world, client).map(familyOf))
      const own = tenantsOf(world).flatMap(({ name }) => enteredOf(world, client, name))
      for (const prefix of own.filter(one => families.has(familyOf(one))))
        expect(allowed.some(outer => isWithin(prefix, outer))).toBe(true)
      for (const { prefixesOn } of tenantsOf(world))
        for (const prefix of world.nodes.flatMap(prefixesOn))
          if (!own.some(entered => isWithin(prefix, entered)))
            expect(
              allowed.some(outer => isWithin(prefix, outer) || isWithin(outer, prefix)),
              `${client.name} ${prefix}`,
            ).toBe(false)
    }
  }),
)

test(
  "its node looks that up in the tenant's routing table, and nothing else; other nodes look up nothing",
  inMeshes((world, evpn) => {
    for (const node of world.nodes) {
      const expected = tenantsOf(world).flatMap(({ name, vni }) =>
        clientsOf(world)
          .filter(({ via }) => via === node.name)
          .flatMap(client =>
            addressesOf(world, client).flatMap(address =>
              enteredOf(world, client, name)
                .filter(network => familyOf(network) === familyOf(address))
                .map(network => `${vni} ${address} ${network}`),
            ),
          ),
      )
      const found = (evpn.devices(node)?.entries ?? []).map(
        one => `${one.table} ${one.client} ${one.network}`,
      )
      expect([node.name, found.sort()]).toEqual([node.name, [...new Set(expected)].sort()])
    }
  }),
)

test(
  'it is announced in the tenants that it enters, by its node alone, and every node of theirs takes that in',
  inMeshes((world, evpn) => {
    const tunnel = world.blueprint.mesh.name
    for (const tenant of tenantsOf(world)) {
      const { name, present, reachedOn } = tenant
      for (const node of present) {
        const vrf = world.frr(node)?.vrfs.get(`vrf-${name}`)
        const guests = guestsIn(world, node, name)
        const networks = (['ipv4', 'ipv6'] as const).flatMap(
          family => vrf?.router?.families[family]?.networks ?? [],
        )
        expect(networks.sort()).toEqual([...reachedOn(node), ...guests].sort())
        const leaks = [...(vrf?.leaks ?? [])].filter(([, { vrf: from }]) => from === 'default')
        expect(leaks.map(([prefix]) => prefix).sort()).toEqual([...guests].sort())
        for (const [, { device }] of leaks) expect(device).toBe(tunnel)
        for (const { prefix, originator } of evpn.imported(node, `vrf-${name}`))
          if (!reachedOn(originator).includes(prefix))
            expect(guestsIn(world, originator, name)).toContain(prefix)
        for (const other of present) {
          const hears = world.model.reachable(node, other) && node !== other && world.reflectors.length === 0
          const learned = evpn.imported(node, `vrf-${name}`).filter(({ originator }) => originator === other)
          if (hears)
            for (const guest of guestsIn(world, other, name))
              expect(learned.map(({ prefix }) => prefix)).toContain(guest)
        }
      }
    }
  }),
)

const hostIn = (prefix: string): string =>
  bare(prefix).replace(/(\.\d+|::\d*)$/, end => (end.startsWith('.') ? '.9' : '::9'))

type Filter = (parts: Partial<Packet> & Pick<Packet, 'iif' | 'from' | 'to'>) => Verdict

const filterOf = (world: World, node: NodeFacts): Filter | null => {
  if (node.source.targets.firewall === 'none') return null
  const run = readPacketFilter(world.text(node, `etc/ciab/${world.blueprint.mesh.name}.nft`))
  return parts => {
    const packet: Packet = { protocol: 'icmp', state: 'new', routed: true, athome: false, ...parts }
    if (run('prerouting', packet) === 'drop') return 'drop'
    return run(packet.oif === undefined ? 'input' : 'forward', packet)
  }
}

/** Bridges of a tenant on a node: of its containers, of its segments, and the one that leads to other nodes. */
const bridgesOf = (world: World, { name, present, members }: TenantFacts, node: NodeFacts): string[] => {
  // A tenant may be of segments alone.
  const own = world.blueprint.tenants.find(one => one.name === name)?.containers
  return present.includes(node)
    ? [
        `l3-${name}`,
        ...(members.includes(node) && (own?.ipv4 || own?.ipv6) ? [`ct-${name}`] : []),
        ...segmentsOf(world)
          .filter(one => one.tenant === name && one.members.includes(node))
          .map(one => `br-${one.name}`),
      ]
    : []
}

describe('the packet filter', () => {
  test(
    'lets between a client and what it enters, both ways, and between nobody else and a tenant',
    inMeshes(world => {
      const tunnel = world.blueprint.mesh.name
      for (const node of world.nodes) {
        const filter = filterOf(world, node)
        if (!filter) continue
        for (const client of clientsOf(world))
          for (const address of addressesOf(world, client).map(bare))
            for (const tenant of tenantsOf(world)) {
              const entered = client.via === node.name ? enteredOf(world, client, tenant.name) : []
              const prefixes = world.nodes.flatMap(tenant.prefixesOn)
              for (const oif of bridgesOf(world, tenant, node))
                for (const prefix of prefixes.filter(one => familyOf(one) === familyOf(address))) {
                  const other = hostIn(prefix)
                  const wanted = entered.some(one => isWithin(prefix, one)) ? 'accept' : 'drop'
                  const about = `${client.name} on ${node.name}, ${tenant.name}: ${other} by ${oif}`
                  expect(filter({ iif: tunnel, oif, from: address, to: other }), about).toBe(wanted)
                  const iif = `vrf-${tenant.name}`
                  expect(filter({ iif, oif: tunnel, from: other, to: address }), about).toBe(wanted)
                  // Not under the address of a client, nor under that of nobody it is meant for.
                  expect(filter({ iif: 'eth0', oif, from: address, to: other, routed: false })).toBe('drop')
                  expect(filter({ iif, oif: tunnel, from: other, to: '198.18.0.99' })).toBe('drop')
                  if (wanted === 'accept')
                    expect(filter({ iif: `l3-${tenant.name}`, oif: tunnel, from: address, to: other })).toBe(
                      'drop',
                    )
                }
            }
      }
    }),
  )
})
