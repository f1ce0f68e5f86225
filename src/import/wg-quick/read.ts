import { type Diagnostic, type Result, resultOf } from '../../diagnostics/index.js'
import {
  type Address,
  addressPart,
  familyOf,
  hostPrefix,
  type InterfaceAddress,
  networkOfInterface,
  type Prefix,
  type PublicKey,
} from '../../net/index.js'
import type { TunnelFile } from '../../readers/index.js'
import type { Findings } from '../finding.js'
import { type FoundMesh, type FoundNode, type FoundPresharedKey, noHooks } from '../found.js'
import { placesOf, type Seen } from './endpoints.js'
import { type OwnFile, type PeerEntry, readOwnFile } from './file.js'
import { keyHolders, namedNodes } from './owners.js'
import { type Dialling, dialling, sitesOf } from './sites.js'

/** Reads the tunnel's files of several nodes, one for each, and of each other what they tell. */
export const readTunnels = (tunnels: readonly TunnelFile[], findings: Findings): Result<FoundMesh> => {
  const diagnostics: Diagnostic[] = []
  const files: OwnFile[] = []
  for (const tunnel of tunnels) {
    const read = readOwnFile(tunnel, tunnels.length === 1, findings)
    if (read.ok) files.push(read.value)
    else diagnostics.push(...read.diagnostics)
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  const holders = keyHolders(files, diagnostics)
  const names = namedNodes(files, holders)
  for (const [key, file] of holders) findings.rename(file.file, names.get(key) as string)
  const common = commonFacts(files, diagnostics)
  const seen = new Map([...names].map(([key]) => [key, seenIn(key, names, holders)]))
  const dialled = new Map(
    [...names].map(([key, name]) => {
      const views = seen.get(key) as Seen[]
      const places = placesOf(name, holders.get(key) ?? null, views, findings)
      const silent = views.filter(({ peer }) => peer.endpoint === null && peer.unusable === null)
      return [name, { name, places, silent: silent.map(({ from }) => from) }] as const
    }),
  )
  const sites = sitesOf([...dialled.values()])
  const nodes = [...names].map(([key, name]) => {
    const places = dialled.get(name)?.places ?? []
    const own = holders.get(key) ?? null
    const endpoints = dialling(name, own, places, sites.get(name) ?? null, findings)
    return nodeOf(key, name, seen.get(key) as Seen[], endpoints, { names, holders, files }, findings)
  })
  const shared = presharedKeys(names, holders, diagnostics)
  return resultOf(diagnostics, () => ({
    ...common,
    name: usualInterface(files),
    mtu: {
      tunnel: files.find(file => file.mtu !== null)?.mtu ?? null,
      overlay: files.find(file => file.hooks.device?.mtu)?.hooks.device?.mtu ?? null,
    },
    pools: [],
    nodes: withoutRelayed(nodes),
    exclude: apart(names, holders),
    presharedKeys: shared,
    views: [...holders].flatMap(([key, file]) =>
      file.peers.map(peer => ({
        from: names.get(key) as string,
        to: names.get(peer.publicKey) as string,
        endpoint: peer.endpoint,
        proxy: peer.unusable,
        allowedIps: peer.allowedIps,
      })),
    ),
    tool: files.find(file => file.tool !== 'other')?.tool ?? 'other',
  }))
}

/** All that the files say, and whose they are. */
interface Known {
  readonly names: ReadonlyMap<PublicKey, string>
  readonly holders: ReadonlyMap<PublicKey, OwnFile>
  readonly files: readonly OwnFile[]
}

/** What most files call the interface, of those alike the first. */
const usualInterface = (files: readonly OwnFile[]): string | null => {
  const counts = new Map<string, number>()
  for (const file of files)
    if (file.interface !== null) counts.set(file.interface, (counts.get(file.interface) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}

/** What all files must agree on. */
const commonFacts = (
  files: readonly OwnFile[],
  diagnostics: Diagnostic[],
): Pick<FoundMesh, 'vni' | 'vxlanPort'> => {
  const first: { vni: OwnFile | null; port: OwnFile | null } = { vni: null, port: null }
  for (const file of files)
    for (const what of ['vni', 'port'] as const) {
      const value = file.hooks.device?.[what] ?? null
      const before = first[what]
      if (value === null) continue
      if (before === null) first[what] = file
      else if (before.hooks.device?.[what] !== value)
        diagnostics.push({
          severity: 'error',
          code: 'import-conflict',
          message: `the VXLAN ${what === 'vni' ? 'id' : 'port'} is ${value} here and ${before.hooks.device?.[what]} in ${before.file}`,
          span: file.span,
          hint: 'nodes with different ones are on different overlays: import those of one',
          related: { message: `${before.file} is the other`, span: before.span },
        })
    }
  return {
    vni: first.vni?.hooks.device?.vni ?? null,
    vxlanPort: first.port?.hooks.device?.port ?? null,
  }
}

const seenIn = (
  key: PublicKey,
  names: ReadonlyMap<PublicKey, string>,
  holders: ReadonlyMap<PublicKey, OwnFile>,
): Seen[] =>
  [...holders].flatMap(([holder, file]) =>
    file.peers
      .filter(peer => peer.publicKey === key)
      .map(peer => ({ peer, file, from: names.get(holder) as string })),
  )

const nodeOf = (
  key: PublicKey,
  name: string,
  seen: readonly Seen[],
  dialling: Dialling,
  { names, holders, files }: Known,
  findings: Findings,
): FoundNode => {
  const own = holders.get(key) ?? null
  const allowedIps = [...new Set(seen.flatMap(({ peer }) => peer.allowedIps))]
  const hosts = allowedIps.filter(prefix => prefix === hostPrefix(addressPart(prefix)))
  if (!own)
    findings.assumed(
      'key',
      name,
      'no file of its own was given: it keeps its private key, and what only that file says follows from its id',
    )
  return {
    name,
    file: own?.file ?? files[0]?.file ?? '',
    given: own !== null,
    interface: own?.interface ?? null,
    replaced: own?.hooks.replaced ?? [],
    routed: own && routedBy(own),
    privateKey: own?.privateKey ?? null,
    publicKey: key,
    keyElsewhere: own?.privateKey === undefined || own.privateKey === null,
    ...dialling,
    listenPort:
      own?.listenPort ??
      [...dialling.endpointsAtSite, ...(dialling.endpoints ?? [])].find(({ port }) => port !== null)?.port ??
      null,
    fwmark: own?.fwmark ?? null,
    keepalive: own ? keepaliveOf(own, name, names, findings) : null,
    underlay: own && own.addresses.length > 0 ? own.addresses : firstOfFamilies(hosts),
    allowedIps: seen.length === 0 ? null : allowedIps,
    overlay: own?.hooks.addresses ?? [],
    mac: own?.hooks.device?.mac ?? null,
    hooks: own?.hooks.own ?? noHooks,
  }
}

/** The routes of wg-quick(8), where it makes them, those of addresses, and those that hooks make. */
const routedBy = (own: OwnFile): Prefix[] => [
  ...(own.routed ? own.peers.flatMap(({ allowedIps }) => allowedIps) : []),
  ...own.addresses.map(networkOfInterface),
  ...own.routes,
  ...own.hooks.routes,
]

const firstOfFamilies = (hosts: readonly Prefix[]): InterfaceAddress[] =>
  (['ipv4', 'ipv6'] as const).flatMap(family => {
    const host = hosts.find(prefix => familyOf(prefix) === family)
    return host ? [host as string as InterfaceAddress] : []
  })

/** One number for all its peers, or ciab-gen's rule: the side that cannot be dialled keeps the way open. */
const keepaliveOf = (
  own: OwnFile,
  name: string,
  names: ReadonlyMap<PublicKey, string>,
  findings: Findings,
): number | null => {
  const values = new Set(own.peers.map(peer => peer.keepalive))
  const [first] = values
  if (values.size <= 1) return first || null
  const toward = own.peers
    .filter(peer => peer.keepalive > 0)
    .map(peer => `${peer.keepalive} toward ${names.get(peer.publicKey)}`)
  findings.wire(
    'keepalive',
    name,
    `PersistentKeepalive was ${toward.join(', ')}, and 0 toward others: it is 25 toward those that cannot dial it now, and 0 toward others`,
  )
  return null
}

/** A relay accepts from one node what belongs to another; ciab-gen works that out itself. */
const withoutRelayed = (nodes: readonly FoundNode[]): FoundNode[] => {
  const owners = new Map<Address, FoundNode>()
  for (const node of nodes) for (const address of node.underlay) owners.set(addressPart(address), node)
  return nodes.map(node => ({
    ...node,
    allowedIps:
      node.allowedIps?.filter(prefix => {
        const owner = owners.get(addressPart(prefix))
        return !owner || owner === node || prefix !== hostPrefix(addressPart(prefix))
      }) ?? null,
  }))
}

/** Pairs of which at least one file is known and names the other nowhere. */
const apart = (
  names: ReadonlyMap<PublicKey, string>,
  holders: ReadonlyMap<PublicKey, OwnFile>,
): [string, string][] => {
  const keys = [...names.keys()]
  const lists = (a: PublicKey, b: PublicKey): boolean | null =>
    holders.get(a)?.peers.some(peer => peer.publicKey === b) ?? null
  return keys.flatMap((a, index) =>
    keys.slice(index + 1).flatMap((b): [string, string][] => {
      const [one, other] = [lists(a, b), lists(b, a)]
      return one === false || other === false ? [[names.get(a) as string, names.get(b) as string]] : []
    }),
  )
}

const presharedKeys = (
  names: ReadonlyMap<PublicKey, string>,
  holders: ReadonlyMap<PublicKey, OwnFile>,
  diagnostics: Diagnostic[],
): FoundPresharedKey[] => {
  const found = new Map<string, FoundPresharedKey & { readonly at: PeerEntry }>()
  for (const [key, file] of holders)
    for (const peer of file.peers) {
      if (!peer.presharedKey) continue
      const nodes = [names.get(key) as string, names.get(peer.publicKey) as string] as const
      const id = JSON.stringify([...nodes].sort())
      const before = found.get(id)
      if (before && before.key.reveal() !== peer.presharedKey.reveal())
        diagnostics.push({
          severity: 'error',
          code: 'import-conflict',
          message: `${nodes[0]} and ${nodes[1]} have different preshared keys for each other`,
          span: peer.span,
          hint: 'put the same PresharedKey into both files, or none',
          related: { message: 'the other one is here', span: before.at.span },
        })
      else found.set(id, { nodes: [nodes[0], nodes[1]], key: peer.presharedKey, at: peer })
    }
  return [...found.values()].map(({ nodes, key }) => ({ nodes, key }))
}
