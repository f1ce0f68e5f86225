import { familyOf, host, isWithin, numberOf } from './addresses.js'
import { readNftLists } from './nft.js'

/** What of a packet the rules look at. */
export interface Packet {
  readonly iif: string
  readonly oif?: string
  readonly from: string
  readonly to: string
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly port?: number
  /** Of its own frame. */
  readonly mac?: string
  /** What is in it, where it is VXLAN. */
  readonly vxlan?: { readonly vni: number; readonly mac: string }
  readonly state: 'new' | 'established'
  readonly published?: boolean
  /** Whether the host would answer its source by the interface it came from, and has its destination there. */
  readonly routed: boolean
  readonly athome: boolean
}

type Hook = 'prerouting' | 'input' | 'forward'
export type Verdict = 'accept' | 'drop'

/** Runs packets through the rules of a file as nftables would (nft(8)): as much of its language as these files have. */
export const readPacketFilter = (text: string): ((hook: Hook, packet: Packet) => Verdict) => {
  const lists = readNftLists(text)
  const table =
    /\ntable inet ciab \{\n([\s\S]*?)\n\}\n/.exec(
      text.replace('table inet ciab\ndelete table inet ciab\n', ''),
    )?.[1] ?? ''
  const chains = new Map<string, string[]>()
  for (const [, name = '', body = ''] of table.matchAll(/^\tchain (\S+) \{\n([\s\S]*?)\n\t\}$/gm))
    chains.set(name, rulesOf(body))
  for (const [, name = '', body = ''] of table.matchAll(/^\tchain (\S+) \{ (.*); \}$/gm))
    chains.set(name, body.split('; '))
  const members = (words: string): string[] =>
    words.startsWith('$')
      ? (lists.get(words.slice(1)) ?? fail(`no list ${words}`))
      : words
          .replace(/^\{ ?|,? ?\}$/g, '')
          .split(/, ?/)
          .map(word => word.replaceAll('"', ''))
  const run = (chain: string, packet: Packet): Verdict | 'return' => {
    for (const rule of chains.get(chain) ?? fail(`no chain ${chain}`)) {
      const verdict = apply(rule, packet)
      if (verdict !== null) return verdict
    }
    return 'return'
  }
  /** What a rule decides, or `null` where the next one is to be asked. */
  const apply = (rule: string, packet: Packet): Verdict | 'return' | null => {
    let rest = rule
    const take = (pattern: RegExp): RegExpExecArray | null => {
      const found = pattern.exec(rest)
      if (found) rest = rest.slice(found[0].length).trim()
      return found
    }
    for (;;) {
      const set = '(!= )?(\\$[\\w-]+|\\{[^}]*\\}|"[^"]*"|[\\w.:/-]+)'
      const map = take(/^(ip saddr|ip6 saddr|ether saddr) vmap \{([^}]*)\}/)
      if (map) {
        const key = map[1] === 'ether saddr' ? packet.mac : packet.from
        const entry = (map[2] ?? '')
          .split(',')
          .map(one => one.trim().split(' : '))
          .find(([one]) => one === key)
        if (!entry) return null
        const [verb, chain = ''] = (entry[1] ?? '').split(' ')
        const said = run(chain, packet)
        return verb === 'goto' || said !== 'return' ? said : null
      }
      const about = take(
        new RegExp(
          `^(iifname|oifname|ip saddr|ip daddr|ip6 saddr|ip6 daddr|ether saddr \\. ip saddr|ether saddr \\. ip6 saddr|ether saddr|meta nfproto|meta l4proto|tcp dport|udp dport|@th,96,24|@th,176,48|ct state|ct status|icmpv6 type|icmp type|fib saddr . iif oif|fib daddr . iif type) ${set}`,
        ),
      )
      if (about) {
        if (!holds(about[1] ?? '', about[2] !== undefined, members(about[3] ?? ''), packet)) return null
        continue
      }
      const bits = take(/^ip6 saddr & (\S+) == (\S+)/)
      if (bits) {
        const [mask = '', value = ''] = bits.slice(1)
        if (familyOf(packet.from) !== 'ipv6' || (numberOf(packet.from) & numberOf(mask)) !== numberOf(value))
          return null
        continue
      }
      const verdict = take(/^(accept|drop|return|reject.*|jump \S+|goto \S+)$/)?.[1]
      if (verdict === undefined) return fail(`a rule that is not understood: ${rule}: ${rest}`)
      if (verdict.startsWith('jump ') || verdict.startsWith('goto ')) {
        const said = run(verdict.slice(5), packet)
        return verdict.startsWith('goto ') || said !== 'return' ? said : null
      }
      return verdict === 'accept' || verdict === 'return' ? verdict : 'drop'
    }
  }
  return (hook, packet) => {
    const said = run(hook, packet)
    return said === 'return' ? 'accept' : said
  }
}

/** The rules of a chain, of which a line may have several; a set or map in one may have lines of its own. */
const rulesOf = (body: string): string[] => {
  const rules: string[] = []
  let open = ''
  for (const line of body.split('\n').map(text => text.trim())) {
    // Rules about the size of segments decide nothing.
    if (line === '' || /^(#|type )|maxseg size/.test(line)) continue
    open = open === '' ? line : `${open} ${line}`
    if (line.endsWith('{') || (open.includes('{ ') && !open.includes('}'))) continue
    rules.push(...open.split('; '))
    open = ''
  }
  return rules
}

const holds = (what: string, not: boolean, set: readonly string[], packet: Packet): boolean => {
  const within = (address: string, family: 'ipv4' | 'ipv6'): boolean =>
    familyOf(address) === family &&
    set.some(
      prefix =>
        familyOf(prefix) === family && isWithin(host(address), prefix.includes('/') ? prefix : host(prefix)),
    ) !== not
  const among = (value: string | undefined): boolean => value !== undefined && set.includes(value) !== not
  switch (what) {
    case 'iifname':
      return among(packet.iif)
    case 'oifname':
      return among(packet.oif)
    case 'ip saddr':
      return within(packet.from, 'ipv4')
    case 'ip6 saddr':
      return within(packet.from, 'ipv6')
    case 'ip daddr':
      return within(packet.to, 'ipv4')
    case 'ip6 daddr':
      return within(packet.to, 'ipv6')
    case 'ether saddr':
      return among(packet.mac)
    case 'ether saddr . ip saddr':
    case 'ether saddr . ip6 saddr':
      return among(`${packet.mac} . ${packet.from}`)
    case 'meta nfproto':
      return among(familyOf(packet.from))
    case 'meta l4proto':
      return packet.protocol === 'icmp' ? set.some(one => one.startsWith('icmp')) : among(packet.protocol)
    case 'tcp dport':
    case 'udp dport':
      return what.startsWith(packet.protocol) && among(String(packet.port))
    case '@th,96,24':
      return among(packet.vxlan && String(packet.vxlan.vni))
    case '@th,176,48':
      return among(packet.vxlan && `0x${packet.vxlan.mac.replaceAll(':', '')}`)
    case 'ct state':
      return among(packet.state)
    case 'ct status':
      return packet.published === true
    case 'fib saddr . iif oif':
      return !packet.routed
    case 'fib daddr . iif type':
      return packet.athome ? false : not
    // Echo requests have other types than those that the rules name.
    default:
      return false
  }
}

const fail = (what: string): never => {
  throw new Error(what)
}
