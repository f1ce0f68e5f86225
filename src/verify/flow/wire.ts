import type { NodeFiles, Peer } from '../node.js'
import { flood } from '../overlay.js'
import { bare, type World } from '../world.js'
import type { End } from './ends.js'
import type { Machine } from './machine.js'
import type { Net } from './net.js'
import type { Carriage, Trip, Why } from './trip.js'

/** What keeps one node's packets with this source from another by WireGuard, `null` where they pass (wg(8)). */
export const linkFault = (
  world: World,
  from: NodeFiles,
  peer: Peer,
  to: NodeFiles,
  source: string,
): Why | null => {
  const back = world.peerFor(to, from)
  if (!back)
    return {
      span: peer.span,
      message: `${from.name} has the peer ${to.name}, which has none for ${from.name}`,
      hint: `add ${from.name} to the peers of ${to.name}`,
    }
  if (!peer.endpoint && !back.endpoint)
    return {
      span: peer.span,
      message: `neither ${from.name} nor ${to.name} has an endpoint for the other`,
      hint: 'write an Endpoint for one of the two',
    }
  if (peer.shared !== undefined && back.shared !== undefined && peer.shared !== back.shared)
    return {
      span: peer.span,
      message: `${from.name} and ${to.name} have different preshared keys`,
      hint: 'give both the same',
    }
  if (world.route(to, source) !== back)
    return {
      span: back.allowed[0]?.span ?? back.span,
      message: `${to.name} does not take ${source} from ${from.name}`,
      hint: `add ${source} to the allowed IPs of the peer ${from.name}`,
    }
  return null
}

/** What VXLAN carries: frames of the mesh's own segment, of a segment, or of a tenant. */
interface Carried {
  readonly vni: string | null
  readonly kind: 'overlay' | 'segment' | 'tenant'
}

/** Follows a packet that carries others. */
export type Carry = (sent: Carrier, from: End, to: End) => Trip

/** An outer packet of VXLAN. */
export interface Carrier {
  readonly from: string
  readonly to: string
  readonly port: number
  readonly vxlan: { readonly vni: string; readonly mac: string }
}

/** Sends them, once for each two nodes and VNI. */
export const carriageOf = (net: Net, from: Machine, to: Machine, carried: Carried, carry: Carry): Carriage =>
  net.carriages.of(carried.vni ?? '', from, to, () => sendBy(net.world, from, to, carried, carry))

const sendBy = (world: World, from: Machine, to: Machine, carried: Carried, carry: Carry): Carriage => {
  const fails = (span: Why['span'], message: string, hint: string): Carriage => ({
    fault: { verdict: 'fails', why: { span, message, hint } },
    relays: [],
  })
  const [own, its] = [from.node.overlay, to.node.overlay]
  const overlay = carried.kind === 'overlay'
  const source = overlay ? own?.local : from.networks.local
  const destination = overlay ? its?.local : to.networks.local
  const ports = overlay ? [own?.port, its?.port] : [from.networks.port, to.networks.port]
  if (!source || !destination) return { fault: null, relays: [] }
  if (overlay && own && its) {
    if (own.vni && its.vni && own.vni.value !== its.vni.value)
      return fails(
        its.vni.span,
        `${to.name} has the VNI ${its.vni.value}, and ${from.name} ${own.vni.value}`,
        'give both the same',
      )
    const entries = world.entriesTo(from.node, destination.value)
    const lacks = [flood, its.mac?.value].find(
      mac => mac !== undefined && entries.every(entry => entry.mac !== mac),
    )
    if (lacks !== undefined)
      return fails(
        entries[0]?.span ?? from.node.forwarding[0]?.span ?? own.span,
        `${from.name} has no forwarding entry for ${lacks === flood ? 'broadcasts' : lacks} to ${to.name}`,
        `add the entry for ${lacks} with the destination ${destination.value}`,
      )
  }
  if (ports[0] && ports[1] && ports[0].value !== ports[1].value)
    return fails(
      ports[1].span,
      `${to.name} takes VXLAN at port ${ports[1].value}, and ${from.name} sends to ${ports[0].value}`,
      'give both the same',
    )
  if (!to.node.addresses.some(({ value }) => bare(value) === destination.value))
    return fails(
      destination.span,
      `${to.name} sends VXLAN from ${destination.value}, which its tunnel does not have`,
      "write the tunnel's address",
    )
  const host = (machine: Machine, address: string): End => ({
    machine,
    kind: 'host',
    device: machine.tunnel,
    address,
    name: machine.name,
    tenant: null,
    segment: null,
    peer: null,
  })
  const trip = carry(
    {
      from: source.value,
      to: destination.value,
      port: Number(ports[0]?.value ?? 4789),
      vxlan: {
        vni: overlay ? (own?.vni?.value ?? '') : (carried.vni ?? ''),
        mac: overlay ? (own?.mac?.value ?? '') : '',
      },
    },
    host(from, source.value),
    host(to, destination.value),
  )
  return {
    fault: trip.verdict === 'passes' || !trip.why ? null : { verdict: trip.verdict, why: trip.why },
    relays: trip.nodes.slice(1, -1),
  }
}
