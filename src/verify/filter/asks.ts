import { familyOf } from '../../net/index.js'
import type { NftTerm } from '../../readers/index.js'
import type { Packet } from './packet.js'
import { type Among, numberOf } from './ranges.js'

/** Whether a packet is as a rule asks. */
export type Answer = 'yes' | 'no' | 'unknown'

/** A question to a packet. */
export type Ask = (packet: Packet) => Answer

/** What a term asks, and whether all packets of a kind ({@link kindOf}) answer alike. */
export interface Question {
  readonly ask: Ask
  readonly ofKind: boolean
}

/** The addresses that a rule names, `null` where one of them is none. */
export type Sets = (texts: readonly string[]) => Among | null

const yes: Ask = () => 'yes'
const no: Ask = () => 'no'
const unknown: Ask = () => 'unknown'

/** What a term asks, taken apart once for all packets. Verdicts ask nothing and are not known here. */
export const questionOf = (term: NftTerm, sets: Sets): Question => ({
  ask: askOf(term, sets),
  ofKind: term.kind === 'match' ? !/^(ip|ip6|ether) |^@th,176,48$/.test(term.field) : term.kind !== 'bits',
})

const askOf = (term: NftTerm, sets: Sets): Ask => {
  if (term.kind === 'other') return yes
  if (term.kind === 'bits') return bitsAsk(term)
  if (term.kind !== 'match') return unknown
  const { field, not, among } = term
  const [inside, outside]: readonly [Answer, Answer] = not ? ['no', 'yes'] : ['yes', 'no']
  /** Whether a value is one of those named; a packet that has none is not asked. */
  const one = (partOf: (packet: Packet) => string | null): Ask => {
    const [first, ...more] = among
    if (more.length === 0)
      return packet => {
        const value = partOf(packet)
        return value === null ? 'no' : value === first ? inside : outside
      }
    const all = new Set(among)
    return packet => {
      const value = partOf(packet)
      return value === null ? 'no' : all.has(value) ? inside : outside
    }
  }
  switch (field) {
    case 'iifname':
      return one(packet => packet.iif)
    case 'oifname':
      return one(packet => packet.oif)
    case 'ip saddr':
    case 'ip daddr':
    case 'ip6 saddr':
    case 'ip6 daddr': {
      const family = field.startsWith('ip ') ? 'ipv4' : 'ipv6'
      const set = sets(among)
      const answer = (address: string): Answer =>
        familyOf(address) !== family ? 'no' : !set ? 'unknown' : set(address) ? inside : outside
      return field.endsWith('saddr') ? packet => answer(packet.from) : packet => answer(packet.to)
    }
    case 'ether saddr':
      return one(packet => packet.mac)
    case 'ether saddr . ip saddr':
    case 'ether saddr . ip6 saddr':
      return one(packet => (packet.mac === null ? null : `${packet.mac} . ${packet.from}`))
    case 'meta nfproto':
      return one(packet => familyOf(packet.from))
    case 'meta l4proto':
      return one(packet =>
        packet.protocol !== 'icmp' ? packet.protocol : familyOf(packet.from) === 'ipv4' ? 'icmp' : 'icmpv6',
      )
    case 'tcp dport':
    case 'udp dport': {
      const asked = one(packet => `${packet.port}`)
      return packet => (field.startsWith(packet.protocol) ? asked(packet) : 'no')
    }
    case '@th,96,24':
      return one(packet => packet.vxlan?.vni ?? null)
    case '@th,176,48':
      return one(packet => (packet.vxlan ? `0x${packet.vxlan.mac.replaceAll(':', '')}` : null))
    case 'ct state':
      return one(packet => packet.state)
    // Nothing here was rewritten on its way in.
    case 'ct status':
      return among.every(word => word === 'dnat') ? constant(outside) : unknown
    // Every packet comes by the interface that its answer would go by.
    case 'fib saddr . iif oif':
      return among.every(word => word === 'missing') ? constant(outside) : unknown
    case 'fib daddr . iif type': {
      const local = among.includes('local')
      return packet => (packet.home && local ? inside : outside)
    }
    // What is asked about are router advertisements, redirects and neighbors, none of which is sent here.
    case 'icmp type':
    case 'icmpv6 type':
      return among.every(word => /^nd-|^redirect$/.test(word)) ? constant(outside) : unknown
    default:
      return unknown
  }
}

const constant = (answer: Answer): Ask => (answer === 'yes' ? yes : no)

const bitsAsk = (term: NftTerm & { kind: 'bits' }): Ask => {
  if (!/^ip6? [sd]addr$/.test(term.field)) return unknown
  const family = term.field.startsWith('ip ') ? 'ipv4' : 'ipv6'
  const source = term.field.endsWith('saddr')
  const [mask, value] = [numberOf(term.mask), numberOf(term.value)]
  return packet => {
    const address = source ? packet.from : packet.to
    if (familyOf(address) !== family) return 'no'
    const number = numberOf(address)
    if (number === null || mask === null || value === null) return 'unknown'
    return (number & mask) === value ? 'yes' : 'no'
  }
}
