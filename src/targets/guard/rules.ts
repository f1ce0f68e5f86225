import type { PolicyEnd, PolicyPlan, PolicyPoint, PolicyRow, Traffic } from '../../model/policy-plan.js'
import { familyOf, type Prefix } from '../../net/index.js'
import type { View } from '../../render/template.js'

/** The chain of a point: rows with the same reason below one comment. */
export const rulesAt = (policy: PolicyPlan, point: PolicyPoint, inside: readonly string[]): View[] => {
  const groups: { because: string; lines: string[] }[] = []
  for (const row of policy.rows) {
    if (row.at !== point) continue
    const lines = linesOf(row, policy, inside)
    if (lines.length === 0) continue
    const last = groups.at(-1)
    const [line] = lines
    // An answer and what was published are both of connections that were let in before.
    if (last?.because === row.because && row.what?.kind === 'published')
      last.lines.push(`${last.lines.pop()}; ${line}`)
    else if (last?.because === row.because) last.lines.push(...lines)
    else groups.push({ because: row.because, lines })
  }
  return groups
}

/** Of names of interfaces. */
export const quotedSet = (names: readonly string[]): string => setOf(names.map(name => `"${name}"`))

/** An anonymous set, or the one member alone. */
export const setOf = (members: readonly string[]): string =>
  members.length === 1 ? `${members[0]}` : `{ ${members.join(', ')} }`

export const families = [
  { ip: 'ip', family: 'ipv4', digit: '4' },
  { ip: 'ip6', family: 'ipv6', digit: '6' },
] as const

type Family = (typeof families)[number]['family']

/** Sets that stand at the top of the file, each with what it is; the others stand in their rules. */
const definedSets: Readonly<Record<string, string>> = {
  mesh: "Every address of the mesh: nodes' and containers'.",
  local: "This node's container networks.",
  own: "This node's container networks, and those of its segments.",
  masqueraded: "Container networks that are behind this host's address on the internet.",
  announced: 'What this node announces besides its containers.',
  speaking: 'What is behind this node: its containers, its segments, and what it announces besides.',
  clients: 'Clients that this node carries.',
  exiting: 'Those that go out by it.',
  beside: 'What is next to a host, and not the internet.',
  relayed: 'What belongs to the nodes that this one forwards between.',
  metadata: 'Where clouds tell a machine about itself.',
  sessions: 'Nodes that this one has BGP sessions with.',
  'evpn sessions': 'Nodes that this one has EVPN sessions with.',
}

/** What a set at the top of the file is, or `null` for one that stands in its rules: nothing comes into it with a node. */
export const aboutSet = (set: string): string | null => {
  if (set.startsWith('members of ')) return `VTEPs of the other ${set}.`
  if (set.startsWith('at ')) return `What a host has for an address ${set}.`
  if (set.startsWith('kept from '))
    return `Clients that segment ${set.slice('kept from '.length)} is shut to.`
  if (set.startsWith('segment ')) return `What is on ${set}.`
  if (set.startsWith('entering ')) return `Clients that enter ${set.slice('entering '.length)}.`
  if (set.startsWith('networks of ')) return `What they enter of ${set.slice('networks of '.length)}.`
  return definedSets[set] ?? null
}

/** Sets of what is behind the node. The others grow with the mesh. */
const behind = ['local', 'own', 'masqueraded', 'announced', 'speaking']

/** Whether members come and go with other nodes: such a set has a line for each, so that a new one only inserts. */
export const growsWithNodes = (set: string): boolean =>
  ![...behind, 'metadata', 'beside'].includes(set) && !set.startsWith('at ')

/** The set whose variable has the members of a family: of those that have the same ones the first stands for all. */
export const standsFor = (policy: PolicyPlan, set: string, family: Family): string => {
  const members = String(membersOf(policy, set, family))
  const same = behind.filter(
    other => other in policy.sets && String(membersOf(policy, other, family)) === members,
  )
  return behind.includes(set) ? (same[0] ?? set) : set
}

/** The name of a set's variable. */
export const variable = (set: string, digit: string): string =>
  `${set.replaceAll(' ', '_')}${set.includes(' ') ? '_' : ''}${digit}`

/**
 * The rules of a row: one line, with a rule for each kind of packet and each family in it. nft has no empty sets: within
 * one is nobody, and outside it everybody of the family.
 */
const linesOf = (
  { from, to, what, ...row }: PolicyRow,
  policy: PolicyPlan,
  inside: readonly string[],
): string[] => {
  const on = [interfaces('iifname', from, inside), interfaces('oifname', to, inside)]
  const ends = addresses(from, to, policy)
  const verdictOf = row.verdict === 'pass' ? 'return' : 'drop'
  const rules = matchesOf(what, policy).flatMap(match => {
    const verdict = match.includes('goto ') ? '' : verdictOf
    return ends.map(end => [...on, ...end, match, verdict].filter(word => word !== '').join(' '))
  })
  return rules.length > 0 ? [rules.join('; ')] : []
}

const interfaces = (word: 'iifname' | 'oifname', { on }: PolicyEnd, inside: readonly string[]): string => {
  if (on === undefined) return ''
  return `${word} ${String(on) === String(inside) ? '$inside' : quotedSet(on)}`
}

/** The words about addresses for each family that the row can be about. */
const addresses = (from: PolicyEnd, to: PolicyEnd, policy: PolicyPlan): string[][] => {
  if ([from.within, from.outside, to.within, to.outside].every(set => set === undefined)) return [['']]
  return families.flatMap(({ ip, family, digit }) => {
    const words = [...side('saddr', from), ...side('daddr', to)]
    if (words.includes(null)) return []
    return [words.length > 0 ? (words as string[]) : [`meta nfproto ${family}`]]

    function side(field: string, { within, outside }: PolicyEnd): (string | null)[] {
      const inside = within === undefined ? [] : [setIn(within)]
      const beyond = outside === undefined ? null : setIn(outside)
      return [
        ...inside.map(set => set && `${ip} ${field} ${set}`),
        ...(beyond === null ? [] : [`${ip} ${field} != ${beyond}`]),
      ]
    }

    function setIn(set: string): string | null {
      const members = membersOf(policy, set, family)
      if (members.length === 0) return null
      return aboutSet(set) === null ? setOf(members) : `$${variable(standsFor(policy, set, family), digit)}`
    }
  })
}

/** Of one family. */
export const membersOf = ({ sets }: PolicyPlan, set: string, family: Family): readonly Prefix[] => {
  const members = sets[set]
  if (!members) throw new Error(`the policy has no set "${set}"`)
  return members.filter(prefix => familyOf(prefix) === family)
}

/** What nft calls a kind of packet. */
const matchesOf = (what: Traffic | null, { speakers }: PolicyPlan): string[] => {
  if (what === null) return ['']
  switch (what.kind) {
    case 'answer':
      return ['ct state { established, related }']
    case 'published':
      return ['ct status dnat']
    case 'misrouted':
      return ['fib saddr . iif oif missing']
    case 'elsewhere':
      return ['fib daddr . iif type != { local, broadcast }']
    case 'routers':
      return ['icmpv6 type { nd-router-advert, nd-redirect }', 'icmp type redirect']
    case 'icmp':
      return ['meta l4proto { icmp, icmpv6 }']
    case 'icmpv6':
      return ['meta l4proto icmpv6']
    case 'dhcp':
      return ['udp dport { 67, 547 }']
    case 'resolution':
      return ['ether type arp', 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }']
    case 'sessions':
      return ['tcp dport 179', 'udp dport { 3784, 3785, 4784 }']
    // The VNI is in bits 96 to 119 from the start of the UDP header (RFC 7348).
    case 'vxlan':
      return [`udp dport ${what.port} @th,96,24 ${setOf(what.vnis.map(String))}`]
    case 'overlay':
      return speakers.length === 0 ? [] : [`udp dport ${what.port} @th,96,24 ${what.vni} goto vteps`]
    case 'spoken':
      return ['goto speakers']
  }
}
