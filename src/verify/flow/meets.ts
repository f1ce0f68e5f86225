import { familyOf } from '../../net/index.js'
import type { Verdict } from '../filter/filter.js'
import type { Packet } from '../filter/packet.js'
import { bare } from '../world.js'
import type { Machine } from './machine.js'
import type { Why } from './trip.js'

/** A packet on its way, apart from where it is. */
export type Sent = Pick<Packet, 'from' | 'to' | 'protocol' | 'port' | 'vxlan' | 'state'>

/** Whether an interface of the node has the address. */
export const hasAddress = (machine: Machine, iif: string, address: string): boolean =>
  [
    ...(machine.bridges.get(iif)?.addresses ?? []),
    ...(iif === machine.tunnel ? machine.node.addresses : []),
    ...(iif === machine.overlay ? (machine.node.overlay?.addresses ?? []) : []),
  ].some(({ value }) => bare(value) === address)

/** Why a packet filter stops a packet, or may. */
export const filterWhy = (machine: Machine, said: Verdict, from: string, to: string, hook: string): Why =>
  said.verdict === 'unknown'
    ? {
        span: said.rule?.span ?? null,
        message: `${machine.name}'s packet filter has a rule that is not known here: ${said.rule?.text}`,
        hint: 'look yourself whether it lets the packet through',
      }
    : {
        span: said.rule?.span ?? null,
        message: `${machine.name}'s packet filter drops ${from} to ${to} (${hook})`,
        hint: 'write the rule as "ciab-gen gen" has it, or change mesh.ini',
      }

/** Whether the source gives way to the node's own as packets leave by an interface. */
export const hides = (machine: Machine, iif: string, oif: string, source: string, sent: Sent): Why | null => {
  const said = machine.filter?.source(packetOf(sent, source, iif, oif, null, false)) ?? null
  const message = (): string =>
    `${machine.name} hides ${source} behind its own address on the way to ${sent.to}`
  if (said?.becomes === 'hidden')
    return { span: said.rule?.span ?? null, message: message(), hint: 'let the source stay within the mesh' }
  if (said !== null && said.becomes !== 'unsaid') return null
  const nat = machine.bridges.get(iif)?.hides.find(({ value }) => value === familyOf(source))
  return nat ? { span: nat.span, message: message(), hint: 'write "false"' } : null
}

/** The packet where it is, by what it came and what it leaves by. */
export const packetOf = (
  { to, protocol, port, vxlan, state }: Sent,
  from: string,
  iif: string,
  oif: string,
  mac: string | null,
  home: boolean,
): Packet => ({ iif, oif, from, to, protocol, port, mac, vxlan, state, home })

/** The address that stands for the source of packets that leave by an interface. */
export const coverOf = (machine: Machine, oif: string, family: 'ipv4' | 'ipv6'): string | null => {
  const own =
    oif === machine.tunnel
      ? machine.node.addresses
      : oif === machine.overlay
        ? (machine.node.overlay?.addresses ?? [])
        : (machine.bridges.get(oif)?.addresses ?? [])
  const found = own.map(({ value }) => bare(value)).find(address => familyOf(address) === family)
  return found ?? null
}
