import { type Diagnostic, type Result, resultOf, type Span } from '../../diagnostics/index.js'
import {
  type EndpointSpec,
  type InterfaceAddress,
  type Port,
  type Prefix,
  type PresharedKey,
  type PrivateKey,
  type PublicKey,
  parsePresharedKey,
  parsePrivateKey,
  parsePublicKey,
  publicKeyOf,
} from '../../net/index.js'
import { lastValue, type TunnelFile, type TunnelSection, valuesOf } from '../../readers/index.js'
import type { Findings } from '../finding.js'
import { addressIn, prefixIn, shown } from '../values.js'
import { readEndpoint } from '../vwgen/endpoint.js'
import { type ReadHooks, readHooks } from './hooks.js'
import { interfaceOf, placeOf, saysNothing, toldEndpoint, toldName } from './names.js'
import { fwmarkOf, keepaliveOf, numberOf, portOf } from './numbers.js'

/** What one file says about its own node. */
export interface OwnFile {
  readonly file: string
  /** What the file calls its node, in a comment or by its own place; `null` where it is called after the interface. */
  readonly name: string | null
  /** The interface, where the file or its place says it. */
  readonly interface: string | null
  readonly tool: 'vwgen' | 'ciab-gen' | 'other'
  readonly privateKey: PrivateKey | null
  readonly publicKey: PublicKey | null
  /** Where the private key is, if it was not found. */
  readonly keyFile: string | null
  readonly addresses: readonly InterfaceAddress[]
  readonly listenPort: Port | null
  readonly fwmark: number | null
  readonly mtu: number | null
  /** Where its comments say that it is dialled. */
  readonly endpoint: EndpointSpec | null
  /** True where wg-quick made routes of allowed IPs in the main table. */
  readonly routed: boolean
  /** True where wg-quick wrote down whatever each peer's endpoint was at that moment. */
  readonly recorded: boolean
  readonly routes: readonly Prefix[]
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
  /** As the file has it, where that is nothing that another machine dials. */
  readonly unusable: string | null
  readonly keepalive: number
  readonly presharedKey: PresharedKey | null
  readonly span: Span
}

/** What the files of one node say, as a node's; findings go by the file until the node has its name. */
export const readOwnFile = (file: TunnelFile, alone: boolean, findings: Findings): Result<OwnFile> => {
  const diagnostics: Diagnostic[] = []
  const own = file.sections.find(({ kind }) => kind === 'interface') as TunnelSection
  const { name, tool, iface } = namesIn(file, own, alone)
  const called = file.file
  const keyText = lastValue(own, 'privatekey')
  const key = keyText === null ? null : parsePrivateKey(keyText)
  if (key && !key.ok)
    diagnostics.push(syntax('PrivateKey is no key of 32 bytes in base64', spanAt(own, 'privatekey')))
  const addresses = valuesOf(own, 'address').flatMap(text =>
    found(text, addressIn, 'Address', called, findings),
  )
  const peers = file.sections
    .filter(({ kind }) => kind === 'peer')
    .flatMap(section => readPeer(section, addresses, called, tool, findings, diagnostics))
  reportSettings(file, own, called, findings)
  if (tool === 'other') reportComments(file, called, findings)
  if (file.keyFile !== null && key === null)
    findings.assumed(
      'key',
      called,
      `its private key is in ${shown(file.keyFile)} on the node and stays there: put it, or a link to it, where the mesh looks for it, at /etc/wireguard/<mesh>.key`,
    )
  else if (file.keyFile !== null)
    findings.wire('key', called, `the private key of ${shown(file.keyFile)} is in the tunnel's file now`)
  const told = tool === 'other' ? toldEndpoint(file.comments) : null
  const table = lastValue(own, 'table') ?? 'auto'
  return resultOf(diagnostics, () => ({
    file: file.file,
    name,
    interface: iface,
    tool,
    privateKey: key?.ok ? key.value : null,
    publicKey: key?.ok ? publicKeyOf(key.value) : null,
    keyFile: file.keyFile,
    addresses,
    listenPort: portOf(own, 'listenport', called, findings),
    fwmark: fwmarkOf(own, called, tool, findings),
    mtu: numberOf(own, 'mtu', 68, 65535, called, findings),
    endpoint: told === null ? null : readEndpoint(told).endpoint,
    routed: table === 'auto' || table === 'main',
    recorded: lastValue(own, 'saveconfig') === 'true',
    routes: file.routes.flatMap(text => prefixIn(text) ?? []),
    hooks: readHooks(own, file),
    peers,
    span: own.span,
  }))
}

const reportSettings = (file: TunnelFile, own: TunnelSection, node: string, findings: Findings): void => {
  for (const dns of valuesOf(own, 'dns'))
    findings.leftOut('unread', node, `DNS = ${shown(dns)}: name servers are the host's own affair`)
  if (lastValue(own, 'saveconfig') === 'true')
    findings.leftOut(
      'save-config',
      node,
      'SaveConfig = true: wg-quick would write over the file on every "down"',
    )
  const table = lastValue(own, 'table')
  if (table !== null && !['off', 'auto', 'main'].includes(table))
    findings.leftOut('unread', node, `Table = ${shown(table)}: routes go into the main table`)
  for (const path of file.missing)
    findings.broken(
      'preshared-key',
      node,
      `the preshared key in ${shown(path)} is not beside the file, and without it the pair does not talk: copy it there and import again`,
    )
  for (const line of file.rest) findings.leftOut('unread', node, `${shown(line)}: no word of mesh.ini's`)
}

const readPeer = (
  section: TunnelSection,
  own: readonly InterfaceAddress[],
  node: string,
  tool: OwnFile['tool'],
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
  const told = toldName(section)
  if (told && !told.sure && tool === 'other')
    findings.assumed('name', node, `the comment ${shown(told.comment.text)} is taken for a peer's name`)
  const text = lastValue(section, 'endpoint')
  const { endpoint, fault } = text === null ? { endpoint: null, fault: null } : readEndpoint(text)
  const peer = told?.name ?? publicKey.value
  if (fault && endpoint) findings.broken('endpoint', node, `Endpoint = ${shown(text)} of ${peer}: ${fault}`)
  else if (endpoint && endpoint.port === null)
    findings.broken('endpoint', node, `Endpoint = ${shown(text)} of ${peer} has no port, so wg refused it`)
  return [
    {
      publicKey: publicKey.value,
      name: told?.name ?? null,
      allowedIps: valuesOf(section, 'allowedips').flatMap(entry =>
        found(entry, allowed => allowedIn(allowed, own, peer, node, findings), 'AllowedIPs', node, findings),
      ),
      endpoint,
      unusable: text !== null && endpoint === null ? text : null,
      keepalive: keepaliveOf(section, node, findings),
      presharedKey: preshared?.ok ? preshared.value : null,
      span: section.span,
    },
  ]
}

/** A peer's own address with the length of the tunnel's network: the address is meant, wg took the network. */
const allowedIn = (
  text: string,
  own: readonly InterfaceAddress[],
  peer: string,
  node: string,
  findings: Findings,
): Prefix | null => {
  const prefix = prefixIn(text)
  const address = addressIn(text)
  const isTunnels = own.some(other => prefixIn(other) === prefix)
  if (prefix === null || address === null || address === (prefix as string) || !isTunnels) return prefix
  const host = address.replace(/\/.*/, '')
  findings.broken(
    'allowed-ips',
    node,
    `AllowedIPs of ${peer} hold ${shown(text)}, its address with the tunnel's length, of which wg took the whole network: taken for ${host}`,
  )
  return prefixIn(host)
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

const spanAt = (section: TunnelSection, key: string): Span =>
  section.entries.find(entry => entry.key === key)?.span ?? section.span

const syntax = (message: string, span: Span): Diagnostic => ({
  severity: 'error',
  code: 'import-syntax',
  message,
  span,
  hint: 'write the 44 characters that wg prints',
})

/** What the file says about whose it is, or what it is called. */
const namesIn = (
  file: TunnelFile,
  own: TunnelSection,
  alone: boolean,
): { name: string | null; iface: string | null; tool: OwnFile['tool'] } => {
  const first = (pattern: RegExp): string | null =>
    file.comments.map(({ text }) => pattern.exec(text)?.[1]).find(match => match !== undefined) ?? null
  const vwgen = first(/^Network (.*), generated by VxWireguard-Generator$/)
  const ours = first(/^Generated by ciab-gen from .* for (\S+?);/)
  const { folder, base } = placeOf(file.file)
  if (vwgen !== null) return { name: first(/^Node (.*)$/) ?? base, iface: vwgen, tool: 'vwgen' }
  if (ours !== null)
    return { name: ours, iface: file.file.includes('wireguard/') ? base : null, tool: 'ciab-gen' }
  const iface = interfaceOf(file, alone)
  const told = toldName(own)?.name ?? null
  return { name: told ?? folder ?? (iface === base ? null : base), iface, tool: 'other' }
}

/** Comments that name nobody; what vwgen and ciab-gen write into their own files says nothing. */
const reportComments = (file: TunnelFile, node: string, findings: Findings): void => {
  const names = new Set(file.sections.map(section => toldName(section)?.comment.text))
  const left = file.comments.filter(comment => !names.has(comment.text) && !saysNothing(comment))
  const texts = [...new Set(left.map(({ text }) => shown(text)))]
  if (texts.length > 0)
    findings.leftOut('unread', node, `the comment${texts.length === 1 ? '' : 's'} ${texts.join(', ')}`)
}
