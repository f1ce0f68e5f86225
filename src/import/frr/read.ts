import { type Diagnostic, type Result, resultOf, type Span } from '../../diagnostics/index.js'
import { type Address, type Asn, type Prefix, parseAddress, parseAsn } from '../../net/index.js'
import type { Source } from '../../parse/parse.js'
import { type FrrLine, readFrr as readLines } from '../../readers/index.js'
import { lengthOf } from '../hooks/ip.js'
import { prefixIn, shown } from '../values.js'

/** What a frr.conf says about BGP in the hosts' own routing table, and what it says beside that. */
export interface FrrFacts {
  readonly file: string
  readonly span: Span
  readonly hostname: string | null
  readonly asn: Asn
  readonly routerId: Address | null
  readonly neighbors: ReadonlyMap<Address, FrrPeer>
  /** From these anybody may open a session. */
  readonly listens: readonly Prefix[]
  readonly networks: readonly Prefix[]
  /** What it announces beside networks that it names: `connected`, `kernel`. */
  readonly redistributes: readonly string[]
  readonly gracefulRestart: boolean
  /** Seconds of keepalive and hold time where all its sessions have the same. */
  readonly timers: string | null
  /** Places of the template that nobody filled in. */
  readonly unfilled: readonly string[]
  readonly passwords: number
  /** Lines that switch forwarding off. */
  readonly closed: readonly string[]
  /** Lines that have no equivalent, without secrets, by what they stand in; '' at the top. */
  readonly rest: ReadonlyMap<string, readonly string[]>
}

export interface FrrPeer {
  remoteAs: string | null
  reflectorClient: boolean
}

/** Lines that ciab-gen writes in its own way or that say nothing: no loss. */
const known = [
  /^(frr (version|defaults)|service integrated-vtysh-config|line vty|end|ip forwarding|ipv6 forwarding)\b/,
  /^log syslog( \w+)?$/,
  /^(no )?bgp (log-neighbor-changes|default ipv[46]-unicast|ebgp-requires-policy|network import-check)\b/,
  /^neighbor \S+ (activate|update-source|peer-group|description|next-hop-self)\b/,
  /^neighbor \S+ (bfd( profile ciab)?|timers connect 1)$/,
  /^neighbor \S+ remote-as\b/,
  // ciab-gen's own.
  /^neighbor \S+ prefix-list (from-\S+ in|own out)$/,
  /^ipv?6? prefix-list (from-\S+|own) seq\b/,
  /^(bfd|profile ciab|peer \S+ multihop local-address \S+|(transmit|receive)-interval 1000)$/,
]

/** What is gathered while lines are read. */
interface Gathered {
  hostname: string | null
  asn: Asn | null
  routerId: Address | null
  gracefulRestart: boolean
  passwords: number
  span: Span
  readonly timers: Set<string>
  readonly neighbors: Map<Address, FrrPeer>
  readonly listens: Prefix[]
  readonly networks: Prefix[]
  readonly redistributes: string[]
  readonly unfilled: string[]
  readonly closed: string[]
  readonly rest: FrrLine[]
  readonly diagnostics: Diagnostic[]
}

/** Reads a frr.conf. What stands in another routing table or protocol is none of the mesh's. */
export const readFrr = ({ file, text }: Source): Result<FrrFacts> => {
  const all: Gathered = {
    hostname: null,
    asn: null,
    routerId: null,
    gracefulRestart: false,
    passwords: 0,
    span: { file, line: 1, column: 1, length: 1 },
    timers: new Set(),
    neighbors: new Map(),
    listens: [],
    networks: [],
    redistributes: [],
    unfilled: [],
    closed: [],
    rest: [],
    diagnostics: [],
  }
  for (const line of readLines(file, text))
    if (line.within === null) readTop(line, all)
    else if (isOwnBgp(line) && /^$|^ipv[46] unicast$/.test(line.family ?? '')) readBgp(line, all)
    else readElsewhere(line, all)
  if (all.asn === null && all.diagnostics.length === 0)
    all.diagnostics.push(
      error(
        'import-kind',
        'the file has no "router bgp"',
        all.span,
        'give the /etc/frr/frr.conf of each node',
      ),
    )
  const [timers = null] = all.timers
  return resultOf(all.diagnostics, () => ({
    ...all,
    file,
    asn: all.asn as Asn,
    networks: [...new Set(all.networks)],
    timers: all.timers.size === 1 ? timers : null,
    unfilled: all.unfilled.map(shown),
    closed: all.closed,
    rest: restOf(all),
  }))
}

const isOwnBgp = ({ within }: FrrLine): boolean => /^router bgp \S+( as-notation \S+)?$/.test(within ?? '')

/** Lines that a blackhole of one's own network makes are the mesh's to write. */
const restOf = ({ rest, networks, timers }: Gathered): Map<string, string[]> => {
  const lines = new Map<string, string[]>()
  for (const { text, within, family } of rest) {
    const [, prefix = ''] = /^ipv?6? route (\S+) (?:blackhole|Null0)\b/i.exec(text) ?? []
    if (networks.includes(prefixIn(prefix) as Prefix)) continue
    if (timers.size === 1 && /\btimers (bgp )?\d/.test(text)) continue
    const place = [within, family && `address-family ${family}`].filter(Boolean).join(', ')
    lines.set(place, [...(lines.get(place) ?? []), text])
  }
  return lines
}

const readTop = (line: FrrLine, all: Gathered): void => {
  const { text, words, span } = line
  if (/\bpassword\b/.test(text)) all.passwords++
  else if (text.includes('<')) all.unfilled.push(text)
  else if (words[0] === 'hostname') all.hostname = words[1] ?? null
  else if (text.startsWith('router bgp ')) readInstance(line, all)
  else if (/^no (ip|ipv6) forwarding$/.test(text)) all.closed.push(text)
  else if (!known.some(pattern => pattern.test(text)) && !/^(route-map|interface|vrf) /.test(text))
    all.rest.push(line)
  else if (/^route-map /.test(text)) all.rest.push(line)
  if (all.asn === null) all.span = span
}

const readInstance = ({ words, span, text }: FrrLine, all: Gathered): void => {
  const parsed = parseAsn(words[2] ?? '')
  if (!isOwnBgp({ within: text } as FrrLine)) return
  if (!parsed.ok)
    all.diagnostics.push(
      error('import-syntax', parsed.message, span, parsed.hint ?? 'write router bgp 64512'),
    )
  else if (all.asn !== null && all.asn !== parsed.value)
    all.diagnostics.push(error('import-conflict', 'the file has two AS numbers', span, 'keep one of the two'))
  else all.asn = parsed.value
  all.span = span
}

const readElsewhere = (line: FrrLine, all: Gathered): void => {
  if (/\bpassword\b/.test(line.text)) all.passwords++
  else if (isOfOtherBgp(line) || !known.some(pattern => pattern.test(line.text))) all.rest.push(line)
}

/** Sessions of another routing table end, whatever their lines say. */
const isOfOtherBgp = (line: FrrLine): boolean =>
  /^router bgp /.test(line.within ?? '') && !isOwnBgp(line) && line.words[0] === 'neighbor'

const readBgp = (line: FrrLine, all: Gathered): void => {
  const { text, words } = line
  if (/\bpassword\b/.test(text)) {
    all.passwords++
    peerOf(words, all)
  } else if (text.includes('<')) all.unfilled.push(text)
  else if (text.startsWith('bgp router-id ')) {
    const address = parseAddress(words[2] ?? '')
    if (address.ok) all.routerId = address.value
    else all.unfilled.push(text)
  } else if (words[0] === 'network') readNetwork(line, all)
  else if (words[0] === 'neighbor') readNeighbor(line, all)
  else if (/^bgp graceful-restart( restart-time \d+)?$/.test(text)) all.gracefulRestart = true
  else if (/^timers bgp \d+ \d+$/.test(text)) {
    all.timers.add(words.slice(2).join(' '))
    all.rest.push(line)
  } else if (text.startsWith('bgp listen range ')) {
    const range = prefixIn(words[3] ?? '')
    if (!range) all.unfilled.push(text)
    else {
      all.listens.push(range)
      all.rest.push(line)
    }
  } else if (words[0] === 'redistribute' && words[1] === 'connected') all.redistributes.push(text)
  else if (!known.some(pattern => pattern.test(text))) all.rest.push(line)
}

/** `network PREFIX` and `network ADDRESS mask MASK`, which means the same. */
const readNetwork = (line: FrrLine, all: Gathered): void => {
  const { words, text } = line
  const masked = words[2] === 'mask' ? `${words[1]}/${lengthOf(words[3] ?? '')}` : (words[1] ?? '')
  const prefix = masked.includes('/') ? prefixIn(masked) : null
  if (prefix) all.networks.push(prefix)
  else all.unfilled.push(text)
  if (words.length > (words[2] === 'mask' ? 4 : 2)) all.rest.push(line)
}

const peerOf = (words: readonly string[], all: Gathered): FrrPeer | null => {
  const address = parseAddress(words[1] ?? '')
  if (!address.ok) return null
  const peer = all.neighbors.get(address.value) ?? { remoteAs: null, reflectorClient: false }
  all.neighbors.set(address.value, peer)
  return peer
}

const readNeighbor = (line: FrrLine, all: Gathered): void => {
  const { words, text } = line
  const peer = peerOf(words, all)
  if (!peer && /^[0-9.]+$/.test(words[1] ?? '')) {
    all.unfilled.push(text)
    return
  }
  if (peer && words[2] === 'remote-as') peer.remoteAs = words[3] ?? null
  if (peer && words[2] === 'route-reflector-client') {
    peer.reflectorClient = true
    return
  }
  if (words[2] === 'timers' && /^\d+$/.test(words[3] ?? '')) all.timers.add(words.slice(3, 5).join(' '))
  if (!known.some(pattern => pattern.test(text))) all.rest.push(line)
}

const error = (code: Diagnostic['code'], message: string, span: Span, hint: string): Diagnostic => ({
  severity: 'error',
  code,
  message,
  span,
  hint,
})
