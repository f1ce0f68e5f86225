import type { ReportedLine } from './report.js'

/** What a line of `--status` is about, as far as its cause may be elsewhere. */
export type Kind =
  | 'files'
  | 'absent'
  | 'daemon'
  | 'tunnel'
  | 'mtu'
  | 'cut'
  | 'peer'
  | 'session'
  | 'hop'
  | 'routing'
  | 'host'
  | 'other'

/** The beginnings of such lines; the name of a peer is taken out. A test holds them against docs/status.md. */
export const beginnings: readonly (readonly [kind: Kind, pattern: RegExp])[] = [
  ['files', /^files: /],
  ['absent', /^tunnel: \S+ is not up$/],
  ['tunnel', /^tunnel: not as in /],
  ['mtu', /^(?:tunnel|overlay): the MTU of /],
  ['cut', /^path: this host cut packets up/],
  ['peer', /^(?:handshake with|path to|endpoint of|name of) (?<peer>[^ :]+):/],
  ['session', /^(?:BGP|EVPN) (?<peer>\S+) \(/],
  ['hop', /^BGP: the next hop to /],
  ['daemon', /^\S+ does not run$/],
  ['daemon', /^FRR is not installed$/],
  ['daemon', /^systemd-networkd: not running$/],
  ['daemon', /^\S+ does not answer$/],
  ['routing', /^FRR (?:runs with other lines|does not know|cannot be compared)/],
]

/** Tools that bridges of containers, names and starting at boot are for: no other node notices. */
const aside = ['lxd', 'incus', 'hosts', 'boot']

/** A line that is not as it should be. */
export interface BadLine {
  readonly kind: Kind
  /** The peer that it is about. */
  readonly peer: string | null
  readonly text: string
  readonly part: string
}

export const badLine = ({ part, text }: ReportedLine): BadLine => {
  for (const [kind, pattern] of beginnings) {
    const found = pattern.exec(text)
    if (found) return { kind, peer: found.groups?.peer ?? null, text, part }
  }
  return { kind: aside.includes(part) ? 'other' : 'host', peer: null, text, part }
}
