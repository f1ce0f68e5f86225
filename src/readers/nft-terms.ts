/** A part of a rule: what it asks of a packet, or what it does to it. */
export type NftTerm =
  | {
      readonly kind: 'match'
      readonly field: string
      readonly not: boolean
      readonly among: readonly string[]
    }
  /** `ip6 saddr & MASK == VALUE`. */
  | { readonly kind: 'bits'; readonly field: string; readonly mask: string; readonly value: string }
  /** A verdict map: which chain, or which verdict, for which value. */
  | { readonly kind: 'map'; readonly field: string; readonly entries: ReadonlyMap<string, NftVerdict> }
  | ({ readonly kind: 'verdict' } & NftVerdict)
  /** Of the source: `kept` as it is, or that of the interface it leaves by. */
  | { readonly kind: 'source'; readonly becomes: 'kept' | 'hidden' }
  /** What changes nothing about where a packet goes. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unknown'; readonly text: string }

/** What becomes of a packet, and which chain it goes to. */
export interface NftVerdict {
  readonly verb: 'accept' | 'drop' | 'return' | 'jump' | 'goto'
  readonly chain: string
}

/** What a rule may ask about, longest first: nft(8), EXPRESSIONS. Bits of the transport header have their place in it. */
const fields = [
  'arp saddr ip . arp saddr ether',
  'ether saddr . ip saddr',
  'ether saddr . ip6 saddr',
  'fib saddr . iif oif',
  'fib daddr . iif type',
  ...['ip', 'ip6'].flatMap(ip => [`${ip} saddr`, `${ip} daddr`]),
  'ether saddr',
  'ether type',
  'arp saddr ip',
  'meta nfproto',
  'meta l4proto',
  'tcp dport',
  'udp dport',
  'ct state',
  'ct status',
  'icmpv6 type',
  'icmp type',
  'vlan id',
  'iifname',
  'oifname',
]

const changes = [
  /^tcp flags & \( syn \| rst \) == syn tcp option maxseg size set rt mtu$/,
  /^tcp flags & \(syn \| rst\) == syn tcp option maxseg size set rt mtu$/,
  /^counter$/,
]

/** Takes a rule apart. What is not known here becomes one `unknown` term, and the rest of the rule with it. */
export const termsOf = (
  words: readonly string[],
  lists: ReadonlyMap<string, readonly string[]>,
): readonly NftTerm[] => {
  const terms: NftTerm[] = []
  let rest = words
  while (rest.length > 0) {
    const taken = termAt(rest, lists)
    if (!taken) return [...terms, { kind: 'unknown', text: rest.join(' ') }]
    terms.push(taken[0])
    rest = rest.slice(taken[1])
  }
  return terms
}

/** A term and how many words it takes. */
const termAt = (
  words: readonly string[],
  lists: ReadonlyMap<string, readonly string[]>,
): readonly [NftTerm, number] | null => {
  const verdict = verdictOf(words)
  if (verdict) return [{ kind: 'verdict', ...verdict[0] }, verdict[1]]
  const said = words.join(' ')
  if (changes.some(change => change.test(said))) return [{ kind: 'other' }, words.length]
  if (/^snat (ip|ip6) to \1 saddr$/.test(said)) return [{ kind: 'source', becomes: 'kept' }, words.length]
  if (words[0] === 'masquerade') return [{ kind: 'source', becomes: 'hidden' }, 1]
  const bit = /^@th,\d+,\d+$/.test(words.slice(0, 5).join('')) ? 5 : 0
  const field = bit > 0 ? words.slice(0, 5).join('') : fields.find(one => said.startsWith(`${one} `))
  if (field === undefined) return null
  const length = bit > 0 ? bit : field.split(' ').length
  const after = words.slice(length)
  if (after[0] === '&' && after[2] === '==' && after[3] !== undefined)
    return [{ kind: 'bits', field, mask: after[1] as string, value: after[3] }, length + 4]
  if (after[0] === 'vmap') {
    const [members, size] = membersOf(after.slice(1), lists) ?? []
    if (!members || size === undefined) return null
    const entries = members.map(member => {
      const [key = '', value] = member.split(' : ')
      return [written(field, key), value] as const
    })
    const read = entries.map(([key, value]) => [key, verdictOf((value ?? '').split(' '))?.[0]] as const)
    return read.every((one): one is readonly [string, NftVerdict] => one[1] !== undefined)
      ? [{ kind: 'map', field, entries: new Map(read) }, length + 1 + size]
      : null
  }
  const not = after[0] === '!='
  const operator = not || after[0] === '==' ? 1 : 0
  const [among, size] = membersOf(after.slice(operator), lists) ?? []
  if (!among || size === undefined) return null
  // A list that many rules name stays one.
  const members = /ether/.test(field) ? among.map(member => written(field, member)) : among
  return [{ kind: 'match', field, not, among: members }, length + operator + size]
}

/** MAC addresses may be written in any case. */
const written = (field: string, value: string): string => (/ether/.test(field) ? value.toLowerCase() : value)

const verdictOf = (all: readonly string[]): readonly [NftVerdict, number] | null => {
  const [verb, chain] = all
  if (verb === 'accept' || verb === 'drop' || verb === 'return') return [{ verb, chain: '' }, 1]
  if (verb === 'reject') return [{ verb: 'drop', chain: '' }, all.length]
  if ((verb === 'jump' || verb === 'goto') && chain !== undefined) return [{ verb, chain }, 2]
  return null
}

/** A set in braces, a variable, or one value; and how many words it takes. */
const membersOf = (
  words: readonly string[],
  lists: ReadonlyMap<string, readonly string[]>,
): readonly [readonly string[], number] | null => {
  const [first] = words
  if (first === undefined) return null
  const bare = (word: string): string => word.replace(/^"|"$/g, '')
  if (first.startsWith('$')) {
    const list = lists.get(first.slice(1))
    return list ? [list, 1] : null
  }
  if (first !== '{') return [[bare(first)], 1]
  const end = words.indexOf('}')
  if (end < 0) return null
  const members: string[] = []
  let open: string[] = []
  for (const word of [...words.slice(1, end), ',']) {
    if (word !== ',') open.push(bare(word))
    else if (open.length > 0) {
      members.push(open.join(' '))
      open = []
    }
  }
  return [members, end + 1]
}
