import { describe, expect, test } from 'vitest'
import { meshWithNetworks } from '../arbitraries/meshes.js'
import { type Evpn, evpnOf } from '../oracles/evpn.js'
import { isLayer3, mtuOf, type NodeFacts, sessionAddressOf, vniOf, vtepOf } from '../oracles/facts.js'
import { letsIn } from '../oracles/filters.js'
import { segmentsOf, tenantsOf } from '../oracles/networks.js'
import { groupOf } from '../oracles/propagation.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'
import { remember } from '../support/remember.js'

const made = remember((blueprint: World['blueprint']): [World, Evpn] => {
  const world = worldOf(blueprint)
  return [world, evpnOf(world)]
})

const inMeshes = (check: (world: World, evpn: Evpn) => void) => () =>
  forAll(meshWithNetworks, blueprint => check(...made(blueprint)), 40)

const namesOf = (nodes: readonly NodeFacts[]): string[] => nodes.map(({ name }) => name).sort()

/** VNIs of the segments and tenants that a node is on. */
const vnisOf = (world: World, node: NodeFacts): number[] => [
  ...segmentsOf(world).flatMap(({ vni, members }) => (members.includes(node) ? [vni] : [])),
  ...tenantsOf(world).flatMap(({ vni, present }) => (present.includes(node) ? [vni] : [])),
]

/** Reflectors do where anybody does. */
const takesPart = (world: World, node: NodeFacts): boolean =>
  vnisOf(world, node).length > 0 ||
  (world.reflectors.includes(node) && segmentsOf(world).length + tenantsOf(world).length > 0)

/** Whom a node is to speak EVPN with. */
const expectedNeighbors = (world: World, node: NodeFacts): NodeFacts[] => {
  const { model, nodes, reflectors } = world
  if (!takesPart(world, node)) return []
  const others = nodes.filter(other => model.reachable(node, other) && takesPart(world, other))
  return reflectors.length === 0 || reflectors.includes(node)
    ? others
    : others.filter(other => reflectors.includes(other))
}

/** A reflector speaks for nodes that its clients have no way to, too. */
const hears = ({ model, reflectors }: World, node: NodeFacts, other: NodeFacts): boolean =>
  node !== other && (reflectors.length > 0 || model.reachable(node, other))

describe('segments', () => {
  test(
    '19, 20: one VNI names one network, on exactly its members',
    inMeshes((world, evpn) => {
      const { blueprint, nodes } = world
      const all = [...segmentsOf(world), ...tenantsOf(world)].map(({ vni }) => vni)
      if (!isLayer3(blueprint)) all.push(vniOf(blueprint))
      expect(new Set(all).size).toBe(all.length)
      for (const node of nodes) {
        const devices = evpn.devices(node)
        const expected = segmentsOf(world).filter(({ members }) => members.includes(node))
        expect([...evpn.bridged(node)].sort()).toEqual(expected.map(({ vni }) => vni).sort())
        expect([...(devices?.vxlans.values() ?? [])].sort()).toEqual(vnisOf(world, node).sort())
        for (const { name, vni } of expected) {
          expect(devices?.vxlans.get(`vx-${name}`)).toBe(vni)
          expect(devices?.masters.get(`vx-${name}`)).toBe(`br-${name}`)
        }
      }
    }),
  )

  test(
    '19: frames to everybody go to exactly the other members, and reversed',
    inMeshes((world, evpn) => {
      for (const { vni, members } of segmentsOf(world))
        for (const node of world.nodes) {
          const others = members.includes(node) ? members.filter(other => hears(world, node, other)) : []
          expect([node.name, vni, namesOf(evpn.floodList(node, vni))]).toEqual([
            node.name,
            vni,
            namesOf(others),
          ])
        }
    }),
  )

  test(
    '21, 22: devices are named within 15 bytes, once, have the MTU of the tunnel less VXLAN, and the VTEP',
    inMeshes((world, evpn) => {
      for (const node of world.nodes) {
        const devices = evpn.devices(node)
        expect(devices !== null).toBe(vnisOf(world, node).length > 0)
        if (!devices) continue
        const { mesh } = world.blueprint
        const bridges = [...new Set(devices.masters.values()), ...node.networks.map(({ bridge }) => bridge)]
        const names = new Set([...devices.vxlans.keys(), ...devices.vrfs.keys(), mesh.name, `v${mesh.name}`])
        for (const name of [...names, ...bridges]) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(15)
        expect(names.size).toBe(devices.vxlans.size + devices.vrfs.size + 2)
        for (const { bridge } of node.networks) {
          expect(names.has(bridge)).toBe(false)
          expect([...devices.masters.values(), ...devices.masters.keys()]).not.toContain(bridge)
        }
        expect(devices.variables.get('mtu')).toBe(`${mtuOf(world.blueprint).tunnel - 50}`)
        expect(devices.variables.get('local')).toBe(vtepOf(node))
        expect(devices.variables.get('port')).toBe(`${mesh.vxlanPort ?? 4789}`)
      }
    }),
  )
})

describe('sessions', () => {
  test(
    '23, 24: from VTEP to VTEP, between all that take part or with reflectors, and reversed',
    inMeshes(world => {
      const { nodes, reflectors, blueprint } = world
      for (const node of nodes) {
        const file = world.frr(node)
        if (!file) continue
        const open = file.families.evpn
        const active = (other: NodeFacts): boolean => {
          const group = file.neighbors.get(vtepOf(other))?.group ?? ''
          return open?.activated.has(vtepOf(other)) || open?.activated.has(group) || false
        }
        const isClient = (other: NodeFacts): boolean => {
          const group = file.neighbors.get(vtepOf(other))?.group ?? ''
          return open?.clients.has(vtepOf(other)) || open?.clients.has(group) || false
        }
        const others = expectedNeighbors(world, node)
        expect([node.name, namesOf(nodes.filter(active))]).toEqual([node.name, namesOf(others)])
        expect(namesOf(nodes.filter(isClient))).toEqual(
          reflectors.includes(node) ? namesOf(others.filter(other => !reflectors.includes(other))) : [],
        )
        for (const other of others) {
          expect(groupOf(file, vtepOf(other))?.get('remote-as')).toBe(`${file.asn}`)
          expect(groupOf(file, vtepOf(other))?.get('update-source')).toBe(vtepOf(node))
          const password = groupOf(file, vtepOf(other))?.get('password')
          expect(password !== undefined).toBe(blueprint.mesh.sessionPassword ?? false)
        }
        // Beside them only those about container networks.
        const known = [...others.map(vtepOf), ...nodes.map(sessionAddressOf)]
        expect([...file.neighbors.keys()].filter(address => !known.includes(address))).toEqual([])
        if (isLayer3(blueprint)) continue
        const apart = [...file.neighbors.keys()].filter(address => nodes.some(one => vtepOf(one) === address))
        expect(apart.sort()).toEqual(others.map(vtepOf).sort())
      }
    }),
  )
})

describe('tenants', () => {
  test(
    '28: each has a VRF where it or who shares with it is, that originates exactly what is there',
    inMeshes((world, evpn) => {
      for (const node of world.nodes) {
        const file = world.frr(node)
        const all = tenantsOf(world)
        const tenants = all.filter(({ present }) => present.includes(node))
        expect([...(file?.vrfs.keys() ?? [])].sort()).toEqual(tenants.map(({ name }) => `vrf-${name}`).sort())
        for (const { name, vni, prefixesOn, reachedOn, shares } of tenants) {
          const vrf = file?.vrfs.get(`vrf-${name}`)
          const { ipv4, ipv6 } = vrf?.router?.families ?? {}
          expect(vrf?.vni).toBe(vni)
          const networks = [...(ipv4?.networks ?? []), ...(ipv6?.networks ?? [])]
          expect([name, node.name, networks.sort()]).toEqual([name, node.name, [...reachedOn(node)].sort()])
          const expected = all
            .filter(other => shares.includes(other.name))
            .flatMap(other => other.prefixesOn(node).map(prefix => [prefix, `vrf-${other.name}`]))
          const leaks = [...(vrf?.leaks ?? [])].map(([prefix, leak]) => [prefix, leak.vrf])
          expect(leaks.sort()).toEqual(expected.sort())
          const devices = evpn.devices(node)
          for (const leak of vrf?.leaks.values() ?? [])
            expect(devices?.masters.get(leak.device)).toBe(leak.vrf)
          for (const prefix of vrf?.blackholes ?? []) expect(prefixesOn(node)).toContain(prefix)
          expect(devices?.vrfs.get(`vrf-${name}`)).toBe(vni)
          expect(devices?.vxlans.get(`vx-${name}`)).toBe(vni)
          const bridge = devices?.masters.get(`vx-${name}`) ?? ''
          expect(devices?.bridges).toContain(bridge)
          expect(devices?.masters.get(bridge)).toBe(`vrf-${name}`)
        }
      }
    }),
  )

  test(
    '25, 26: every prefix reaches every node of its tenant and of those it shares with, and no other VRF',
    inMeshes((world, evpn) => {
      for (const { name, vni, present, reachedOn } of tenantsOf(world))
        for (const node of present) {
          const routes = evpn.imported(node, `vrf-${name}`)
          const learned = routes.map(({ prefix, originator }) => `${prefix} of ${originator.name}`)
          const expected = present
            .filter(other => hears(world, node, other))
            .flatMap(other => reachedOn(other).map(prefix => `${prefix} of ${other.name}`))
          // Tenants may have the same prefixes: one that came from another would be here twice.
          expect([node.name, name, learned.sort()]).toEqual([node.name, name, expected.sort()])
          for (const { rd } of routes) expect(rd).toMatch(new RegExp(`:${vni}$`))
        }
    }),
  )

  test(
    '--status looks for exactly what reaches a tenant by way of nodes that are reached',
    inMeshes((world, evpn) => {
      for (const node of world.nodes) {
        const file = world.tree.get(node.name)?.get(`etc/ciab/${world.blueprint.mesh.name}.routes`) ?? ''
        const told = file.split('\n').filter(line => line.startsWith('vrf-'))
        // It is apply.sh that looks, where a node has it.
        const looks = world.tree.get(node.name)?.has('etc/ciab/apply.conf') === true
        const expected = tenantsOf(world)
          .filter(({ present }) => looks && present.includes(node))
          .flatMap(({ name }) =>
            evpn
              .imported(node, `vrf-${name}`)
              .filter(({ originator }) => world.model.reachable(node, originator))
              .map(({ prefix, originator }) => `vrf-${name} ${prefix} ${originator.name}`),
          )
        expect([node.name, told.sort()]).toEqual([node.name, expected.sort()])
      }
    }),
  )

  test(
    "26: and the hosts' own table has nothing of it",
    inMeshes(world => {
      const all = tenantsOf(world)
      for (const node of world.nodes) {
        const own = all.flatMap(({ reachedOn }) => reachedOn(node))
        const { ipv4, ipv6 } = world.frr(node)?.families ?? {}
        for (const prefix of [...(ipv4?.networks ?? []), ...(ipv6?.networks ?? [])])
          expect(own).not.toContain(prefix)
        expect(world.frr(node)?.blackholes.filter(prefix => own.includes(prefix)) ?? []).toEqual([])
      }
    }),
  )

  test(
    '27: a route distinguisher is of one node and VRF; what a VRF takes in, one of its tenant tells',
    inMeshes(world => {
      const rds: string[] = []
      for (const node of world.nodes)
        for (const { vni, router } of world.frr(node)?.vrfs.values() ?? []) {
          expect(router?.asn).toBe(world.frr(node)?.asn)
          expect(router?.routerId).toBe(vtepOf(node))
          // FRR makes both of these by itself: ROUTER-ID:NUMBER and AS:VNI.
          rds.push(`${router?.routerId}:${vni}`)
          expect(tenantsOf(world).filter(tenant => tenant.vni === vni)).toHaveLength(1)
        }
      expect(new Set(rds).size).toBe(rds.length)
    }),
  )
})

describe('filters', () => {
  test(
    '28: a neighbor is heard on its own VNIs and from its own VTEP only, and from a reflector on ours',
    inMeshes(world => {
      const all = [...segmentsOf(world), ...tenantsOf(world)].map(({ vni }) => vni)
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        const said = (vnis: readonly number[], nextHop: string) => ({
          prefix: 'everybody',
          nextHops: [nextHop],
          communities: [
            ...vnis.map(vni => `RT:${file.asn % 65536}:${vni}`),
            'ET:8',
            'Rmac:02:00:00:00:00:01',
          ],
        })
        for (const other of expectedNeighbors(world, node)) {
          const hears = (vnis: readonly number[], nextHop = vtepOf(other)): boolean =>
            letsIn(file, 'evpn', vtepOf(other), said(vnis, nextHop))
          const reflector = world.reflectors.includes(other)
          const wanted = reflector
            ? world.reflectors.includes(node)
              ? all
              : vnisOf(world, node)
            : vnisOf(world, other)
          const probed = [
            ...all,
            vniOf(world.blueprint),
            9,
            Number(`1${all[0] ?? 0}`),
            Number(`${all[0] ?? 0}`.slice(1)),
          ]
          for (const vni of probed) {
            expect([other.name, vni, hears([vni])]).toEqual([other.name, vni, wanted.includes(vni)])
            for (const also of wanted) expect(hears([also, vni])).toBe(wanted.includes(vni))
          }
          for (const vni of wanted) {
            expect(hears([vni], vtepOf(node))).toBe(false)
            expect(hears([vni], '192.0.2.1')).toBe(reflector)
          }
        }
      }
    }),
  )
})
