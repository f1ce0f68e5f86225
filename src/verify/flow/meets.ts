import { familyOf } from '../../net/index.js'
import type { Packet, Verdict } from '../filter/filter.js'
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
export const hides = (machine: Machine, iif: string, oif: string, sent: Sent): Why | null => {
  const packet: Packet = { ...sent, iif, oif, mac: null, home: false }
  const said = machine.filter?.source(packet) ?? { becomes: 'unsaid' as const, rule: null }
  const why = (span: Why['span'], hint: string): Why => ({
    span,
    message: `${machine.name} hides ${sent.from} behind its own address on the way to ${sent.to}`,
    hint,
  })
  if (said.becomes === 'hidden') return why(said.rule?.span ?? null, 'let the source stay within the mesh')
  const nat =
    said.becomes === 'unsaid'
      ? machine.bridges.get(iif)?.hides.find(({ value }) => value === familyOf(sent.from))
      : undefined
  return nat ? why(nat.span, 'write "false"') : null
}

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
