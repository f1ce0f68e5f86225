import type { Mesh, MeshNode } from '../model/mesh.js'
import type { NamesPlan, NodeNames, PinnedContainer } from '../model/plan.js'
import {
  type Address,
  addressPart,
  contains,
  covers,
  familyOf,
  type InterfaceAddress,
  networkOf,
  type Prefix,
} from '../net/index.js'
import { poolPrefixes } from './pools.js'

/** The names of the mesh: one object for all nodes, made when the first asks for it. */
export const namesPlanner = (mesh: Mesh): (() => NamesPlan) => {
  let made: NamesPlan | null = null
  return () => {
    made ??= namesOf(mesh)
    return made
  }
}

const namesOf = (mesh: Mesh): NamesPlan => {
  const full = (name: string): string => `${name.toLowerCase()}.${mesh.domain}`
  const nodes = mesh.nodes.map(
    (node): NodeNames => ({
      name: node.name.toLowerCase(),
      fullName: full(node.name),
      overlay: (mesh.mode === 'vxlan' ? node.overlay : node.underlay).map(addressPart),
      underlay: node.underlay.map(addressPart),
      gateways: bridgeAddresses(node),
      pinned: pinnedOf(node),
    }),
  )
  return {
    domain: mesh.domain,
    servers: mesh.nameServers.map(server => (server.includes('.') ? server : full(server))),
    nodes,
    ranges: rangesOf(mesh, nodes),
  }
}

const bridgeAddresses = (node: MeshNode): Address[] =>
  node.networks.flatMap(({ addresses }) => addresses.map((address: InterfaceAddress) => addressPart(address)))

/** A container with addresses on several bridges has them all under its name. */
const pinnedOf = (node: MeshNode): PinnedContainer[] => {
  const addresses = new Map<string, readonly Address[]>()
  for (const pin of node.networks.flatMap(({ pinned }) => pinned)) {
    const name = pin.name.toLowerCase()
    addresses.set(name, [...(addresses.get(name) ?? []), ...pin.addresses])
  }
  return [...addresses].map(([name, addresses]) => ({ name, addresses }))
}

/** Around an address that lies in no pool: as much as people give to one network. */
const usualLength = { ipv4: 24, ipv6: 64 } as const

const rangesOf = (mesh: Mesh, nodes: readonly NodeNames[]): Prefix[] => {
  const pools = poolPrefixes(mesh)
  const around = new Set(
    nodes
      .flatMap(({ overlay, underlay, gateways, pinned }) => [
        ...overlay,
        ...underlay,
        ...gateways,
        ...pinned.flatMap(({ addresses }) => addresses),
      ])
      .filter(address => !pools.some(pool => contains(pool, address)))
      .map(address => networkOf(address, usualLength[familyOf(address)])),
  )
  // A small pool may lie inside such a network; never the other way around.
  return [...pools.filter(pool => ![...around].some(network => covers(network, pool))), ...around]
}
