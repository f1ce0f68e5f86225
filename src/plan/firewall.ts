import { overlayDevice } from '../model/devices.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import type { EvpnPlan, FirewallPlan, RoutingPlan } from '../model/plan.js'
import { addressPart, hostPrefix, type Prefix } from '../net/index.js'
import { behind } from './behind.js'
import { once } from './once.js'
import { policyPlanner } from './policy/policy.js'
import { poolPrefixes, withoutCovered } from './pools.js'

/** What a node's packet filter lets through; what is the same for all nodes is made once. */
export const firewallPlanner = (
  mesh: Mesh,
): ((node: MeshNode, routing: RoutingPlan, evpn: EvpnPlan | null) => FirewallPlan) => {
  const everywhere = once(() =>
    withoutCovered([
      ...poolPrefixes(mesh),
      ...mesh.segments.flatMap(({ tenant, prefixes }) => (tenant === null ? prefixes : [])),
      ...pinned(mesh),
      ...mesh.nodes.flatMap(behind),
    ]),
  )
  const policyOf = policyPlanner(mesh)
  return (node, routing, evpn) => {
    const policy = once(() => policyOf(node, { routing, evpn, everywhere: everywhere() }))
    return {
      guarded: node.targets.firewall !== 'none',
      get policy() {
        return policy()
      },
      ...(node.lans.length > 0 ? { lans: node.lans } : {}),
      forward: node.forward,
      metadata: node.metadata,
      tunnel: mesh.name,
      overlay: mesh.mode === 'vxlan' ? overlayDevice(mesh.name) : null,
      listenPort: node.listenPort,
    }
  }
}

/** What nodes have that may lie outside the pools. */
const pinned = (mesh: Mesh): Prefix[] =>
  mesh.nodes.flatMap(node => [
    ...[...node.overlay, ...node.underlay].map(address => hostPrefix(addressPart(address))),
    ...node.networks.flatMap(network => network.prefixes),
  ])
