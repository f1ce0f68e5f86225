import { type Result, resultOf } from '../diagnostics/index.js'
import { load } from '../load.js'
import type { Mesh } from '../model/mesh.js'
import type { Pools } from '../model/spec.js'
import {
  type Address,
  type AddressFamily,
  addressPart,
  familyOf,
  type PresharedKey,
  type PrivateKey,
  pairOf,
} from '../net/index.js'
import type { Source } from '../parse/parse.js'
import { type Beside, readNetplan, readNetworkd, readWgQuick, type TunnelFile } from '../readers/index.js'
import { hostIn } from '../resolve/addresses/pools.js'
import type { Draft } from './draft.js'
import { type Finding, Findings, reportText } from './finding.js'
import type { FoundMesh } from './found.js'
import { applyFrr } from './frr/apply.js'
import type { KnownMesh } from './frr/known.js'
import { reportMeanwhile } from './meanwhile.js'
import { merge } from './merge.js'
import { printDraft } from './print.js'
import { withoutRefused } from './refused.js'
import { settle } from './settle/settle.js'
import { readVwgen } from './vwgen/read.js'
import { readTunnels } from './wg-quick/read.js'
import { reportWire } from './wire.js'

/** Files of other tools that describe one mesh. */
export interface ForeignSources {
  /** vwgen's master file. */
  readonly vwgen?: Source | undefined
  /** wg-quick's files, one of each node. */
  readonly wgQuick?: readonly Source[]
  /** netplan's files, with a WireGuard tunnel of each node. */
  readonly netplan?: readonly Source[]
  /** systemd-networkd's .netdev and .network files, of each node in a folder. */
  readonly networkd?: readonly Source[]
  /** What a file holds that one of these names by its path, such as a key; without it keys stay on their nodes. */
  readonly beside?: Beside
  /** FRR's files, one of each node. */
  readonly frr?: readonly Source[]
}

/** A mesh.ini made of foreign files, and all that became of what they said. */
export interface Imported {
  readonly text: string
  /** By the nodes' names in mesh.ini. */
  readonly privateKeys: ReadonlyMap<string, PrivateKey>
  /** Of single pairs, by `pairOf` their public keys. */
  readonly presharedKeys: ReadonlyMap<string, PresharedKey>
  readonly findings: readonly Finding[]
  /** The findings as a person reads them. */
  readonly report: string
}

/** Makes one mesh of vwgen's master file, wg-quick's files or both, and of FRR's files where there are some. */
export const importMesh = (sources: ForeignSources): Result<Imported> => {
  const findings = new Findings()
  const found = readAll(sources, findings)
  if (!found.ok) return found
  const draft = settle(found.value, findings)
  reportWire(found.value, draft, findings)
  reportMeanwhile(found.value, draft, findings)
  const presharedKeys = pinnedKeys(found.value, findings)
  const origin = [
    sources.vwgen,
    ...(sources.wgQuick ?? []),
    ...(sources.netplan ?? []),
    ...(sources.networkd ?? []),
    ...(sources.frr ?? []),
  ]
    .flatMap(source => (source ? [nearName(source.file)] : []))
    .join(', ')
  const printed = printDraft(draft, origin)
  if (!printed.ok) return printed
  const sound = withoutRefused(printed.value, draft.nodes, findings)
  const text = applyFrr(sound, knownDraft(draft), sources.frr ?? [], findings)
  if (!text.ok) return text
  const privateKeys = new Map(
    draft.nodes.flatMap(({ label, privateKey }) => (privateKey ? [[label, privateKey] as const] : [])),
  )
  return resultOf([], () => ({
    text: text.value,
    privateKeys,
    presharedKeys,
    findings: findings.all,
    report: reportText(findings.all),
  }))
}

/** Puts what FRR's files say into a mesh.ini that is there already. */
export const importFrr = (existing: Source, frr: readonly Source[]): Result<Imported> => {
  const findings = new Findings()
  const mesh = load(existing, 'hidden')
  if (!mesh.ok) return mesh
  const text = applyFrr(existing.text, knownMesh(mesh.value), frr, findings)
  if (!text.ok) return text
  return resultOf([], () => ({
    text: text.value,
    privateKeys: new Map<string, PrivateKey>(),
    presharedKeys: new Map<string, PresharedKey>(),
    findings: findings.all,
    report: reportText(findings.all),
  }))
}

/** A file's name and the folder it is in, without the operator's other directories. */
const nearName = (file: string): string =>
  file
    .split('/')
    .filter(part => !['', '.', '..'].includes(part))
    .slice(-2)
    .join('/')
    .replace(/[^ -~]/g, '?')

const readAll = (sources: ForeignSources, findings: Findings): Result<FoundMesh> => {
  const { vwgen } = sources
  const master = vwgen && readVwgen(vwgen, findings)
  const files = tunnelsIn(sources)
  const running = !vwgen || files.length > 0 ? readRunning(files, findings) : null
  if (master?.ok === false && running?.ok === false)
    return { ok: false, diagnostics: [...master.diagnostics, ...running.diagnostics] }
  if (master?.ok === false) return master
  if (running?.ok === false) return running
  if (master && running) return merge(master.value, running.value, findings)
  return (master ?? running) as Result<FoundMesh>
}

const tunnelsIn = ({
  wgQuick = [],
  netplan = [],
  networkd = [],
  beside = () => null,
}: ForeignSources): Result<readonly TunnelFile[]>[] => [
  ...wgQuick.map(({ file, text }): Result<readonly TunnelFile[]> => {
    const read = readWgQuick(file, text)
    return read.ok ? { ...read, value: [withKey(read.value, beside)] } : read
  }),
  ...(netplan.length > 0 ? [readNetplan(netplan, beside)] : []),
  ...(networkd.length > 0 ? [readNetworkd(networkd, beside)] : []),
]

/** A key that lies beside the file is as good as one in it. */
const withKey = (tunnel: TunnelFile, beside: Beside): TunnelFile => {
  const value = tunnel.keyFile === null ? null : beside(tunnel.file, tunnel.keyFile)
  if (value === null) return tunnel
  const sections = tunnel.sections.map(section =>
    section.kind === 'peer'
      ? section
      : { ...section, entries: [...section.entries, { key: 'privatekey', value, span: section.span }] },
  )
  return { ...tunnel, sections }
}

const readRunning = (
  read: readonly Result<readonly TunnelFile[]>[],
  findings: Findings,
): Result<FoundMesh> => {
  const diagnostics = read.flatMap(result => (result.ok ? [] : result.diagnostics))
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  return readTunnels(
    read.flatMap(result => (result.ok ? result.value : [])),
    findings,
  )
}

/** Preshared keys stay as they are, so that an old and a new node understand each other. */
const pinnedKeys = (found: FoundMesh, findings: Findings): Map<string, PresharedKey> => {
  const publicKeys = new Map(found.nodes.map(({ name, publicKey }) => [name, publicKey]))
  const pinned = new Map<string, PresharedKey>()
  for (const { nodes, key } of found.presharedKeys) {
    const [one, other] = nodes.map(name => publicKeys.get(name) ?? null)
    if (one && other) pinned.set(pairOf(one, other), key)
    findings.assumed(
      'preshared-key',
      nodes.join(' and '),
      'their preshared key is kept in keys/preshared.keys; delete its line there to have one of the mesh instead, or none',
    )
  }
  return pinned
}

const knownMesh = (mesh: Mesh): KnownMesh => ({
  asn: mesh.asn,
  nodes: mesh.nodes.map(({ name, hostname, overlay, underlay, networks }) => ({
    label: name,
    hostname,
    addresses: [...overlay, ...underlay].map(addressPart),
    networks: networks.flatMap(({ prefixes }) => prefixes),
    pooled: [...new Set(networks.flatMap(({ prefixes }) => prefixes.map(familyOf)))],
  })),
  pools: [mesh.overlay.ipv4, mesh.overlay.ipv6, mesh.underlay.ipv4, mesh.underlay.ipv6].filter(
    pool => pool !== null,
  ),
  carried: familiesOf(mesh.mode === 'vxlan' ? mesh.overlay : mesh.underlay),
})

const familiesOf = (pools: Pools): AddressFamily[] =>
  [pools.ipv4, pools.ipv6].flatMap(pool => (pool ? [familyOf(pool)] : []))

const knownDraft = (draft: Draft): KnownMesh => ({
  asn: null,
  nodes: draft.nodes
    .filter(({ via }) => via === null)
    .map(node => {
      const derived = draft.overlay.map(pool => hostIn(pool, node.id)).filter(address => address !== null)
      const pinned = [...node.overlay, ...node.underlay].map(addressPart)
      const addresses: readonly Address[] = node.overlay.length > 0 ? pinned : [...derived, ...pinned]
      return { label: node.label, hostname: node.hostname ?? node.label, addresses, networks: [], pooled: [] }
    }),
  pools: [...draft.overlay, ...draft.underlay],
  carried: draft.overlay.map(familyOf),
})
