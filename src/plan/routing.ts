import type { Mesh, MeshNode } from '../model/mesh.js'
import type { NeighborPlan, RoutingPlan } from '../model/plan.js'
import { type Address, addressPart, familyOf, type Prefix } from '../net/index.js'
import { type Others, reachable } from './others.js'
import { vtepOf } from './overlay.js'

/** Down after 3 s of silence: BGP's own hold time would take minutes to see a dead tunnel. */
const bfd = { interval: 1000, multiplier: 3 }

/** iBGP between the overlay addresses of all nodes that reach each other. */
export const routingPlanner = (mesh: Mesh, others: Others): ((node: MeshNode) => RoutingPlan) => {
  const neighbors = mesh.nodes.map(node => neighborPlan(mesh, node))
  return node => ({
    asn: mesh.asn,
    routerId: vtepOf(node),
    source: sessionAddress(node),
    ipv6: mesh.overlay.ipv6 !== null,
    originates: originated(node),
    neighbors: others(neighbors, node, reachable),
    bfd,
  })
}

const neighborPlan = (mesh: Mesh, node: MeshNode): NeighborPlan => ({
  name: node.name,
  address: sessionAddress(node),
  asn: mesh.asn,
  accepts: originated(node),
})

const sessionAddress = (node: MeshNode): Address =>
  node.overlay.map(addressPart).find(address => familyOf(address) === 'ipv4') as Address

const originated = (node: MeshNode): Prefix[] => node.containers.flatMap(network => network.prefixes)
