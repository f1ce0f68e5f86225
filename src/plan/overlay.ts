import { overlayDevice } from '../model/devices.js'
import { isRouter } from '../model/members.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import type { OverlayPlan, RemotePlan } from '../model/plan.js'
import {
  type Address,
  addressPart,
  contains,
  covers,
  familyOf,
  hostPrefix,
  type InterfaceAddress,
  networkOfInterface,
  type Prefix,
} from '../net/index.js'
import { once } from './once.js'
import { type Others, othersIn, reachable } from './others.js'

/** The IPv4 underlay address: VXLAN's own endpoints are IPv4 in every mesh. */
export const vtepOf = (node: MeshNode): Address =>
  node.underlay.map(addressPart).find(address => familyOf(address) === 'ipv4') as Address

/** The VXLAN device on a node, or `null` in a mesh without. */
export const overlayPlanner = (mesh: Mesh, others: Others): ((node: MeshNode) => OverlayPlan | null) => {
  if (mesh.mode !== 'vxlan') return () => null
  const routers = mesh.nodes.filter(isRouter)
  const among = othersIn(mesh, routers)
  const remotes = routers.map((node): RemotePlan => ({ name: node.name, vtep: vtepOf(node), mac: node.mac }))
  // Where every address has its pool's length, the connected routes lead to all of them.
  const astray = mesh.nodes.some(node => node.overlay.some(address => !isAtHome(mesh, address)))
  return node => {
    const routes = once(() => (astray ? routesOf(mesh, node, others(mesh.nodes, node, reachable)) : []))
    const there = once(() => (isRouter(node) ? among(remotes, node, reachable) : []))
    return {
      interface: overlayDevice(mesh.name),
      vni: mesh.vni,
      port: mesh.vxlanPort,
      mac: node.mac,
      local: vtepOf(node),
      addresses: node.overlay,
      get routes() {
        return routes()
      },
      get remotes() {
        return there()
      },
    }
  }
}

/** The pool that the address lies in. */
const poolAround = (mesh: Mesh, address: InterfaceAddress): Prefix | null => {
  const pool = mesh.overlay[familyOf(address)]
  return pool && contains(pool, addressPart(address)) ? pool : null
}

const isAtHome = (mesh: Mesh, address: InterfaceAddress): boolean =>
  networkOfInterface(address) === mesh.overlay[familyOf(address)]

/**
 * What a node's own networks do not cover: the pool, where it has another network, and every address that
 * lies outside the pool. All of it is on the overlay, so a route to the device is all it takes.
 */
const routesOf = (mesh: Mesh, node: MeshNode, others: readonly MeshNode[]): Prefix[] => {
  const connected = node.overlay.map(networkOfInterface)
  const hosts = others
    .flatMap(other => other.overlay.filter(address => poolAround(mesh, address) === null))
    .map(address => hostPrefix(addressPart(address)))
  return [mesh.overlay.ipv4, mesh.overlay.ipv6, ...hosts].filter(
    (prefix): prefix is Prefix =>
      prefix !== null &&
      connected.some(own => familyOf(own) === familyOf(prefix)) &&
      !connected.some(own => covers(own, prefix)),
  )
}
