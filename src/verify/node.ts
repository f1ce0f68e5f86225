import type { Result, Span } from '../diagnostics/index.js'
import { parsePrivateKey, publicKeyOf } from '../net/index.js'
import {
  type FileText,
  lastValue,
  readNetplan,
  readNetworkd,
  readWgQuick,
  type TunnelFile,
  valuesOf,
} from '../readers/index.js'
import { type Forwarding, forwardingIn, type Overlay, overlayIn } from './overlay.js'
import { pathWithin } from './paths.js'
import type { Readers } from './readers.js'
import { type Routing, routingIn } from './routing.js'
import type { Said } from './said.js'

/** A `[Peer]` of a WireGuard interface, as wg(8) has it. */
export interface Peer {
  readonly span: Span
  readonly key: Said | null
  /** In wg's notation: `10.79.0.2/32`. */
  readonly allowed: readonly Said[]
  readonly endpoint: Said | null
  /** The preshared key; `null` where there is none, `undefined` where the files do not show it. */
  readonly shared: string | null | undefined
}

/** What the files of one node say; nothing is taken from anywhere else. */
export interface NodeFiles {
  readonly name: string
  readonly tunnel: TunnelFile
  /** The interface's section: the place of what is missing from it. */
  readonly span: Span
  /** The public half of its private key, or `null` where that is not in the files. */
  readonly publicKey: string | null
  readonly port: Said | null
  readonly mtu: Said | null
  /** With lengths: `10.79.0.1/16`. */
  readonly addresses: readonly Said[]
  readonly peers: readonly Peer[]
  readonly overlay: Overlay | null
  readonly forwarding: readonly Forwarding[]
  readonly routing: Routing | null
  /** Files of other WireGuard interfaces, which are not looked at. */
  readonly others: readonly string[]
  readonly files: readonly FileText[]
  /** Whether it has segments, whose networks several nodes announce. */
  readonly segments: boolean
}

/** One node's files, by their paths within it: `etc/frr/frr.conf`. */
export interface NodeFolder {
  readonly name: string
  readonly files: readonly FileText[]
}

/**
 * Reads a node: its WireGuard interface from wg-quick's, systemd-networkd's or netplan's files, the VXLAN device beside
 * it, forwarding entries, and frr.conf. `null` where it has no WireGuard interface; errors are those of the readers.
 */
export const readNode = (node: NodeFolder, readers: Readers): Result<NodeFiles | null> => {
  const within = (pattern: RegExp): FileText[] =>
    node.files.filter(({ file }) => pattern.test(pathWithin(node.name, file)))
  const beside = (_: string, path: string): string | null =>
    node.files.find(({ file }) => `/${pathWithin(node.name, file)}` === path)?.text.trim() ?? null
  const quick = within(/^etc\/wireguard\/[^/]+\.conf$/)
  const netplan = within(/^etc\/netplan\/[^/]+\.yaml$/)
  const networkd = within(/^etc\/systemd\/network\/[^/]+\.(netdev|network)$/)
  const [conf] = quick
  const read: Result<readonly TunnelFile[]> = conf
    ? single(readWgQuick(conf.file, conf.text))
    : netplan.length > 0
      ? readNetplan(netplan, beside)
      : networkd.length > 0
        ? readNetworkd(networkd, beside)
        : { ok: true, value: [], warnings: [] }
  if (!read.ok) return { ok: false, diagnostics: read.diagnostics }
  const [tunnel] = read.value
  if (!tunnel) return { ok: true, value: null, warnings: [] }
  return {
    ok: true,
    value: nodeOf(
      node,
      tunnel,
      [...quick.slice(1).map(({ file }) => file), ...read.value.slice(1).map(({ file }) => file)],
      readers,
    ),
    warnings: [],
  }
}

const single = (result: Result<TunnelFile>): Result<readonly TunnelFile[]> =>
  result.ok ? { ...result, value: [result.value] } : result

const nodeOf = (
  node: NodeFolder,
  tunnel: TunnelFile,
  others: readonly string[],
  readers: Readers,
): NodeFiles => {
  const own = tunnel.sections.find(({ kind }) => kind === 'interface')
  const span = own?.span ?? { file: tunnel.file, line: 1, column: 1, length: 1 }
  const saidIn = (section: TunnelFile['sections'][number] | undefined, key: string): Said | null => {
    const value = section && lastValue(section, key)
    const at = section?.entries.filter(entry => entry.key === key).at(-1)?.span
    return value && at ? { value, span: at } : null
  }
  const listIn = (section: TunnelFile['sections'][number] | undefined, key: string): Said[] =>
    (section?.entries ?? [])
      .filter(entry => entry.key === key)
      .flatMap(entry =>
        valuesOf({ ...(section as TunnelFile['sections'][number]), entries: [entry] }, key).map(value => ({
          value,
          span: entry.span,
        })),
      )
  const file = node.files.find(({ file }) => /\/etc\/frr\/frr\.conf$/.test(file))
  return {
    name: node.name,
    tunnel,
    span,
    publicKey: publicHalf(saidIn(own, 'privatekey')?.value ?? null),
    port: saidIn(own, 'listenport'),
    mtu: saidIn(own, 'mtu'),
    addresses: listIn(own, 'address'),
    peers: tunnel.sections
      .filter(({ kind }) => kind === 'peer')
      .map(section => ({
        span: section.span,
        key: saidIn(section, 'publickey'),
        allowed: listIn(section, 'allowedips'),
        endpoint: saidIn(section, 'endpoint'),
        shared: tunnel.missing.length > 0 ? undefined : shown(saidIn(section, 'presharedkey')?.value ?? null),
      })),
    overlay: overlayIn(tunnel, node.files),
    forwarding: forwardingIn(node.files),
    routing: file ? routingIn(file, readers.frr) : null,
    others,
    files: node.files,
    segments: node.files.some(
      one => one.file.endsWith('/etc/ciab/networks.conf') && /^segment /m.test(one.text),
    ),
  }
}

const shown = (key: string | null): string | null | undefined => (key?.startsWith('(') ? undefined : key)

const publicHalf = (text: string | null): string | null => {
  const key = text === null ? null : parsePrivateKey(text)
  return key?.ok ? publicKeyOf(key.value) : null
}
