import { type Diagnostic, type Result, resultOf, type Span } from '../../diagnostics/index.js'
import { type Address, type Asn, type Prefix, parseAddress, parseAsn } from '../../net/index.js'
import type { Source } from '../../parse/parse.js'
import { prefixIn, shown } from '../values.js'

/** What a frr.conf says about BGP, and what it says beside that. */
export interface FrrFacts {
  readonly file: string
  readonly span: Span
  readonly hostname: string | null
  readonly asn: Asn
  readonly routerId: Address | null
  readonly neighbors: ReadonlyMap<Address, FrrPeer>
  readonly networks: readonly Prefix[]
  /** Places of the template that nobody filled in. */
  readonly unfilled: readonly string[]
  readonly passwords: number
  /** Lines that have no equivalent, without secrets. */
  readonly rest: readonly string[]
}

export interface FrrPeer {
  readonly remoteAs: string | null
  readonly reflectorClient: boolean
}

/** Lines that ciab-gen writes in its own way or that say nothing: no loss. */
const known = [
  /^(frr (version|defaults)|service integrated-vtysh-config|log syslog|line vty|exit|end|exit-address-family|no ipv6 forwarding)\b/,
  /^(no )?bgp (log-neighbor-changes|default ipv4-unicast)\b/,
  /^address-family ipv[46] unicast$/,
  /^neighbor \S+ (activate|update-source|peer-group|description|timers|next-hop-self|bfd)\b/,
  /^neighbor \S+ remote-as\b/,
  /^neighbor CIAB prefix-list own out$/,
  /^ipv?6? route \S+ (blackhole|Null0)\b/i,
  // ciab-gen's own.
  /^neighbor \S+ prefix-list (from-\S+ in|own out)$/,
  /^ipv?6? prefix-list (from-\S+|own) seq\b/,
  /^(bfd|profile ciab|peer \S+ multihop local-address \S+|(transmit|receive)-interval \d+)$/,
]

/** Reads a frr.conf as vtysh does: a line is a command, indentation means nothing. */
export const readFrr = ({ file, text }: Source): Result<FrrFacts> => {
  const diagnostics: Diagnostic[] = []
  const neighbors = new Map<Address, { remoteAs: string | null; reflectorClient: boolean }>()
  const networks: Prefix[] = []
  const unfilled: string[] = []
  const rest: string[] = []
  let hostname: string | null = null
  let asn: Asn | null = null
  let routerId: Address | null = null
  let passwords = 0
  let span: Span = { file, line: 1, column: 1, length: 1 }
  const read = (raw: string, index: number): void => {
    const line = raw.trim().replace(/\s+/g, ' ')
    if (line === '' || /^[!#]/.test(line)) return
    const words = line.split(' ')
    const here: Span = { file, line: index + 1, column: 1, length: Math.max(1, raw.trimEnd().length) }
    if (/^(enable )?password\b|\bpassword\b/.test(line)) passwords++
    else if (line.includes('<')) unfilled.push(line)
    else if (words[0] === 'hostname') hostname = words[1] ?? null
    else if (line.startsWith('router bgp ')) {
      const parsed = parseAsn(words[2] ?? '')
      if (words.length > 3) rest.push(line)
      else if (!parsed.ok)
        diagnostics.push(
          error('import-syntax', parsed.message, here, parsed.hint ?? 'write router bgp 64512'),
        )
      else if (asn !== null && asn !== parsed.value)
        diagnostics.push(error('import-conflict', 'the file has two AS numbers', here, 'keep one of the two'))
      else asn = parsed.value
      span = here
    } else if (line.startsWith('bgp router-id ')) {
      const address = parseAddress(words[2] ?? '')
      if (address.ok) routerId = address.value
      else unfilled.push(line)
    } else if (words[0] === 'network' && asn !== null) {
      const prefix = prefixIn(words[1] ?? '')
      if (prefix && words[1]?.includes('/')) networks.push(prefix)
      else unfilled.push(line)
      if (words.length > 2) rest.push(line)
    } else {
      const address = words[0] === 'neighbor' ? parseAddress(words[1] ?? '') : null
      if (address?.ok) {
        const peer = neighbors.get(address.value) ?? { remoteAs: null, reflectorClient: false }
        if (words[2] === 'remote-as') peer.remoteAs = words[3] ?? null
        if (words[2] === 'route-reflector-client') peer.reflectorClient = true
        neighbors.set(address.value, peer)
        if (words[2] === 'route-reflector-client') return
      } else if (words[0] === 'neighbor' && /^[0-9.]+$/.test(words[1] ?? '')) {
        unfilled.push(line)
        return
      }
      if (!known.some(pattern => pattern.test(line))) rest.push(line)
    }
  }
  text.slice(0, largest).split(/\r?\n/).forEach(read)
  if (asn === null && diagnostics.length === 0)
    diagnostics.push(
      error('import-kind', 'the file has no "router bgp"', span, 'give the /etc/frr/frr.conf of each node'),
    )
  return resultOf(diagnostics, () => ({
    file,
    span,
    hostname,
    asn: asn as unknown as Asn,
    routerId,
    neighbors,
    networks: [...new Set(networks)],
    unfilled: unfilled.map(shown),
    passwords,
    rest: rest.map(shown),
  }))
}

const largest = 1024 * 1024

const error = (code: Diagnostic['code'], message: string, span: Span, hint: string): Diagnostic => ({
  severity: 'error',
  code,
  message,
  span,
  hint,
})
