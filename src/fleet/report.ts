/**
 * What `sh /etc/ciab/apply.sh --status --json` says of one node, version 1. Times are by that node's own clock, in
 * seconds since 1970.
 */
export interface NodeReport {
  readonly version: 1
  /** The mesh's name, and the node's, as in mesh.ini. */
  readonly mesh: string
  readonly node: string
  /** Whether no line is `bad`, and every tool answered. */
  readonly sound: boolean
  /** The sum (SHA-256) of `/etc/ciab/tree.sha256`, which tells the tree that was copied; `null` without that file. */
  readonly tree: string | null
  /** The same of the tree that was applied last; `null` before the first time. */
  readonly applied: string | null
  /** When that was first done. */
  readonly appliedAt: number | null
  /** When it was asked. */
  readonly time: number
  /** Tools that did not answer in time. */
  readonly silent: readonly string[]
  /** The WireGuard interface, or `null` where there is none, or it cannot be compared. */
  readonly tunnel: ReportedTunnel | null
  /** The peers that the interface has. */
  readonly peers: readonly ReportedPeer[]
  /** The sessions that frr.conf asks for. */
  readonly sessions: readonly ReportedSession[]
  /** What is said for people, in the same order. */
  readonly lines: readonly ReportedLine[]
}

/** A node's WireGuard interface. */
export interface ReportedTunnel {
  readonly publicKey: string
  readonly listenPort: number
  readonly mtu: number
  /** For how many seconds {@link ReportedPeer.receivedNow} and the other were counted. */
  readonly listened: number
}

/** A peer as WireGuard sees it. */
export interface ReportedPeer {
  /** As in the tunnel's file, or `null` where that has no peer of this key. */
  readonly name: string | null
  readonly publicKey: string
  /** Where it is looked for, or `null` where that is not known. */
  readonly endpoint: string | null
  /** Seconds since the last handshake, or `null` before the first. */
  readonly handshake: number | null
  /** Bytes since the interface has this peer. */
  readonly received: number
  readonly sent: number
  /** Bytes while it was asked. */
  readonly receivedNow: number
  readonly sentNow: number
  /** The largest packet that the tunnel brought there and back in one piece, or `null` where none came back. */
  readonly mtu: number | null
  /** What the kernel knows of the way to the endpoint: the path MTU, or that of the device. */
  readonly pathMtu: number | null
}

/** A BGP session. */
export interface ReportedSession {
  readonly name: string
  readonly address: string
  /** `evpn` where it carries segments and tenants alone. */
  readonly carries: 'routes' | 'evpn'
  /** `Established`, what else bgpd calls it, or `not configured`. */
  readonly state: string
  /** `up`, `down`, what else bfdd calls it, or `absent`. */
  readonly bfd: string
  /** How many prefixes the other is to announce, how many of them the kernel has a route to, and which not. */
  readonly expected: number
  readonly present: number
  readonly missing: readonly string[]
}

/** A sentence of `--status`. */
export interface ReportedLine {
  readonly state: 'ok' | 'bad' | 'note'
  readonly part: string
  readonly text: string
}

/** A report, where it was read from, and when that was written, if anybody knows. */
export interface Received {
  readonly file: string
  /** Seconds since 1970, by the clock of whoever collected it. */
  readonly at: number | null
  readonly report: NodeReport
}
