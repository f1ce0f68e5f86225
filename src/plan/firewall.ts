import { overlayDevice } from '../model/devices.js'
import { vnisOn } from '../model/members.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import type { FirewallPlan } from '../model/plan.js'
import { addressPart, familyOf, hostPrefix, lengthPart, networkOf, type Prefix } from '../net/index.js'
import { once } from './once.js'
import { poolPrefixes, prefixesIn } from './pools.js'
import { sharedBy } from './routing.js'

type ByFamily = FirewallPlan['mesh']

/** What a node's packet filter lets through; what is the same for all nodes is made once. */
export const firewallPlanner = (mesh: Mesh): ((node: MeshNode) => FirewallPlan) => {
  const everywhere = once(() =>
    byFamily(
      withoutCovered([
        ...poolPrefixes(mesh),
        ...mesh.segments.flatMap(({ tenant, prefixes }) => (tenant === null ? prefixes : [])),
        ...pinned(mesh),
      ]),
    ),
  )
  const segment = once(() =>
    byFamily(withoutCovered([...prefixesIn(mesh.overlay), ...mesh.nodes.flatMap(onSegment)])),
  )
  return node => ({
    guarded: node.targets.firewall !== 'none',
    tunnel: mesh.name,
    overlay: mesh.mode === 'vxlan' ? overlayDevice(mesh.name) : null,
    vxlanPort: mesh.vxlanPort,
    vnis: [...(mesh.mode === 'vxlan' ? [mesh.vni] : []), ...vnisOn(mesh, node)],
    listenPort: node.listenPort,
    get mesh() {
      return everywhere()
    },
    shared: byFamily(sharedBy(mesh, node)),
    local: byFamily(node.networks.flatMap(network => network.prefixes)),
    get segment() {
      return segment()
    },
  })
}

const onSegment = (node: MeshNode): Prefix[] => node.overlay.map(address => hostPrefix(addressPart(address)))

/** What nodes have that may lie outside the pools. */
const pinned = (mesh: Mesh): Prefix[] =>
  mesh.nodes.flatMap(node => [
    ...onSegment(node),
    ...node.underlay.map(address => hostPrefix(addressPart(address))),
    ...node.networks.flatMap(network => network.prefixes),
  ])

/** Prefixes that no earlier one covers: an nftables interval set refuses elements that overlap. */
const withoutCovered = (prefixes: readonly Prefix[]): Prefix[] => {
  const kept = new Set<Prefix>()
  // Few lengths occur, so one asks for the network of each rather than for every prefix before.
  const lengths = { ipv4: new Set<number>(), ipv6: new Set<number>() }
  for (const prefix of prefixes) {
    const [address, length] = [addressPart(prefix), lengthPart(prefix)]
    const shorter = [...lengths[familyOf(prefix)]].filter(other => other <= length)
    if (shorter.some(other => kept.has(networkOf(address, other)))) continue
    kept.add(prefix)
    lengths[familyOf(prefix)].add(length)
  }
  return [...kept]
}

const byFamily = (prefixes: readonly Prefix[]): ByFamily => ({
  ipv4: prefixes.filter(prefix => familyOf(prefix) === 'ipv4'),
  ipv6: prefixes.filter(prefix => familyOf(prefix) === 'ipv6'),
})
