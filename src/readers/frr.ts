import type { Span } from '../diagnostics/index.js'

/** A line of a frr.conf and what it stands in. */
export interface FrrLine {
  /** With single blanks. */
  readonly text: string
  readonly words: readonly string[]
  readonly span: Span
  /** The line that opened what it stands in, `router bgp 64512 vrf red`, or `null` at the top. */
  readonly within: string | null
  /** In an address family of `router bgp`: `ipv4 unicast`, as vtysh writes it out. */
  readonly family: string | null
}

/** Commands that open a part of the file (vtysh(1), nodes). */
const opening =
  /^(router|interface|vrf|route-map|line vty|bfd$|key chain|nexthop-group|pbr-map|segment-routing|l2vpn|pseudowire|mpls ldp|rpki|affinity-map|babel|pim)\b/

/** Commands of the top, wherever they stand: vtysh goes up to where it knows them. */
const topmost =
  /^(no )?(hostname|domainname|frr|service|log|debug|password|enable|username|banner|access-list|ip (route|prefix-list|forwarding|router-id|protocol|nht|as-path|community-list|large-community-list|extcommunity-list|multicast-routing)|ipv6 (route|prefix-list|forwarding|access-list|protocol|nht)|bgp (as-path|community-list|large-community-list|extcommunity-list|community)|zebra|agentx|end$)\b/

/** Within a VRF these are the VRF's own. */
const inVrf = /^(no )?(ip|ipv6) (route|protocol|nht|router-id)\b|^(no )?vni\b/

/** Reads a frr.conf as vtysh does: a line is a command, and indentation means nothing. */
export const readFrr = (file: string, text: string): FrrLine[] => {
  const lines: FrrLine[] = []
  let within: string | null = null
  let family: string | null = null
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim().replace(/\s+/g, ' ')
    if (line === '' || /^[!#]/.test(line)) continue
    const span = { file, line: index + 1, column: 1, length: Math.max(1, raw.trimEnd().length) }
    const take = (): number => lines.push({ text: line, words: line.split(' '), span, within, family })
    if (opening.test(line) && !(within !== null && /^(vrf|bfd)\b/.test(line) && /^router/.test(within))) {
      ;[within, family] = [null, null]
      take()
      within = line
    } else if (/^address-family /.test(line)) {
      family = line.replace(/^address-family /, '').replace(/^(ipv[46])$/, '$1 unicast')
    } else if (/^exit-/.test(line)) {
      if (line === 'exit-vrf') within = null
      family = null
    } else if (line === 'exit') {
      if (family === null) within = null
      family = null
    } else {
      if (topmost.test(line) && !(within?.startsWith('vrf ') && inVrf.test(line)))
        [within, family] = [null, null]
      take()
    }
  }
  return lines
}
