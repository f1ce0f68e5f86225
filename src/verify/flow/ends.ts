import { addressOf, familyOf } from '../../net/index.js'
import { rangeFrom } from '../filter/ranges.js'
import type { Peer } from '../node.js'
import { bare } from '../world.js'
import { elsewhere, type Machine } from './machine.js'
import type { Net } from './net.js'

/** Where packets begin or end. */
export interface End {
  /** @hidden The model of its node. */
  readonly machine: Machine
  readonly kind: 'containers' | 'host' | 'lan' | 'client' | 'internet'
  /** The interface of the node that it is behind, or that has the address. */
  readonly device: string
  readonly address: string
  /** What a user calls it: `node1/ciabbr0`. */
  readonly name: string
  readonly tenant: string | null
  readonly segment: string | null
  /** @hidden Of a client, the peer that it is on its node. */
  readonly peer: Peer | null
}

/** All ends of a mesh or of one node, one for each address family of each network or address. */
export const endsOf = (net: Net, only?: Machine): End[] =>
  only ? endsAt(net, only) : net.machines.flatMap(machine => endsAt(net, machine))

const endsAt = (net: Net, machine: Machine): End[] => {
  const { node, networks } = machine
  const end = (kind: End['kind'], device: string, address: string, more: Partial<End> = {}): End => ({
    machine,
    kind,
    device,
    address,
    name: `${machine.name}/${device}`,
    tenant: null,
    segment: null,
    peer: null,
    ...more,
  })
  const bridges = [...machine.bridges.values()].flatMap(bridge => {
    const segment = networks.segments.find(one => one.bridge === bridge.name)?.name ?? null
    const tenant = machine.vrfOf(bridge.name)?.tenant ?? null
    return bridge.addresses.flatMap(({ value }) => {
      const address = within(value, bare(value), net.machines.indexOf(machine))
      return address === null ? [] : [end('containers', bridge.name, address, { tenant, segment })]
    })
  })
  return [
    ...bridges,
    ...node.addresses.map(({ value }) => end('host', machine.tunnel, bare(value))),
    ...(node.overlay?.addresses ?? []).map(({ value }) => end('host', machine.overlay ?? '', bare(value))),
    ...machine.lans.flatMap(({ device, prefix }) => {
      const address = within(prefix, '', 0)
      return address === null ? [] : [end('lan', device, address)]
    }),
    ...clientsOf(net, machine).flatMap(peer =>
      peer.allowed
        .filter(({ value }) => isHost(value))
        .map(({ value }) =>
          end('client', machine.tunnel, bare(value), { peer, name: `${machine.name}/client ${bare(value)}` }),
        ),
    ),
  ]
}

/** Where nobody of the mesh is: an address that is for examples (RFC 5737, RFC 3849), and comes by an interface of no file. */
export const internetAt = (machine: Machine, family: 'ipv4' | 'ipv6'): End => ({
  machine,
  kind: 'internet',
  device: elsewhere,
  address: family === 'ipv4' ? '198.51.100.234' : '2001:db8:ffff:ffff::234',
  name: `${machine.name}/internet`,
  tenant: null,
  segment: null,
  peer: null,
})

const isHost = (prefix: string): boolean => {
  const range = rangeFrom(prefix)
  return range !== null && range.first === range.last
}

/** Peers that are no node: nobody's files have their key, and nobody's addresses theirs. */
const clientsOf = ({ world }: Net, { node }: Machine): Peer[] =>
  node.peers.filter(
    peer =>
      !world.nodeOf(peer) &&
      peer.allowed.length > 0 &&
      peer.allowed.every(({ value }) => !world.owner(bare(value))),
  )

/** An address of the network that is not the gateway's: the 50th, or one near it where the network is smaller. */
const within = (prefix: string, gateway: string, more: number): string | null => {
  const range = rangeFrom(prefix)
  if (!range) return null
  const size = range.last - range.first
  if (size < 2n) return null
  const offsets = [BigInt(50 + (more % 150)), 50n, 5n, 2n, 1n]
  for (const offset of offsets) {
    if (offset >= size) continue
    const address = addressOf(range.family, range.first + offset)
    if (address !== gateway) return address
  }
  return null
}

/** Whether two ends are of one family and not the same. */
export const areApart = (from: End, to: End): boolean =>
  from !== to && familyOf(from.address) === familyOf(to.address)
