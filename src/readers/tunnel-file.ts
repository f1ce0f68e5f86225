import type { Span } from '../diagnostics/index.js'

/** One `Key = value` line, or what another format says in its stead. */
export interface TunnelEntry {
  /** As wg(8) and wg-quick(8) call it, in lower case. */
  readonly key: string
  readonly value: string
  readonly span: Span
}

/** A comment without its `#`, and what it stands behind, where it has no line of its own. */
export interface Comment {
  readonly text: string
  /** The key of the line it stands behind, `header` behind `[Peer]`, or `null`. */
  readonly behind: string | null
  readonly span: Span
}

/** `[Interface]` or one `[Peer]`. */
export interface TunnelSection {
  readonly kind: 'interface' | 'peer'
  readonly span: Span
  readonly entries: readonly TunnelEntry[]
  /** On the lines above its header that belong to it. */
  readonly above: readonly Comment[]
  /** On its header's line, and in it. */
  readonly inside: readonly Comment[]
}

/** A VXLAN device that the files make beside the tunnel. */
export interface VxlanDevice {
  readonly name: string
  readonly vni: string | null
  readonly port: string | null
  readonly mtu: string | null
  readonly mac: string | null
  readonly addresses: readonly string[]
}

/** A WireGuard interface as wg-quick, systemd-networkd or netplan keep it, in the words of wg-quick(8). */
export interface TunnelFile {
  readonly file: string
  /** The interface, where the file says it: wg-quick has it from the file's name. */
  readonly name: string | null
  readonly sections: readonly TunnelSection[]
  /** All of them, in order. */
  readonly comments: readonly Comment[]
  /** Where the private key is, if not in it. */
  readonly keyFile: string | null
  /** Files with preshared keys that it names and that are not there. */
  readonly missing: readonly string[]
  readonly devices: readonly VxlanDevice[]
  /** Networks that it routes into the tunnel beside what the peers' allowed IPs make. */
  readonly routes: readonly string[]
  /** What it says of other things than the tunnel, a line each. */
  readonly rest: readonly string[]
}

/** All values of a key, lists taken apart as wg-quick(8) does it: at commas and at blanks. */
export const valuesOf = (section: TunnelSection, key: string): string[] =>
  section.entries
    .filter(entry => entry.key === key)
    .flatMap(({ value }) => value.split(/[\s,]+/))
    .filter(part => part !== '')

/** The value that counts where a key stands twice. */
export const lastValue = (section: TunnelSection, key: string): string | null =>
  section.entries.filter(entry => entry.key === key).at(-1)?.value ?? null
