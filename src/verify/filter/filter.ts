import { familyOf } from '../../net/index.js'
import type { FileText, NftChain, NftReader, NftRule, NftTerm } from '../../readers/index.js'
import { type Among, amongOf, type Numbers, numberOf } from './ranges.js'

/** What of a packet the rules look at. */
export interface Packet {
  readonly iif: string
  readonly oif: string
  readonly from: string
  readonly to: string
  readonly protocol: 'icmp' | 'udp' | 'tcp'
  readonly port: number | null
  /** Where its frame comes from, on the overlay. */
  readonly mac: string | null
  /** What is in it, where it is VXLAN. */
  readonly vxlan: { readonly vni: string; readonly mac: string } | null
  readonly state: 'new' | 'established'
  /** Whether the interface it came by has its destination. */
  readonly home: boolean
}

/** Where a packet is looked at: nft(8), HOOKS. */
export type Hook = 'prerouting' | 'input' | 'forward' | 'output'

/** What becomes of a packet, and which rule says so, if one does. */
export interface Verdict {
  readonly verdict: 'passes' | 'fails' | 'unknown'
  readonly rule: NftRule | null
}

/** The packet filter of a node. */
export interface Filter {
  at(hook: Hook, packet: Packet): Verdict
  /** Whether the source stays as it is when the packet leaves, gives way to the node's own, or no rule says. */
  source(packet: Packet): {
    readonly becomes: 'kept' | 'hidden' | 'unsaid' | 'unknown'
    readonly rule: NftRule | null
  }
  /** Names of interfaces that a rule asks for. */
  names(): ReadonlySet<string>
  /** All rules, for whoever looks for one. */
  rules(): readonly NftRule[]
}

const passes: Verdict = { verdict: 'passes', rule: null }

type Answer = 'yes' | 'no' | 'unknown'

/** What a run through a chain ends with. */
interface End {
  readonly verb: 'accept' | 'drop' | 'return' | 'unknown'
  readonly rule: NftRule | null
}

/** Reads tables of nftables and runs packets through them; rules that are not known make it say that it does not know. */
export const filterOf = (files: readonly FileText[], numbers: Numbers, readNft: NftReader): Filter | null => {
  const sets = setsBy(numbers)
  const read = files.map(({ file, text }) => readNft(file, text))
  const tables = read.flatMap(one => one.tables).filter(({ name }) => /^(inet|ip|ip6) /.test(name))
  const unread = read.flatMap(one => one.unread)
  if (tables.length === 0 && unread.length === 0) return null
  const bases = tables.flatMap(table =>
    [...table.chains.values()].filter(({ hook }) => hook !== null).map(chain => ({ table, chain })),
  )
  const byHook = (hook: string, type: string) =>
    bases
      .filter(({ chain }) => chain.hook === hook && chain.type === type)
      .sort((a, b) => a.chain.priority - b.chain.priority)
  const hooks = new Map(
    (['prerouting', 'input', 'forward', 'output'] as const).map(hook => [hook, byHook(hook, 'filter')]),
  )
  const leaving = byHook('postrouting', 'nat')
  const rules = tables.flatMap(({ chains }) => [...chains.values()].flatMap(chain => chain.rules))
  const doubt: Verdict | null =
    unread[0] === undefined
      ? null
      : { verdict: 'unknown', rule: { text: 'what is not understood', span: unread[0], terms: [] } }
  return {
    at(hook, packet) {
      let said = doubt ?? passes
      for (const { table, chain } of hooks.get(hook) ?? []) {
        if (!isFor(table.name, packet)) continue
        const end = run({ chains: table.chains, sets }, chain, packet)
        if (end.verb === 'drop') return { verdict: 'fails', rule: end.rule }
        if (end.verb === 'unknown') said = { verdict: 'unknown', rule: end.rule }
        else if (said.verdict === 'passes' && end.rule) said = { verdict: 'passes', rule: end.rule }
        if (end.verb === 'return' && chain.policy === 'drop')
          return { verdict: 'fails', rule: { text: 'policy drop', span: chain.span, terms: [] } }
      }
      return said
    },
    source(packet) {
      for (const { table, chain } of leaving) {
        if (!isFor(table.name, packet)) continue
        for (const rule of chain.rules) {
          const said = sourceSaid(rule, packet, sets)
          if (said === 'done') break
          if (said !== null) return { becomes: said, rule }
        }
      }
      return { becomes: doubt ? 'unknown' : 'unsaid', rule: doubt?.rule ?? null }
    },
    names: () =>
      new Set(
        rules.flatMap(({ terms }) =>
          terms.flatMap(term => (term.kind === 'match' && /^[io]ifname$/.test(term.field) ? term.among : [])),
        ),
      ),
    rules: () => rules,
  }
}

const isFor = (table: string, { from }: Packet): boolean =>
  table.startsWith('inet ') || (familyOf(from) === 'ipv4' ? 'ip' : 'ip6') === table.split(' ')[0]

const sourceSaid = (
  rule: NftRule,
  packet: Packet,
  sets: Sets,
): 'kept' | 'hidden' | 'unknown' | 'done' | null => {
  for (const term of rule.terms) {
    if (term.kind === 'source') return term.becomes
    if (term.kind === 'verdict') return 'done'
    const answer = asked(term, packet, sets)
    if (answer === 'no') return null
    if (answer === 'unknown') return 'unknown'
  }
  return null
}

const run = (table: Table, { rules }: NftChain, packet: Packet, depth = 0): End => {
  // nft refuses circles; a file may have one all the same.
  if (depth > 16) return { verb: 'unknown', rule: rules[0] ?? null }
  let doubt: NftRule | null = null
  for (const rule of rules) {
    const end = decide(table, rule, packet, depth)
    if (end === null) continue
    if (end.verb !== 'unknown') return doubt && end.verb !== 'drop' ? { verb: 'unknown', rule: doubt } : end
    doubt ??= end.rule
  }
  return doubt ? { verb: 'unknown', rule: doubt } : { verb: 'return', rule: null }
}

/** What a rule decides, or `null` where the next one is asked. */
const decide = (table: Table, rule: NftRule, packet: Packet, depth: number): End | null => {
  for (const term of rule.terms) {
    const verdict = term.kind === 'verdict' ? term : term.kind === 'map' ? mapped(term, packet) : undefined
    if (verdict === undefined) {
      const answer = asked(term, packet, table.sets)
      if (answer === 'no') return null
      if (answer === 'unknown') return { verb: 'unknown', rule }
      continue
    }
    if (verdict === null) return null
    if (verdict.verb === 'accept' || verdict.verb === 'drop' || verdict.verb === 'return')
      return { verb: verdict.verb, rule }
    const chain = table.chains.get(verdict.chain)
    if (!chain) return { verb: 'unknown', rule }
    const end = run(table, chain, packet, depth + 1)
    if (end.verb !== 'return') return end.rule ? end : { ...end, rule }
    return verdict.verb === 'goto' ? { verb: 'return', rule } : null
  }
  return null
}

const mapped = (term: NftTerm & { kind: 'map' }, packet: Packet) => {
  const value =
    term.field === 'ether saddr' ? packet.mac : /saddr$/.test(term.field) ? packet.from : packet.to
  return (value !== null && term.entries.get(value)) || null
}

/** The addresses that a rule names, `null` where one of them is none. */
type Sets = (texts: readonly string[]) => Among | null

/** A list that many rules name is read once. */
const setsBy = (numbers: Numbers): Sets => {
  const known = new Map<readonly string[], Among | null>()
  return texts => {
    const found = known.get(texts)
    if (found !== undefined) return found
    const among = amongOf(texts, numbers)
    known.set(texts, among)
    return among
  }
}

/** What chains are run in. */
interface Table {
  readonly chains: ReadonlyMap<string, NftChain>
  readonly sets: Sets
}

/** Whether the packet is as the term asks. */
const asked = (term: NftTerm, packet: Packet, sets: Sets): Answer => {
  if (term.kind === 'other') return 'yes'
  if (term.kind === 'bits') return bitsAsked(term, packet)
  if (term.kind !== 'match') return 'unknown'
  const { field, not, among } = term
  const said = (holds: boolean): Answer => (holds !== not ? 'yes' : 'no')
  const one = (value: string | null): Answer => (value === null ? 'no' : said(among.includes(value)))
  switch (field) {
    case 'iifname':
      return one(packet.iif)
    case 'oifname':
      return one(packet.oif)
    case 'ip saddr':
    case 'ip daddr':
    case 'ip6 saddr':
    case 'ip6 daddr': {
      const address = field.endsWith('saddr') ? packet.from : packet.to
      if ((familyOf(address) === 'ipv4') !== field.startsWith('ip ')) return 'no'
      const set = sets(among)
      return set ? said(set(address)) : 'unknown'
    }
    case 'ether saddr':
      return one(packet.mac)
    case 'ether saddr . ip saddr':
    case 'ether saddr . ip6 saddr':
      return one(packet.mac === null ? null : `${packet.mac} . ${packet.from}`)
    case 'meta nfproto':
      return one(familyOf(packet.from))
    case 'meta l4proto':
      return packet.protocol === 'icmp'
        ? one(familyOf(packet.from) === 'ipv4' ? 'icmp' : 'icmpv6')
        : one(packet.protocol)
    case 'tcp dport':
    case 'udp dport':
      return field.startsWith(packet.protocol) ? one(`${packet.port}`) : 'no'
    case '@th,96,24':
      return one(packet.vxlan?.vni ?? null)
    case '@th,176,48':
      return one(packet.vxlan ? `0x${packet.vxlan.mac.replaceAll(':', '')}` : null)
    case 'ct state':
      return one(packet.state)
    // Nothing here was rewritten on its way in.
    case 'ct status':
      return among.every(word => word === 'dnat') ? said(false) : 'unknown'
    // Every packet comes by the interface that its answer would go by.
    case 'fib saddr . iif oif':
      return among.every(word => word === 'missing') ? said(false) : 'unknown'
    case 'fib daddr . iif type':
      return said(packet.home && among.includes('local'))
    // What is asked about are router advertisements, redirects and neighbors, none of which is sent here.
    case 'icmp type':
    case 'icmpv6 type':
      return among.every(word => /^nd-|^redirect$/.test(word)) ? said(false) : 'unknown'
    default:
      return 'unknown'
  }
}

const bitsAsked = (term: NftTerm & { kind: 'bits' }, packet: Packet): Answer => {
  if (!/^ip6? [sd]addr$/.test(term.field)) return 'unknown'
  const address = term.field.endsWith('saddr') ? packet.from : packet.to
  if ((familyOf(address) === 'ipv4') !== term.field.startsWith('ip ')) return 'no'
  const [number, mask, value] = [address, term.mask, term.value].map(numberOf)
  if (typeof number !== 'bigint' || typeof mask !== 'bigint' || typeof value !== 'bigint') return 'unknown'
  return (number & mask) === value ? 'yes' : 'no'
}
