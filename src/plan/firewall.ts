import type { Mesh, MeshNode } from '../model/mesh.js'
import type { FirewallPlan } from '../model/plan.js'
import type { Pools } from '../model/spec.js'
import {
  addressPart,
  covers,
  familyOf,
  hostPrefix,
  type InterfaceName,
  type Prefix,
  type Vni,
} from '../net/index.js'
import { sharedBy } from './routing.js'

type ByFamily = FirewallPlan['mesh']

export const firewallPlanner = (mesh: Mesh): ((node: MeshNode) => FirewallPlan) => {
  const overlay = mesh.mode === 'vxlan' ? mesh.overlayInterface : null
  const everywhere = byFamily(
    withoutCovered([
      ...prefixesIn(mesh.underlay),
      ...prefixesIn(mesh.overlay),
      ...prefixesIn(mesh.containers),
      ...mesh.segments.flatMap(({ tenant, prefixes }) => (tenant === null ? prefixes : [])),
      ...pinned(mesh),
    ]),
  )
  const segment = byFamily(withoutCovered([...prefixesIn(mesh.overlay), ...mesh.nodes.flatMap(onSegment)]))
  return node => ({
    loadedByTunnel: node.targets.firewall !== 'none',
    inside: [mesh.name, ...(overlay ? [overlay] : [])],
    tunnel: mesh.name,
    overlay,
    vxlanPort: mesh.vxlanPort,
    vnis: vnisOf(mesh, node),
    listenPort: node.listenPort,
    bridges: [...node.containers.map(network => network.bridge), ...segmentBridges(mesh, node)],
    mesh: everywhere,
    shared: byFamily(sharedBy(mesh, node)),
    local: byFamily(node.containers.flatMap(network => network.prefixes)),
    segment,
  })
}

const vnisOf = (mesh: Mesh, { id }: MeshNode): Vni[] => [
  ...(mesh.mode === 'vxlan' ? [mesh.vni] : []),
  ...mesh.segments.filter(({ members }) => members.includes(id)).map(({ vni }) => vni),
  ...mesh.tenants.filter(({ present }) => present.includes(id)).map(({ vni }) => vni),
]

const segmentBridges = (mesh: Mesh, { id }: MeshNode): InterfaceName[] =>
  mesh.segments
    .filter(({ tenant, members }) => tenant === null && members.includes(id))
    .map(({ bridge }) => bridge)

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
