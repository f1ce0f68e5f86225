import { addressOf } from '../../net/index.js'
import type { Packet } from '../filter/packet.js'
import { numberOf } from '../filter/ranges.js'
import { bare } from '../world.js'
import type { Machine } from './machine.js'
import { filterWhy } from './meets.js'
import type { Net } from './net.js'
import type { Carriage, Why } from './trip.js'
import { type Carry, carriageOf } from './wire.js'

/** How frames for an address come to another node by the overlay: for IPv6 they wait until it says where it is (RFC 4861). */
export const overlayTo = (net: Net, from: Machine, to: Machine, address: string, carry: Carry): Carriage => {
  const carriage = carriageOf(net, from, to, { vni: null, kind: 'overlay' }, carry)
  if (carriage.fault || !address.includes(':')) return carriage
  return net.carriages.of('IPv6', from, to, () => {
    const why = unheard(from, to)
    return why ? { ...carriage, fault: { verdict: 'fails', why } } : carriage
  })
}

/** What stops a neighbor solicitation, `null` where it is heard. */
const unheard = (from: Machine, to: Machine): Why | null => {
  const [own, its] = [overlayAddress(from), overlayAddress(to)]
  const number = its === null ? null : numberOf(its)
  if (own === null || typeof number !== 'bigint' || !to.filter) return null
  const packet: Packet = {
    iif: to.overlay ?? '',
    oif: '',
    from: own,
    to: addressOf('ipv6', solicited | (number & 0xff_ffffn)),
    protocol: 'icmp',
    port: null,
    mac: from.node.overlay?.mac?.value ?? null,
    vxlan: null,
    state: 'new',
    home: false,
  }
  for (const hook of ['prerouting', 'input'] as const) {
    const said = to.filter.at(hook, packet)
    if (said.verdict === 'fails') return filterWhy(to, said, own, packet.to, hook)
  }
  return null
}

/** `ff02::1:ff00:0`, with the last 24 bits of an address (RFC 4291, 2.7.1). */
const solicited = 0xff02_0000_0000_0000_0000_0001_ff00_0000n

const overlayAddress = ({ node }: Machine): string | null =>
  (node.overlay?.addresses ?? []).map(({ value }) => bare(value)).find(one => one.includes(':')) ?? null
