import type { Mesh, MeshNode } from '../model/mesh.js'
import type { FirewallPlan } from '../model/plan.js'
import type { Pools } from '../model/spec.js'
import { addressPart, covers, familyOf, hostPrefix, type Prefix } from '../net/index.js'

type ByFamily = FirewallPlan['mesh']

export const firewallPlanner = (mesh: Mesh): ((node: MeshNode) => FirewallPlan) => {
  const everywhere = byFamily(
    withoutCovered([
      ...prefixesIn(mesh.underlay),
      ...prefixesIn(mesh.overlay),
      ...prefixesIn(mesh.containers),
      ...pinned(mesh),
    ]),
  )
  const segment = byFamily(withoutCovered([...prefixesIn(mesh.overlay), ...mesh.nodes.flatMap(onSegment)]))
  return node => ({
    loadedByTunnel: node.targets.firewall !== 'none',
    inside: [mesh.name, mesh.overlayInterface],
    tunnel: mesh.name,
    overlay: mesh.overlayInterface,
    vxlanPort: mesh.vxlanPort,
    listenPort: node.listenPort,
    bridges: node.containers.map(network => network.bridge),
    mesh: everywhere,
    local: byFamily(node.containers.flatMap(network => network.prefixes)),
    segment,
  })
}

const prefixesIn = (pools: Pools): Prefix[] => [pools.ipv4, pools.ipv6].filter(pool => pool !== null)

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
