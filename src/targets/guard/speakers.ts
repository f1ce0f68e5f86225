import type { PolicyPlan, SpeakerPlan } from '../../model/policy-plan.js'
import {
  type Address,
  addressPart,
  familyOf,
  type InterfaceAddress,
  integerOf,
  type Mac,
} from '../../net/index.js'
import { type Chunk, chunk } from '../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../render/stanzas.js'
import { families, setOf } from './rules.js'

type Part = 'vtep' | 'frames' | 'claims' | 'mac' | 'own' | 'pair' | 'answers4' | 'answers6'

/** What a node's filter says of another on the overlay, a line each; the same on all nodes. */
const stanzas: Stanzas<SpeakerPlan, Part> = {
  vtep: ({ name, vtep }) => `\t\t\t${bare(vtep)} : goto vtep-${name},\n`,
  frames: ({ name, mac }) => chainLine(`vtep-${name}`, [`@th,176,48 ${bits(mac)} return`], 'drop'),
  claims: ({ addresses }) => elements(raw(addresses.filter(address => !isLinkLocal(address)))),
  mac: ({ name, mac }) => `\t\t\t${mac} : goto from-${name},\n`,
  own: ({ name, prefixes, addresses }) => {
    const link = addresses.filter(isLinkLocal)
    return chainLine(
      `from-${name}`,
      [
        ...(link.length > 0
          ? [`icmpv6 type nd-neighbor-advert @th,64,128 != { ${raw(addresses).join(', ')} } jump claims`]
          : []),
        ...families.flatMap(({ ip, family }) => {
          const own = prefixes.filter(prefix => familyOf(prefix) === family)
          return own.length > 0 ? [`${ip} saddr ${setOf(own)} return`] : []
        }),
        ...link.map(address => `meta l4proto icmpv6 ip6 saddr ${address} return`),
      ],
      'goto nameless',
    )
  },
  answers4: ({ mac, answers }) => elements(answers.filter(isIpv4).map(address => `${mac} . ${address}`)),
  answers6: ({ mac, answers }) =>
    elements(answers.filter(address => !isIpv4(address)).map(address => `${mac} . ${address}`)),
  pair: ({ mac, addresses }) => elements(addresses.filter(isIpv4).map(address => `${address} . ${mac}`)),
}

/** A chain that lets pass what its rules say; what is with the others, its end does. */
const chainLine = (name: string, rules: readonly string[], end: string): string =>
  `\tchain ${name} { ${rules.map(rule => `${rule}; `).join('')}${end}; }\n`

/**
 * The chains about the overlay, or nothing where there is none. Maps find a node's own in one step, however many there
 * are; what is about all stands in a chain of its own, since each rule that names a set has a copy of it.
 */
export const overlayChains = (policy: PolicyPlan, cache: StanzaCache): Chunk[] => {
  if (!policy.rows.some(({ what }) => what?.kind === 'spoken')) return []
  if (policy.speakers.length === 0) return [chunk('\tchain speakers {\n\t\tdrop\n\t}\n\n')]
  const { vtep, frames, claims, mac, own, answers4, answers6 } = cache.chunks(stanzas, policy.speakers)
  return [
    chunk(`\t# In frames of the mesh's own VNI a VTEP says its own MAC address (bits 176 to 223 from the UDP header's start).
`),
    ...frames,
    chunk(`\tchain vteps {
\t\tip saddr vmap {
`),
    ...vtep,
    chunk(`\t\t}
\t\tdrop
\t}
\t# With a MAC address come the addresses that belong to it, in what an advertisement says too (RFC 4861, bits 64 to 191).
`),
    ...(claims.length > 0
      ? [
          chunk('\tchain claims {\n\t\t@th,64,16 0xfe80 @th,152,16 0xfffe drop\n\t\t@th,64,128 {\n'),
          ...claims,
          chunk(`\t\t} drop
\t}
\t# A link-local address that is made of a MAC address (RFC 4291, appendix A) is the one's who has that.
`),
        ]
      : []),
    ...namelessChain(
      claims.length > 0,
      policy.fronts ? [answered('ip', answers4), answered('ip6', answers6)].flat() : [],
    ),
    ...own,
    chunk('\tchain speakers {\n\t\tether saddr vmap {\n'),
    ...mac,
    chunk('\t\t}\n\t\tdrop\n\t}\n'),
  ]
}

/** Where a packet goes whose source is none of its sender's on the overlay. */
const namelessChain = (linkLocal: boolean, answers: readonly Chunk[]): Chunk[] =>
  linkLocal || answers.length > 0
    ? [
        chunk('\tchain nameless {\n'),
        ...(linkLocal
          ? [
              chunk(`\t\tip6 saddr & ::ff:ff00:0 == ::ff:fe00:0 drop
\t\tmeta l4proto icmpv6 ip6 saddr { ::, fe80::/10 } return
`),
            ]
          : []),
        ...(answers.length > 0
          ? [
              chunk(
                '\t\t# Who is behind this node asks others by the tunnel, and they answer by the overlay.\n',
              ),
            ]
          : []),
        ...answers,
        chunk('\t\tdrop\n\t}\n'),
      ]
    : [chunk(chainLine('nameless', [], 'drop'))]

const answered = (ip: string, those: readonly Chunk[]): Chunk[] =>
  those.length > 0 ? [chunk(`\t\tether saddr . ${ip} saddr {\n`), ...those, chunk('\t\t} return\n')] : []

/** A table of its own for ARP: it may say of nodes what is so, and nothing of anybody else. */
export const arpTable = (policy: PolicyPlan, overlay: string | null, cache: StanzaCache): Chunk[] => {
  if (overlay === null || policy.speakers.length === 0) return []
  return [
    chunk(`
# On the overlay nobody says by ARP that another's address is his (RFC 826).
table arp ciab
delete table arp ciab
table arp ciab {
\tchain input {
\t\ttype filter hook input priority -10; policy accept;
\t\tiifname != "${overlay}" accept
\t\tarp saddr ip . arp saddr ether {
`),
    ...cache.chunks(stanzas, policy.speakers).pair,
    chunk(`\t\t} accept
\t\t# Who asks whether an address is free has none.
\t\tarp saddr ip 0.0.0.0 accept
\t\tdrop
\t}
}
`),
  ]
}

/** Of a set or map: what there is of one node on one line. */
const elements = (those: readonly string[]): string =>
  those.length > 0 ? `\t\t\t${those.join(', ')},\n` : ''

const isIpv4 = (address: Address): boolean => familyOf(address) === 'ipv4'
const isLinkLocal = (address: Address): boolean => address.startsWith('fe80:')

const bits = (mac: Mac): string => `0x${mac.replaceAll(':', '')}`
/** IPv6 addresses as they stand in a packet. */
const raw = (addresses: readonly Address[]): string[] =>
  addresses.filter(address => !isIpv4(address)).map(address => `0x${integerOf(address).toString(16)}`)
const bare = (prefix: SpeakerPlan['vtep']): string => addressPart(prefix as unknown as InterfaceAddress)
