import { describe, expect, test } from 'vitest'
import { anyMesh } from '../arbitraries/meshes.js'
import { bare, clashes, familyOf, host, isWithin, network } from '../oracles/addresses.js'
import { floods, send, sendFrom } from '../oracles/delivery.js'
import {
  isLayer3,
  isRouter,
  type NodeFacts,
  nameOfOverlay,
  prefixesOf,
  vniOf,
  vtepOf,
} from '../oracles/facts.js'
import { flood } from '../oracles/fdb.js'
import { readRoutes, readVxlan } from '../oracles/hooks.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

const inMeshes = (check: (world: World) => void) => () =>
  forAll(anyMesh, blueprint => check(worldOf(blueprint)))

/** systemd before 249 had no word for it (systemd.network(5)). */
const viaOf = (world: World, { source }: NodeFacts): string =>
  source.targets.overlay === 'networkd' && ['debian-11', 'ubuntu-20.04'].includes(`${source.os}`)
    ? ''
    : world.blueprint.mesh.name

const onSegment = (world: World) =>
  isLayer3(world.blueprint) ? [] : world.nodes.filter(node => node.source.targets.overlay !== 'none')

describe('the segment', () => {
  test(
    '19: everybody floods to exactly those that packets arrive at, and knows their MAC addresses',
    inMeshes(world => {
      for (const node of onSegment(world)) {
        const reachable = world.nodes.filter(other => isRouter(other) && world.model.reachable(node, other))
        const at = { device: nameOfOverlay(world.blueprint), via: viaOf(world, node) }
        expect(world.fdb(node)).toEqual(
          reachable.flatMap(other => [
            { verb: 'append', mac: flood, destination: vtepOf(other), ...at },
            { verb: 'replace', mac: other.mac, destination: vtepOf(other), ...at },
          ]),
        )
      }
    }),
  )

  test(
    '19: what is flooded arrives, also through a relay, and reversed',
    inMeshes(world => {
      const members = onSegment(world)
      for (const a of members)
        for (const b of members) if (a !== b) expect(floods(world, a, b)).toBe(world.model.reachable(a, b))
    }),
  )

  test(
    '20: one VNI names the segment, on one port, from the VTEP, without learning',
    inMeshes(world => {
      for (const node of onSegment(world)) {
        const vxlan = readVxlan(world.conf(node))
        expect(vxlan?.vni).toBe(vniOf(world.blueprint))
        expect(vxlan?.port).toBe(world.blueprint.mesh.vxlanPort ?? 4789)
        expect(vxlan?.local).toBe(vtepOf(node))
        expect(vxlan?.learning).toBe(false)
        expect(bare(world.conf(node).interface.get('Address')?.[0]?.split(', ')[0] as string)).toBe(
          vtepOf(node),
        )
      }
    }),
  )
})

describe('a mesh without VXLAN', () => {
  test(
    'has neither the device nor forwarding entries',
    inMeshes(world => {
      if (!isLayer3(world.blueprint)) return
      for (const node of world.nodes) {
        expect(readVxlan(world.conf(node))).toBeNull()
        for (const [path, text] of world.tree.get(node.name) ?? []) {
          expect(path).not.toMatch(/\.fdb$/)
          expect(text.match(/[\w-]+/g)).not.toContain(nameOfOverlay(world.blueprint))
        }
      }
    }),
  )

  test(
    '8, 9: carries packets between containers wherever it carries those between nodes, and no others',
    inMeshes(world => {
      const first = (prefix: string): string => bare(prefix)
      for (const [a, b] of world.pairs)
        for (const source of prefixesOf(a))
          for (const destination of prefixesOf(b).filter(prefix => familyOf(prefix) === familyOf(source))) {
            const carried = isLayer3(world.blueprint) && world.model.reachable(a, b)
            expect(sendFrom(world, [a, first(source)], [b, first(destination)])).toBe(
              carried ? 'delivered' : 'no peer',
            )
          }
    }),
  )
})

describe('the tunnel under it', () => {
  test(
    'packets between underlay addresses arrive where peers or relays say so, and nowhere else',
    inMeshes(world => {
      for (const [a, b] of world.pairs)
        expect(send(world, a, b)).toBe(world.model.reachable(a, b) ? 'delivered' : 'no peer')
    }),
  )

  test(
    'the kernel has a route to every address that the tunnel carries, once',
    inMeshes(world => {
      for (const node of world.nodes) {
        const connected = node.underlay.filter(address => !/\/(32|128)$/.test(address)).map(network)
        const routes = readRoutes(world.conf(node))
        expect(clashes([...connected, ...routes])).toEqual([])
        const families = node.underlay.map(familyOf)
        const networks = world.nodes.flatMap(prefixesOf)
        for (const { allowedIps } of world.conf(node).peers)
          for (const address of allowedIps.filter(prefix => !networks.includes(prefix)))
            if (families.includes(familyOf(address)))
              expect([
                address,
                [...connected, ...routes].filter(prefix => isWithin(address, prefix)).length,
              ]).toEqual([address, 1])
        const carried = world.conf(node).peers.flatMap(({ allowedIps }) => allowedIps)
        const { ipv4, ipv6 } = world.blueprint.mesh.underlay
        const pools = isLayer3(world.blueprint) ? [ipv4, ipv6] : []
        const needless = routes.filter(
          route => !carried.includes(host(bare(route))) && !pools.includes(route),
        )
        expect(needless).toEqual([])
      }
    }),
  )

  test(
    'no route takes the cloud metadata services or a whole link-local range',
    inMeshes(world => {
      for (const node of world.nodes)
        for (const prefix of [...readRoutes(world.conf(node)), ...node.underlay.map(network)])
          expect(isWithin('169.254.169.254/32', prefix)).toBe(false)
    }),
  )
})
