import { segmentsOn } from '../../model/members.js'
import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { DevicePlan, EvpnPlan, RoutingPlan } from '../../model/plan.js'
import type { SpeakerPlan } from '../../model/policy-plan.js'
import {
  type Address,
  addressPart,
  hostPrefix,
  type InterfaceName,
  lengthPart,
  type Mac,
  metadataPrefixes,
  type Prefix,
  parseAddress,
} from '../../net/index.js'
import { behind } from '../behind.js'
import { vtepOf } from '../overlay.js'
import { poolPrefixes, withoutCovered } from '../pools.js'
import { sharedBy } from '../routing.js'
import { clientSets } from './clients.js'
import { at, lanSet, linkPrefixes } from './row.js'

/** The parts of a node's plan that the policy follows from. */
export interface PolicyBasis {
  readonly routing: RoutingPlan
  readonly evpn: EvpnPlan | null
  /** Every address of the mesh. */
  readonly everywhere: readonly Prefix[]
}

/** What another node says on the overlay, and under which addresses. */
export const speakerOf = (mesh: Mesh, node: MeshNode): SpeakerPlan => ({
  name: node.name,
  vtep: hostPrefix(vtepOf(node)),
  mac: node.mac,
  addresses: [...node.overlay.map(addressPart), ...(mesh.overlay.ipv6 ? [linkLocalOf(node.mac)] : [])],
  prefixes: withoutCovered([
    ...node.overlay.map(address => hostPrefix(addressPart(address))),
    ...node.networks.flatMap(({ prefixes }) => prefixes),
    ...sharedBy(mesh, node),
    ...announcedBy(node),
    ...behind(node),
  ]),
  answers: node.underlay.map(addressPart),
})

/** The link-local address of an interface with this MAC address: the modified EUI-64 (RFC 4291, appendix A). */
const linkLocalOf = (mac: Mac): Address => {
  const [first, ...rest] = mac.split(':').map(byte => Number.parseInt(byte, 16)) as [number, ...number[]]
  const bytes = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)] as number[]
  const groups = [0, 2, 4, 6].map(at =>
    (((bytes[at] as number) << 8) | (bytes[at + 1] as number)).toString(16),
  )
  const read = parseAddress(`fe80:0:0:0:${groups.join(':')}`)
  if (!read.ok) throw new Error(`no link-local address comes of ${mac}`)
  return read.value
}

/** What the node announces besides its containers, the widest first: nft's sets have no overlaps. */
const announcedBy = ({ allowedIps }: MeshNode): Prefix[] =>
  withoutCovered([...allowedIps].sort((a, b) => lengthPart(a) - lengthPart(b)))

/** The sets of addresses that rows name. */
export const setsOf = (
  mesh: Mesh,
  node: MeshNode,
  { routing, evpn, everywhere }: PolicyBasis,
  bridges: readonly DevicePlan[],
): Record<string, readonly Prefix[]> => {
  const local = node.networks.flatMap(({ prefixes }) => prefixes)
  const own = [...local, ...sharedBy(mesh, node)]
  const announced = announcedBy(node)
  const members = segmentMembers(mesh, node)
  const session = ({ address }: { address: Parameters<typeof hostPrefix>[0] }): Prefix => hostPrefix(address)
  return {
    mesh: everywhere,
    pools: poolPrefixes(mesh),
    local,
    own,
    announced,
    speaking: withoutCovered([...announced, ...own]),
    metadata: metadataPrefixes,
    link: linkPrefixes.destination,
    sessions: [...routing.neighbors, ...routing.clients].map(session),
    'evpn sessions': evpn ? [...evpn.neighbors, ...evpn.clients].map(session) : [],
    ...Object.fromEntries(members),
    ...Object.fromEntries(
      bridges.map(({ name }) => [
        at(name),
        [...linkPrefixes.source, ...prefixesOf(mesh, node, name), ...announced],
      ]),
    ),
    relayed: relayedBy(mesh, node),
    ...clientSets(mesh, node),
    ...lanSets(node),
  }
}

/** By interface; several lines may be of one. */
const lanSets = ({ lans }: MeshNode): Record<string, readonly Prefix[]> =>
  Object.fromEntries(
    lans.map(({ interface: name }) => [
      lanSet(name),
      lans.filter(lan => lan.interface === name).flatMap(({ prefixes }) => prefixes),
    ]),
  )

const prefixesOf = (mesh: Mesh, node: MeshNode, bridge: InterfaceName): readonly Prefix[] =>
  [...node.networks, ...segmentsOn(mesh, node)].find(network => network.bridge === bridge)?.prefixes ?? []

/** By the name of a set, the VTEPs of all members of each segment and tenant that the node is on. */
const segmentMembers = (mesh: Mesh, { id }: MeshNode): [string, Prefix[]][] => {
  const vteps = new Map(mesh.nodes.map(node => [node.id, hostPrefix(vtepOf(node))]))
  return [
    ...mesh.segments
      .filter(({ members }) => members.includes(id))
      .map(({ vni, members }) => [vni, members] as const),
    ...mesh.tenants
      .filter(({ present }) => present.includes(id))
      .map(({ vni, present }) => [vni, present] as const),
  ].map(([vni, members]) => [
    `members of ${vni}`,
    members.flatMap(member => (member === id ? [] : (vteps.get(member) ?? []))),
  ])
}

/** What belongs to the nodes that this one forwards between. */
const relayedBy = (mesh: Mesh, node: MeshNode): Prefix[] =>
  mesh.nodes.flatMap(other => {
    const detours = mesh.detours.get(other.id)
    return detours && [...detours.values()].includes(node.id)
      ? [
          ...other.underlay.map(address => hostPrefix(addressPart(address))),
          ...other.allowedIps,
          ...behind(other),
          ...(mesh.mode === 'l3' ? other.networks.flatMap(({ prefixes }) => prefixes) : []),
        ]
      : []
  })
