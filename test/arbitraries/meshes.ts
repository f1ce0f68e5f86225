import fc from 'fast-check'
import type { Blueprint, Family } from './blueprint.js'
import { build, type MeshChoice, type Pools } from './build.js'
import { type NetworksChoice, networksChoice } from './networks.js'
import { type NodeChoice, nodeChoice, shared } from './nodes.js'

const ula = 'fd6c:1ab:7a3e'
const underlay6 = `${ula}:ffff::/64`
const overlay6 = `${ula}:fffe::/64`
const containers6 = { prefix: `${ula}::/49`, length: 64 }
const v4 = (prefix: string, length: number) => ({ prefix, length })

const dualStack: Pools = {
  underlay: { ipv4: '10.79.0.0/16', ipv6: underlay6 },
  overlay: { ipv4: '10.78.0.0/16', ipv6: overlay6 },
  containers: { ipv4: v4('10.48.0.0/12', 24), ipv6: containers6 },
  highest: 4095,
}
const ipv4Only: Pools = {
  underlay: { ipv4: '10.79.0.0/16', ipv6: null },
  overlay: { ipv4: '10.78.0.0/16', ipv6: null },
  containers: { ipv4: v4('10.77.0.0/16', 28), ipv6: null },
  highest: 4095,
}
const pools = fc.constantFrom<Pools[]>(
  dualStack,
  { ...dualStack, underlay: { ipv4: '10.79.0.0/16', ipv6: null } },
  { ...dualStack, containers: { ipv4: null, ipv6: null } },
  { ...dualStack, containers: { ipv4: null, ipv6: containers6 } },
  ipv4Only,
  { ...ipv4Only, underlay: { ipv4: '10.79.0.0/16', ipv6: underlay6 } },
  // Small ones, side by side.
  {
    underlay: { ipv4: '172.16.9.0/24', ipv6: 'fd00:9::/120' },
    overlay: { ipv4: '172.16.8.0/24', ipv6: 'fd00:8::/64' },
    containers: { ipv4: v4('192.168.128.0/17', 27), ipv6: null },
    highest: 126,
  },
  {
    underlay: { ipv4: '10.79.0.0/16', ipv6: null },
    overlay: { ipv4: '10.78.0.0/16', ipv6: null },
    containers: { ipv4: v4('10.77.0.0/16', 24), ipv6: null },
    highest: 255,
  },
)

const rarely = <T>(...values: readonly T[]): fc.Arbitrary<T | null> =>
  fc.option(fc.constantFrom(...values), { freq: 3, nil: null })

const meshKeys: fc.Arbitrary<MeshChoice['mesh']> = fc.record({
  name: fc.constantFrom('ciabmesh', 'abcdefghijklmn', 'a', 'wg_mesh-1', '_x-', '0'),
  vni: rarely(1, 42, 0xffffff),
  asn: rarely(1, 64512, 65534, 4200000000),
  port: rarely(51820, 1, 65535),
  vxlanPort: rarely(8472),
  pathMtu: rarely(1410, 1460, 1492, 9001),
  families: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Family[]>(['ipv4'], ['ipv4', 'ipv6'], ['ipv6'], ['ipv6', 'ipv4']),
    },
  ),
  presharedKeys: fc.nat({ max: 3 }).map(roll => roll === 3),
  mode: rarely('l3', 'vxlan'),
  reflectors: rarely('auto', 'none'),
  timers: rarely<readonly [number, number]>([60, 180], [1, 3]),
  bfd: rarely<readonly [number, number]>([300, 3], [1000, 5]),
  gracefulRestart: rarely(true, false),
  maximumPrefix: rarely(5000, 4294967295),
  sessionPassword: rarely(true, false),
})

const nodesOf = (size: fc.SizeForArbitrary, minLength: number, maxLength: number) =>
  fc.uniqueArray(nodeChoice, { size, minLength, maxLength, selector: node => node.id })

const meshOf = (
  nodes: fc.Arbitrary<readonly NodeChoice[]>,
  networks: fc.Arbitrary<NetworksChoice | null> = fc.constant(null),
): fc.Arbitrary<Blueprint> =>
  fc
    .record({
      pools,
      nodes,
      reflected: fc.nat({ max: 2 }).map(roll => roll === 2),
      networks,
      mesh: meshKeys,
      // Among few nodes, so that a pair's first relay is often excluded as well.
      exclude: fc.oneof(
        fc.constant([]),
        fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { maxLength: 8 }),
      ),
      grouped: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        {
          weight: 1,
          arbitrary: shared.map(settings => [{ name: 'behind', members: [], ...settings }]),
        },
      ),
      hidden: fc.nat({ max: 9 }).map(roll => roll === 9),
    })
    .map(build)

/** Meshes that are valid by construction, of up to 12 nodes. */
export const anyMesh: fc.Arbitrary<Blueprint> = meshOf(nodesOf('max', 1, 12))

/** The same with segments and tenants, of at least two nodes. */
export const meshWithNetworks: fc.Arbitrary<Blueprint> = meshOf(nodesOf('max', 2, 10), networksChoice)

/** The same with 60 nodes; to look for a smaller one that fails would take minutes. */
export const largeMesh: fc.Arbitrary<Blueprint> = fc.noShrink(meshOf(nodesOf('max', 60, 60)))

/** The same with at least two nodes. */
export const meshOfSeveral: fc.Arbitrary<Blueprint> = meshOf(nodesOf('max', 2, 10))
