import { overlayDevice } from '../model/devices.js'
import { vnisOn } from '../model/members.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import type { FirewallPlan } from '../model/plan.js'
import { addressPart, covers, familyOf, hostPrefix, type Prefix } from '../net/index.js'
import { poolPrefixes, prefixesIn } from './pools.js'
import { sharedBy } from './routing.js'

type ByFamily = FirewallPlan['mesh']

/** What a node's packet filter lets through; what is the same for all nodes is made once. */
export const firewallPlanner = (mesh: Mesh): ((node: MeshNode) => FirewallPlan) => {
  const everywhere = byFamily(
    withoutCovered([
      ...poolPrefixes(mesh),
      ...mesh.segments.flatMap(({ tenant, prefixes }) => (tenant === null ? prefixes : [])),
      ...pinned(mesh),
    ]),
  )
  const segment = byFamily(withoutCovered([...prefixesIn(mesh.overlay), ...mesh.nodes.flatMap(onSegment)]))
  return node => ({
    guarded: node.targets.firewall !== 'none',
    tunnel: mesh.name,
    overlay: mesh.mode === 'vxlan' ? overlayDevice(mesh.name) : null,
    vxlanPort: mesh.vxlanPort,
    vnis: [...(mesh.mode === 'vxlan' ? [mesh.vni] : []), ...vnisOn(mesh, node)],
    listenPort: node.listenPort,
    mesh: everywhere,
    shared: byFamily(sharedBy(mesh, node)),
    local: byFamily(node.containers.flatMap(network => network.prefixes)),
    segment,
  })
}

const onSegment = (node: MeshNode): Prefix[] => node.overlay.map(address => hostPrefix(addressPart(address)))

/** What nodes have that may lie outside the pools. */
const pinned = (mesh: Mesh): Prefix[] =>
  mesh.nodes.flatMap(node => [
    ...onSegment(node),
    ...node.underlay.map(address => hostPrefix(addressPart(address))),
    ...node.containers.flatMap(network => network.prefixes),
  ])

/** Prefixes that no earlier one covers: an nftables interval set refuses elements that overlap. */
const withoutCovered = (prefixes: readonly Prefix[]): Prefix[] => {
  const kept: Prefix[] = []
  for (const prefix of prefixes) if (!kept.some(other => covers(other, prefix))) kept.push(prefix)
  return kept
}

const byFamily = (prefixes: readonly Prefix[]): ByFamily => ({
  ipv4: prefixes.filter(prefix => familyOf(prefix) === 'ipv4'),
  ipv6: prefixes.filter(prefix => familyOf(prefix) === 'ipv6'),
})
