import { familyOf } from './addresses.js'
import { type Devices, readDevices } from './devices.js'
import { type NodeFacts, vtepOf } from './facts.js'
import type { FrrFile } from './frr.js'
import { propagate, type Rib, type Route } from './propagation.js'
import type { World } from './world.js'

/** A small model of EVPN (RFC 7432, RFC 8365, RFC 9136) over what the nodes' files say. */
export interface Evpn {
  devices(node: NodeFacts): Devices | null
  /** VNIs that the node bridges, which are no tenant's. */
  bridged(node: NodeFacts): readonly number[]
  /** What a node hears of others. */
  rib(node: NodeFacts): Rib
  /** Nodes that frames to everybody on the VNI go to. */
  floodList(node: NodeFacts, vni: number): NodeFacts[]
  /** What a VRF of the node has from other nodes. */
  imported(node: NodeFacts, vrf: string): Rib
}

/** Of routes that make flood lists (RFC 7432, section 7.3). */
const inclusive = 'everybody'

const targetOf = ({ asn }: FrrFile, vni: number): string => `RT:${asn % 65536}:${vni}`

/** FRR takes the VNI alone into account, whatever AS stands in front of it. */
const isFor = (route: Route, vni: number): boolean =>
  route.communities.some(community => /^RT:\d+:(\d+)$/.exec(community)?.[1] === `${vni}`)

export const evpnOf = (world: World): Evpn => {
  const devices = (node: NodeFacts): Devices | null => {
    const text = world.tree.get(node.name)?.get('etc/ciab/networks.conf')
    return text === undefined ? null : readDevices(text)
  }
  const bridged = (node: NodeFacts): number[] => {
    const routed = [...(world.frr(node)?.vrfs.values() ?? [])].map(({ vni }) => vni)
    return [...(devices(node)?.vxlans.values() ?? [])].filter(vni => !routed.includes(vni))
  }
  const announced = (node: NodeFacts, vni: number, prefix: string): Route => ({
    family: 'evpn',
    rd: `${world.frr(node)?.routerId}:${vni}`,
    prefix,
    originator: node,
    nextHops: [vtepOf(node)],
    communities: [targetOf(world.frr(node) as FrrFile, vni), 'ET:8', 'Rmac:02:00:00:00:00:01'],
  })
  const ownOf = (node: NodeFacts, vrf: string): Route[] => {
    const found = world.frr(node)?.vrfs.get(vrf)
    return (['ipv4', 'ipv6'] as const).flatMap(family =>
      (found?.router?.families[family]?.networks ?? []).map(prefix =>
        announced(node, found?.vni ?? 0, prefix),
      ),
    )
  }
  const origins = (node: NodeFacts): Route[] => {
    const file = world.frr(node)
    if (!file) return []
    const all = file.families.evpn?.advertises.includes('advertise-all-vni')
    return [
      ...(all ? bridged(node).map(vni => announced(node, vni, inclusive)) : []),
      ...[...file.vrfs].flatMap(([name, { router }]) =>
        ownOf(node, name).filter(({ prefix }) =>
          router?.families.evpn?.advertises.includes(`advertise ${familyOf(prefix)} unicast`),
        ),
      ),
    ]
  }
  const ribs = propagate(world, origins)
  const rib = (node: NodeFacts): Rib => ribs.get(node) ?? []
  const imported = (node: NodeFacts, vrf: string): Rib => {
    const vni = world.frr(node)?.vrfs.get(vrf)?.vni ?? 0
    return rib(node).filter(route => route.prefix !== inclusive && isFor(route, vni))
  }
  return {
    devices,
    bridged,
    rib,
    floodList: (node, vni) =>
      rib(node)
        .filter(route => route.prefix === inclusive && isFor(route, vni) && bridged(node).includes(vni))
        .map(({ originator }) => originator),
    imported,
  }
}
