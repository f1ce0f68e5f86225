import type { Comment, TunnelFile, TunnelSection } from '../../readers/index.js'

/** A name that a comment gives, and whether nothing else can be meant. */
export interface Told {
  readonly name: string
  readonly comment: Comment
  readonly sure: boolean
}

/** Markers of tools that write one before each peer, and words that people put before a name. */
const markers = [
  /^begin[_ ]peer\s+(.+)$/i,
  /^begin\s+(\S+)$/i,
  /^(?:friendly[_ ]?name|(?:peer|client|node|user|host|device)?[_ ]?name|client|peer|node|peer node|user|host|device|hostname|label)#?\s*[:=]\s*(.+)$/i,
  /^(?:peer node|client|node|user)\s+(\S+)$/i,
  // NAME / E-MAIL / Updated: … / Created: …
  /^(.+?) \/ .* \/ (?:updated|created):/i,
  /^wireguard (?:client|peer) name \/ email - (.+?) \/ /i,
]

/** Of a comment that may be a name. */
const longest = 200

/** A line that somebody switched off. */
const switchedOff =
  /^(address|dns|mtu|table|saveconfig|(pre|post)(up|down)|privatekey|publickey|presharedkey|listenport|fwmark|allowedips|endpoint|persistentkeepalive)\s*=/i

/** What is said about a section, and names nobody. */
const remarks =
  /^(disabled?|enabled?|todo|fixme|note|notes|main|old|new|backup|test|temp|tmp|peers?|clients?|servers?|nodes?|interface|wireguard|wg|local|remote|settings|end|begin|do|this|id|email|generated|created|updated|allocated|public|private|key|config)$/i

/** A name as somebody writes one: up to three words of letters, no sentence, no number, no date. */
const nameLike =
  /^(?=.*\p{L})[\p{L}\p{N}][\p{L}\p{M}\p{N}._@'-]{0,62}(?: [\p{L}\p{M}\p{N}._@'()-]{1,40}){0,2}$/u

/** The name that comments give to a section, the plainest first: a marker, the header's line, lines of their own, the key's line. */
export const toldName = ({ kind, above, inside }: TunnelSection): Told | null => {
  const own = inside.filter(({ behind }) => behind === null)
  const header = inside.filter(({ behind }) => behind === 'header')
  const key = inside.filter(({ behind }) => behind === 'publickey')
  for (const comment of [...own, ...header, ...above.toReversed()]) {
    const name = markedName(comment.text)
    if (name !== null) return { name, comment, sure: true }
  }
  const lines = kind === 'peer' ? [...above.toReversed(), ...own] : own
  for (const [comments, sure] of [
    [header, true],
    [lines, true],
    [key, kind === 'peer'],
  ] as const) {
    const named = comments.filter(({ text }) => isBare(text))
    const [first] = named
    if (first)
      return {
        name: first.text,
        comment: first,
        sure: sure && named.length === 1 && !first.text.includes(' '),
      }
  }
  return null
}

const markedName = (text: string): string | null => {
  if (text.length > longest) return null
  for (const marker of markers) {
    const name = marker
      .exec(text)?.[1]
      ?.replace(/\s*\([0-9a-f-]{8,}\)$/i, '')
      .replace(/^["']|["']$/g, '')
      .trim()
    if (name !== undefined && name !== '') return name
  }
  return null
}

const isBare = (text: string): boolean =>
  nameLike.test(text) && !switchedOff.test(text) && !text.split(' ').some(word => remarks.test(word))

/** The server's own address, as a widespread installer keeps it: `# ENDPOINT ADDRESS`. */
export const toldEndpoint = (comments: readonly Comment[]): string | null =>
  comments.map(({ text }) => /^ENDPOINT\s+(\S+)$/.exec(text)?.[1]).find(found => found !== undefined) ?? null

/** Lines for the eye, fields without a value, and what ends what another comment began. */
const empty = /^$|^[-=_*]+$|^[\w -]+:$|^end([_ ]|$)/i

export const saysNothing = ({ text }: Comment): boolean => empty.test(text)

/** What a file's place tells: the node's name and the interface's. */
export interface Place {
  readonly folder: string | null
  readonly base: string
}

export const placeOf = (file: string): Place => {
  const parts = file.split('/')
  const base = (parts.at(-1) as string).replace(/\.(conf|netdev|network|ya?ml)$/, '')
  const folder = parts.slice(0, -1).findLast(part => !plainFolder.test(part)) ?? null
  return { folder, base }
}

/** Where such files lie on a node. */
const plainFolder = /^(\.{0,2}|etc|wireguard|netplan|systemd|network|wg)$/

/** Where commands name an interface: iptables, ip and tc, nft; sysctl and its files; wg, resolvconf and the like. */
const interfacePlaces = [
  /(?:\s-[io]|--(?:in|out)-interface[ =]|\bdev|\b[io]if(?:name)?)\s*"?([\w.=+-]+)/g,
  /\bip(?: -\S+)* link set (?!dev\b)"?([\w.=+-]+)/g,
  /\bconf\/([\w.=+-]+)\//g,
  /\bconf\.([\w=+-]+)\./g,
  /\/sys\/class\/net\/([\w.=+-]+)/g,
  /\bwg (?:set|show|setconf|addconf|syncconf) "?([\w.=+-]+)/g,
  /\b(?:resolvconf -[ad]|resolvectl [\w-]+|ethtool -\w+|ifconfig) "?([\w.=+-]+)/g,
]

/** Interfaces that hooks name: by a tunnel's usual names, or as the file is called. */
const namedInHooks = (file: TunnelFile, base: string): string[] =>
  file.sections.flatMap(({ entries }) =>
    entries
      .filter(({ key }) => /^(pre|post)(up|down)$/.test(key))
      .flatMap(({ value }) => interfacePlaces.flatMap(place => [...value.matchAll(place)]))
      .map(match => match[1] as string)
      .filter(name => name === base || /^(wg|tun)[\w-]*$/.test(name)),
  )

/**
 * The interface that the file is for: wg-quick calls it after the file. Where files of several nodes lie in one folder they are
 * called after those, and hooks may tell.
 */
export const interfaceOf = (file: TunnelFile, alone: boolean): string | null => {
  if (file.name !== null) return file.name
  const { folder, base } = placeOf(file.file)
  const hooked = new Set(namedInHooks(file, base))
  if (alone || folder !== null || hooked.has(base)) return base
  return hooked.size === 1 ? ([...hooked][0] as string) : null
}
