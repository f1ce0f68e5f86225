import { describe, expect, test } from 'vitest'
import type { Blueprint, NodeBlueprint } from '../arbitraries/blueprint.js'
import { anyMesh, largeMesh, meshOfSeveral } from '../arbitraries/meshes.js'
import {
  bare,
  clashes,
  familyOf,
  isWithin,
  network as networkOf,
  numberOf,
  rangeOf,
  textOf,
} from '../oracles/addresses.js'
import {
  factsOf,
  isLayer3,
  mtuOf,
  type NodeFacts,
  nameOfOverlay,
  prefixesOf,
  sessionAddressOf,
  vtepOf,
} from '../oracles/facts.js'
import { readVxlan } from '../oracles/hooks.js'
import { faultsOf } from '../oracles/tree.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

const inMeshes = (check: (world: World) => void, runs?: number) => () =>
  forAll(anyMesh, blueprint => check(worldOf(blueprint)), runs)

const repeated = (values: readonly string[]): string[] =>
  values.filter((value, at) => values.indexOf(value) !== at)

const isUnique = (world: World): void => {
  const vxlans = world.nodes.flatMap(node => readVxlan(world.conf(node)) ?? [])
  const underlay = world.nodes.flatMap(
    node =>
      world
        .conf(node)
        .interface.get('Address')
        ?.flatMap(list => list.split(', ')) ?? [],
  )
  expect(repeated([...underlay, ...vxlans.flatMap(({ addresses }) => addresses)].map(bare))).toEqual([])
  expect(repeated(vxlans.map(({ mac }) => mac))).toEqual([])
  expect(repeated(vxlans.map(({ local }) => local))).toEqual([])
  expect(repeated(world.nodes.flatMap(node => world.frr(node)?.routerId ?? []))).toEqual([])
}

/** Every pool and, where it lies outside of them, every network and pinned address. */
const ranges = ({ blueprint, nodes }: World): string[] => {
  const { underlay, overlay, containers } = blueprint.mesh
  const pools = [
    ...[underlay.ipv4, underlay.ipv6],
    ...(isLayer3(blueprint) ? [] : [overlay.ipv4, overlay.ipv6]),
    ...[containers.ipv4?.prefix, containers.ipv6?.prefix],
  ].filter(pool => typeof pool === 'string')
  const all = nodes.flatMap(node => [
    ...prefixesOf(node),
    ...node.underlay.map(address => `${bare(address)}/${familyOf(address) === 'ipv4' ? 32 : 128}`),
  ])
  return [...pools, ...all.filter(prefix => !pools.some(pool => isWithin(prefix, pool)))]
}

describe('addresses', () => {
  test('11: addresses, router-ids and MACs are unique', inMeshes(isUnique))

  test('11: in a mesh of 60 nodes too', () => forAll(largeMesh, blueprint => isUnique(worldOf(blueprint)), 2))

  test(
    '12: each is the id-th of its pool, or pinned, and neither network nor broadcast address',
    inMeshes(world => {
      const { underlay, overlay } = world.blueprint.mesh
      for (const node of world.nodes) {
        const { Address } = Object.fromEntries(world.conf(node).interface)
        const vxlan = readVxlan(world.conf(node))
        expect(Address).toEqual([node.underlay.join(', ')])
        if (vxlan) expect(vxlan.addresses).toEqual(node.overlay)
        for (const address of [...node.underlay, ...node.overlay]) {
          const pools = [underlay.ipv4, underlay.ipv6, overlay.ipv4, overlay.ipv6]
          const pool = pools.find(prefix => prefix !== null && isWithin(bare(address), prefix))
          if (!pool) continue
          const [first, last] = rangeOf(pool)
          if (!isLayer3(world.blueprint)) expect(networkOf(address)).toBe(pool)
          expect(numberOf(address)).toBeGreaterThan(first)
          if (familyOf(address) === 'ipv4') expect(numberOf(address)).toBeLessThan(last)
        }
      }
    }),
  )

  test(
    "13: pools, container networks and pinned addresses are disjoint, and a node's networks its own",
    inMeshes(world => {
      expect(clashes(ranges(world))).toEqual([])
      expect(clashes(world.nodes.flatMap(prefixesOf))).toEqual([])
    }),
  )

  test(
    '18: MAC addresses that are not pinned are locally administered, unicast and the same on every run',
    inMeshes(world => {
      for (const node of world.nodes) {
        const vxlan = readVxlan(world.conf(node))
        if (!vxlan) continue
        expect(vxlan.mac).toBe(node.mac)
        if (node.source.mac === null) expect(Number.parseInt(vxlan.mac.slice(0, 2), 16) & 3).toBe(2)
      }
    }),
  )

  test(
    '22: interface names have 1 to 15 bytes, and no two of a node are the same',
    inMeshes(world => {
      for (const node of world.nodes) {
        const bridges = node.networks.map(({ bridge }) => bridge)
        const names = [world.blueprint.mesh.name, nameOfOverlay(world.blueprint), ...bridges]
        expect(repeated(names)).toEqual([])
        for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(15)
        expect(readVxlan(world.conf(node))?.name ?? nameOfOverlay(world.blueprint)).toBe(
          nameOfOverlay(world.blueprint),
        )
      }
    }),
  )
})

describe('MTU', () => {
  test(
    '21: path - WireGuard = tunnel, - VXLAN = segment, and everybody on the segment agrees',
    inMeshes(world => {
      const { tunnel, overlay } = mtuOf(world.blueprint)
      for (const node of world.nodes) {
        expect(world.conf(node).interface.get('MTU')).toEqual([`${tunnel}`])
        const vxlan = readVxlan(world.conf(node))
        if (vxlan) expect(vxlan.mtu).toBe(overlay)
      }
    }),
  )
})

/** Changes to the second node of a mesh that make it claim what the first has. */
const thefts: readonly (readonly [
  code: string,
  steal: (first: NodeFacts, mesh: Blueprint) => Partial<NodeBlueprint> | null,
])[] = [
  ['duplicate-id', ({ id }) => ({ id })],
  ['duplicate-address', first => ({ underlayPins: [vtepOf(first)] })],
  ['duplicate-address', (first, mesh) => onOverlay(mesh, () => ({ overlayPins: [sessionAddressOf(first)] }))],
  ['duplicate-address', ({ mac }) => ({ mac })],
  ['overlap', first => network(prefixesOf(first)[0])],
  ['overlap', (_, mesh) => onOverlay(mesh, pool => network(pool.replace(/\.0\/\d+$/, '.0/25')))],
  ['overlap', first => network(firstIpv4(first)?.replace(/^(\d+\.\d+)\..*$/, '$1.0.0/16'))],
  ['overlap', (_, mesh) => onOverlay(mesh, pool => ({ underlayPins: [pool.replace(/\.0\/\d+$/, '.99')] }))],
  ['pool-edge', (_, { mesh }) => ({ underlayPins: [bare(mesh.underlay.ipv4)] })],
  ['pool-edge', (_, mesh) => onOverlay(mesh, pool => ({ overlayPins: [last(pool)] }))],
  ['outside-pool', (_, mesh) => onOverlay(mesh, () => ({ overlayPins: ['10.1.2.3'] }))],
  ['pool-too-small', () => ({ id: 65535, containers: [], pinned: [], underlayPins: [] })],
  ['reserved-range', () => ({ underlayPins: ['169.254.169.254'] })],
  [
    'interface-taken',
    () => ({
      containers: [
        { bridge: 'br0', addresses: ['10.201.0.0/24'], existing: false },
        { bridge: 'BR0', addresses: ['10.202.0.0/24'], existing: false },
      ],
      pinned: [],
    }),
  ],
  ['value-conflict', () => ({ listenPort: 3784 })],
  ['value-conflict', (_, mesh) => onOverlay(mesh, () => ({ listenPort: mesh.mesh.vxlanPort ?? 4789 }))],
  ['interface-taken', (_, { mesh }) => (mesh.name === 'a' ? network('10.201.0.0/24', 'va') : null)],
]

/** Only where there is one. */
const onOverlay = (
  blueprint: Blueprint,
  steal: (pool: string) => Partial<NodeBlueprint> | null,
): Partial<NodeBlueprint> | null => (isLayer3(blueprint) ? null : steal(blueprint.mesh.overlay.ipv4))

const network = (prefix: string | undefined, bridge = 'br0'): Partial<NodeBlueprint> | null =>
  prefix === undefined ? null : { containers: [{ bridge, addresses: [prefix], existing: false }], pinned: [] }

const firstIpv4 = (node: NodeFacts): string | undefined =>
  prefixesOf(node).find(prefix => !prefix.includes(':'))

const last = (pool: string): string => textOf(familyOf(pool), rangeOf(pool)[1])

describe('what clashes is refused', () => {
  for (const [at, [code, steal]] of thefts.entries())
    test(`11, 12, 13, 22: ${code} (${at + 1})`, () =>
      forAll(
        meshOfSeveral,
        blueprint => {
          const [first, second, ...rest] = [...blueprint.nodes].sort((a, b) => a.id - b.id)
          if (!first || !second) return
          const change = steal(factsOf(blueprint)[0] as NodeFacts, blueprint)
          if (!change) return
          const changed: Blueprint = { ...blueprint, nodes: [first, { ...second, ...change }, ...rest] }
          expect(faultsOf(changed)).toContain(code)
        },
        12,
      ))
})
