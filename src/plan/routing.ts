import { isRouter, segmentsOn } from '../model/members.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import type { NeighborPlan, RoutingPlan } from '../model/plan.js'
import { type Address, addressPart, familyOf, type Prefix } from '../net/index.js'
import { announcedBehind, carrierOf } from './behind.js'
import { once } from './once.js'
import { othersIn, reachable } from './others.js'
import { vtepOf } from './overlay.js'
import { containerRanges } from './ranges.js'
import { reflection, type Sessions } from './reflection.js'

/** Of a node that has only a tunnel. */
const nobody = { role: 'peer', neighbors: [], clients: [] } as const

/** With reflectors: of a client all others, of a reflector the other reflectors. */
const unfilteredIn = (
  mesh: Mesh,
  routers: readonly MeshNode[],
  neighborOf: (node: MeshNode) => NeighborPlan,
): ((node: MeshNode, sessions: Sessions<NeighborPlan>) => readonly NeighborPlan[]) => {
  const everyone = once(() => routers.map(neighborOf))
  const othersAmong = othersIn(mesh, routers)
  return (node, { role, neighbors }) => {
    if (role === 'client') return othersAmong(everyone(), node, reachable)
    return role === 'reflector' ? neighbors : []
  }
}

/** iBGP between all nodes that reach each other, or between each and the reflectors. */
export const routingPlanner = (mesh: Mesh): ((node: MeshNode) => RoutingPlan) => {
  const routers = mesh.nodes.filter(isRouter)
  const neighborOf = (node: MeshNode): NeighborPlan => neighborPlan(mesh, node)
  const sessionsOf = reflection(mesh, routers, neighborOf)
  const unfilteredOf = unfilteredIn(mesh, routers, neighborOf)
  const reflected = mesh.nodes.some(node => node.reflector) ? containerRanges(mesh) : []
  return node => {
    const sessions = isRouter(node) ? sessionsOf(node) : nobody
    return {
      role: sessions.role,
      get neighbors() {
        return sessions.neighbors
      },
      get clients() {
        return sessions.clients
      },
      get unfiltered() {
        return unfilteredOf(node, sessions)
      },
      asn: mesh.asn,
      routerId: vtepOf(node),
      source: sessionAddress(mesh, node),
      ipv6: carrierOf(mesh).ipv6 !== null,
      nextHop6: nextHop6(mesh, node),
      originates: originated(mesh, node),
      shared: sharedBy(mesh, node),
      reflected,
      ...mesh.bgp,
      password: mesh.sessionPassword,
    }
  }
}

const neighborPlan = (mesh: Mesh, node: MeshNode): NeighborPlan => ({
  name: node.name,
  id: node.id,
  address: sessionAddress(mesh, node),
  nextHop6: nextHop6(mesh, node),
  asn: mesh.asn,
  accepts: [...originated(mesh, node), ...sharedBy(mesh, node)],
})

const sessionAddress = (mesh: Mesh, node: MeshNode): Address =>
  mesh.mode === 'vxlan' ? (node.overlay.map(addressPart).find(isIpv4) as Address) : vtepOf(node)

/** The first, where a node has several. */
const nextHop6 = (mesh: Mesh, node: MeshNode): Address | null =>
  (mesh.mode === 'vxlan' ? node.overlay : node.underlay).map(addressPart).find(address => !isIpv4(address)) ??
  null

const isIpv4 = (address: Address): boolean => familyOf(address) === 'ipv4'

/** Of segments in the hosts' own routing table: a tenant's are announced there. */
export const sharedBy = (mesh: Mesh, node: MeshNode): Prefix[] =>
  segmentsOn(mesh, node).flatMap(({ tenant, prefixes }) => (tenant === null ? prefixes : []))

/** Its containers' networks, and what is behind it. */
const originated = (mesh: Mesh, node: MeshNode): Prefix[] => [
  ...node.networks.flatMap(network => network.prefixes),
  ...announcedBehind(mesh, node),
]
