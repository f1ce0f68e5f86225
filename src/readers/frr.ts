import type { Span } from '../diagnostics/index.js'
import { recall } from './recall.js'

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

/** What a line says by itself. */
interface Command {
  /** With single blanks; `''` where it is no command. */
  readonly text: string
  readonly words: readonly string[]
  readonly opens: boolean
  readonly isTopmost: boolean
}

const commandOf = (raw: string): Command => {
  const line = raw.trim().replace(/\s+/g, ' ')
  const text = /^[!#]/.test(line) ? '' : line
  return { text, words: text.split(' '), opens: opening.test(text), isTopmost: topmost.test(text) }
}

/** Reads files of FRR. */
export type FrrReader = (file: string, text: string) => FrrLine[]

/** Reads a frr.conf as vtysh does: a line is a command, and indentation means nothing. */
export const readFrr: FrrReader = (file, text) => frrReader()(file, text)

/** A reader of many files. */
export const frrReader = (): FrrReader => {
  const commandIn = recall(commandOf)
  return (file, text) => {
    const lines: FrrLine[] = []
    let within: string | null = null
    let family: string | null = null
    for (const [index, raw] of text
      .replace(/^\ufeff/, '')
      .split(/\r?\n/)
      .entries()) {
      const { text: line, words, opens, isTopmost } = commandIn(raw)
      if (line === '') continue
      const take = (): void => {
        const span = { file, line: index + 1, column: 1, length: Math.max(1, raw.trimEnd().length) }
        lines.push({ text: line, words, span, within, family })
      }
      if (opens && !(within !== null && /^(vrf|bfd)\b/.test(line) && /^router/.test(within))) {
        ;[within, family] = [null, null]
        take()
        within = line
      } else if (line.startsWith('address-family ')) {
        family = line.replace(/^address-family /, '').replace(/^(ipv[46])$/, '$1 unicast')
      } else if (line.startsWith('exit-')) {
        if (line === 'exit-vrf') within = null
        family = null
      } else if (line === 'exit') {
        if (family === null) within = null
        family = null
      } else {
        if (isTopmost && !(within?.startsWith('vrf ') && inVrf.test(line))) [within, family] = [null, null]
        take()
      }
    }
    return lines
  }
}
