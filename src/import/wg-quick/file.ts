import { type Diagnostic, type Result, resultOf, type Span } from '../../diagnostics/index.js'
import {
  type EndpointSpec,
  type InterfaceAddress,
  type Port,
  type Prefix,
  type PresharedKey,
  type PrivateKey,
  type PublicKey,
  parsePort,
  parsePresharedKey,
  parsePrivateKey,
  parsePublicKey,
  publicKeyOf,
} from '../../net/index.js'
import type { Source } from '../../parse/parse.js'
import type { Findings } from '../finding.js'
import { addressIn, prefixIn, shown } from '../values.js'
import { readEndpoint } from '../vwgen/endpoint.js'
import { type ReadHooks, readHooks } from './hooks.js'
import { lastValue, readLines, valuesOf, type WgFile, type WgSection } from './lines.js'

/** What one file says about its own node. */
export interface OwnFile {
  readonly file: string
  /** What the file calls its node: in a comment, or by its own name. */
  readonly name: string
  /** What it calls the mesh. */
  readonly mesh: string | null
  readonly tool: 'vwgen' | 'ciab-gen' | 'other'
  readonly privateKey: PrivateKey | null
  readonly publicKey: PublicKey | null
  readonly addresses: readonly InterfaceAddress[]
  readonly listenPort: Port | null
  readonly fwmark: number | null
  readonly mtu: number | null
  readonly hooks: ReadHooks
  readonly peers: readonly PeerEntry[]
  readonly span: Span
}

/** What it says about a peer. */
export interface PeerEntry {
  readonly publicKey: PublicKey
  readonly name: string | null
  readonly allowedIps: readonly Prefix[]
  readonly endpoint: EndpointSpec | null
  readonly keepalive: number
  readonly presharedKey: PresharedKey | null
  readonly span: Span
}

/** Reads one node's file for wg-quick(8). */
export const readOwnFile = (source: Source, findings: Findings): Result<OwnFile> => {
  const lines = readLines(source)
  if (!lines.ok) return lines
  const diagnostics: Diagnostic[] = []
  const file = lines.value
  const own = file.sections.find(({ kind }) => kind === 'interface') as WgSection
  const { name, mesh, tool } = namesIn(file)
  reportComments(file, tool, name, findings)
  const keyText = lastValue(own, 'privatekey')
  const key = keyText === null ? null : parsePrivateKey(keyText)
  if (key && !key.ok)
    diagnostics.push(syntax('PrivateKey is no key of 32 bytes in base64', spanAt(own, 'privatekey')))
  const hooks = readHooks(own, name, findings)
  const peers = file.sections
    .filter(({ kind }) => kind === 'peer')
    .flatMap(section => readPeer(section, name, findings, diagnostics))
  for (const dns of valuesOf(own, 'dns'))
    findings.leftOut('unread', name, `DNS = ${shown(dns)}: name servers are the host's own affair`)
  if (lastValue(own, 'saveconfig') === 'true')
    findings.leftOut(
      'save-config',
      name,
      'SaveConfig = true: wg-quick would write over the file on every "down"',
    )
  const table = lastValue(own, 'table')
  if (table !== null && table !== 'off' && table !== 'auto')
    findings.leftOut('unread', name, `Table = ${shown(table)}: routes go into the main table`)
  return resultOf(diagnostics, () => ({
    file: source.file,
    name,
    mesh,
    tool,
    privateKey: key?.ok ? key.value : null,
    publicKey: key?.ok ? publicKeyOf(key.value) : null,
    addresses: valuesOf(own, 'address').flatMap(text => found(text, addressIn, 'Address', name, findings)),
    listenPort: portOf(own),
    fwmark: fwmarkOf(own, name, tool, findings),
    mtu: Number(lastValue(own, 'mtu')) || null,
    hooks,
    peers,
    span: own.span,
  }))
}

const readPeer = (
  section: WgSection,
  node: string,
  findings: Findings,
  diagnostics: Diagnostic[],
): PeerEntry[] => {
  const publicKey = parsePublicKey(lastValue(section, 'publickey') ?? '')
  if (!publicKey.ok) {
    diagnostics.push(syntax('the peer has no PublicKey of 32 bytes in base64', section.span))
    return []
  }
  const presharedText = lastValue(section, 'presharedkey')
  const preshared = presharedText === null ? null : parsePresharedKey(presharedText)
  if (preshared && !preshared.ok)
    diagnostics.push(syntax('PresharedKey is no key of 32 bytes in base64', spanAt(section, 'presharedkey')))
  const endpointText = lastValue(section, 'endpoint')
  const endpoint = endpointText === null ? null : readEndpoint(endpointText)
  if (endpoint?.fault)
    findings.broken('endpoint', node, `Endpoint = ${shown(endpointText)} of a peer, ${endpoint.fault}`)
  return [
    {
      publicKey: publicKey.value,
      name: peerName(section),
      allowedIps: valuesOf(section, 'allowedips').flatMap(text =>
        found(text, prefixIn, 'AllowedIPs', node, findings),
      ),
      endpoint: endpoint?.endpoint ?? null,
      keepalive: Number(lastValue(section, 'persistentkeepalive')) || 0,
      presharedKey: preshared?.ok ? preshared.value : null,
      span: section.span,
    },
  ]
}

const found = <T>(
  text: string,
  read: (text: string) => T | null,
  key: string,
  node: string,
  findings: Findings,
): T[] => {
  const value = read(text)
  if (value !== null) return [value]
  findings.broken('address', node, `${key} holds ${shown(text)}, which is no address: left out`)
  return []
}

const portOf = (section: WgSection): Port | null => {
  const port = parsePort(lastValue(section, 'listenport') ?? '')
  return port.ok ? port.value : null
}

/** wg(8) reads 0x…, decimals and `off`; vwgen wrote hexadecimal digits alone. */
const fwmarkOf = (
  section: WgSection,
  node: string,
  tool: OwnFile['tool'],
  findings: Findings,
): number | null => {
  const text = lastValue(section, 'fwmark')
  if (text === null || text === 'off') return null
  if (/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) && Number(text) <= 0xffffffff) {
    if (tool === 'vwgen' && !text.startsWith('0x'))
      findings.assumed(
        'fwmark',
        node,
        `FwMark = ${text}: wg took it as decimal, vwgen meant 0x${text}; kept as wg has it`,
      )
    return Number(text) || null
  }
  const meant = /^[0-9a-f]{1,8}$/i.test(text) ? Number(`0x${text}`) : null
  findings.broken(
    'fwmark',
    node,
    `FwMark = ${shown(text)}, which wg refuses: taken for ${meant === null ? 'none' : `0x${meant.toString(16)}`}`,
  )
  return meant
}

const spanAt = (section: WgSection, key: string): Span =>
  section.entries.find(entry => entry.key === key)?.span ?? section.span

const syntax = (message: string, span: Span): Diagnostic => ({
  severity: 'error',
  code: 'import-syntax',
  message,
  span,
  hint: 'write the 44 characters that wg prints',
})

/** What the file says about whose it is, or what it is called. */
const namesIn = ({
  comments,
  file,
}: WgFile): { name: string; mesh: string | null; tool: OwnFile['tool'] } => {
  const first = (pattern: RegExp): string | null =>
    comments.map(comment => pattern.exec(comment)?.[1]).find(match => match !== undefined) ?? null
  const vwgen = first(/^Network (.*), generated by VxWireguard-Generator$/)
  const ours = first(/^Generated by ciab-gen from .* for (\S+?);/)
  const parts = file.split('/')
  const base = (parts.at(-1) as string).replace(/\.conf$/, '')
  const folder = parts.slice(0, -1).findLast(part => !['.', '..', '', 'etc', 'wireguard'].includes(part))
  if (vwgen !== null) return { name: first(/^Node (.*)$/) ?? base, mesh: vwgen, tool: 'vwgen' }
  if (ours !== null) return { name: ours, mesh: parts.includes('wireguard') ? base : null, tool: 'ciab-gen' }
  return folder === undefined
    ? { name: base, mesh: null, tool: 'other' }
    : { name: folder, mesh: base, tool: 'other' }
}

/** Comments that name nobody; what a tool writes into its own files says nothing. */
const reportComments = (
  { comments, sections }: WgFile,
  tool: OwnFile['tool'],
  node: string,
  findings: Findings,
): void => {
  const names = new Set(sections.map(peerName))
  if (tool !== 'other') return
  for (const comment of comments)
    if (comment !== '' && !names.has(nameIn(comment)))
      findings.leftOut('unread', node, `the comment ${shown(comment)}`)
}

/** A comment by the header that looks like a name. */
const peerName = ({ kind, comments }: WgSection): string | null =>
  kind === 'interface'
    ? null
    : (comments.map(nameIn).find(name => /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,62}$/u.test(name)) ?? null)

const nameIn = (comment: string): string =>
  comment.replace(/^(peer node|peer|node|client|name|friendly_name)\s*[:=]?\s+/i, '').trim()
