import { devicesOf } from '../model/devices.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import type { MeshPlan, NodePlan } from '../model/plan.js'
import { planContainers } from './containers.js'
import { evpnPlanner } from './evpn.js'
import { firewallPlanner } from './firewall.js'
import { namesPlanner } from './names.js'
import { othersIn } from './others.js'
import { overlayPlanner } from './overlay.js'
import { routingPlanner } from './routing.js'
import { tunnelPlanner } from './tunnel.js'

/**
 * One node's view of the mesh, in no tool's syntax.
 *
 * For many nodes of one mesh use {@link planner}: it shares what they have in common.
 */
export const plan = (mesh: Mesh, node: MeshNode): NodePlan => planner(mesh)(node)

/**
 * Makes the plans of a mesh's nodes one at a time. What is the same from every node's view, above all the
 * facts about a peer, is made once and shared between the plans, so that a mesh of N nodes does not hold N²
 * of them.
 */
export const planner = (mesh: Mesh): ((node: MeshNode) => NodePlan) => {
  const others = othersIn(mesh)
  const tunnel = tunnelPlanner(mesh, others)
  const overlay = overlayPlanner(mesh, others)
  const routing = routingPlanner(mesh)
  const evpn = evpnPlanner(mesh)
  const firewall = firewallPlanner(mesh)
  const names = namesPlanner(mesh)
  // Only what `fit` asks about is at hand: a list of N for each of N nodes is made for those that are rendered.
  return node => {
    const [sessions, joined] = [routing(node), evpn(node)]
    return {
      mesh: mesh.name,
      name: node.name,
      id: node.id,
      hostname: node.hostname,
      release: node.release,
      frr: node.frr,
      targets: node.targets,
      devices: devicesOf(mesh, node),
      mtu: mesh.mtu,
      tunnel: tunnel(node),
      overlay: overlay(node),
      routing: sessions,
      evpn: joined,
      containers: planContainers(mesh, node),
      firewall: firewall(node, sessions, joined),
      names: node.targets.names === 'none' ? null : names(),
    }
  }
}

/** The mesh as nobody's point of view. */
export const planMesh = (mesh: Mesh): MeshPlan => ({
  mesh: mesh.name,
  targets: [...new Set(mesh.nodes.flatMap(node => Object.values(node.targets)))],
  // Made when a target asks for it: most have nothing to say about the mesh as a whole.
  get names() {
    return namesPlanner(mesh)()
  },
})
