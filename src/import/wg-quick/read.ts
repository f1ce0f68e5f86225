import { type Diagnostic, type Result, resultOf } from '../../diagnostics/index.js'
import {
  type Address,
  addressPart,
  type EndpointSpec,
  familyOf,
  hostPrefix,
  type InterfaceAddress,
  type Prefix,
  type PublicKey,
} from '../../net/index.js'
import type { Source } from '../../parse/parse.js'
import type { Findings } from '../finding.js'
import { type FoundMesh, type FoundNode, type FoundPresharedKey, noHooks } from '../found.js'
import { endpointText } from '../vwgen/endpoint.js'
import { type OwnFile, type PeerEntry, readOwnFile } from './file.js'
import { keyHolders, namedNodes } from './owners.js'

/** Reads wg-quick's files of several nodes, one for each, and of each other what they tell. */
export const readWgQuick = (sources: readonly Source[], findings: Findings): Result<FoundMesh> => {
  const diagnostics: Diagnostic[] = []
  const files: OwnFile[] = []
  for (const source of sources) {
    const read = readOwnFile(source, findings)
    if (read.ok) files.push(read.value)
    else diagnostics.push(...read.diagnostics)
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  const holders = keyHolders(files, diagnostics)
  const names = namedNodes(files, holders)
  const common = commonFacts(files, diagnostics)
  const nodes = [...names].map(([key, name]) => nodeOf(key, name, holders.get(key) ?? null, files, findings))
  const mesh = (): FoundMesh => ({
    ...common,
    name: [...new Set(files.map(file => file.mesh))].find(name => name !== null) ?? null,
    mtu: {
      tunnel: files.find(file => file.mtu !== null)?.mtu ?? null,
      overlay: files.find(file => file.hooks.device?.mtu)?.hooks.device?.mtu ?? null,
    },
    pools: [],
    nodes: withoutRelayed(nodes),
    exclude: apart(names, holders),
    presharedKeys: presharedKeys(names, holders, diagnostics),
    tool: files.find(file => file.tool !== 'other')?.tool ?? 'other',
  })
  const value = mesh()
  return resultOf(diagnostics, () => value)
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

const nodeOf = (
  key: PublicKey,
  name: string,
  own: OwnFile | null,
  files: readonly OwnFile[],
  findings: Findings,
): FoundNode => {
  const seen = files.flatMap(file => file.peers.filter(peer => peer.publicKey === key))
  const endpoints = endpointsOf(name, seen, findings)
  const allowedIps = [...new Set(seen.flatMap(peer => peer.allowedIps))]
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
    privateKey: own?.privateKey ?? null,
    publicKey: key,
    keyElsewhere: own?.privateKey === undefined || own.privateKey === null,
    endpoints,
    listenPort: own?.listenPort ?? endpoints.find(({ port }) => port !== null)?.port ?? null,
    fwmark: own?.fwmark ?? null,
    keepalive: own ? keepaliveOf(own, findings) : null,
    underlay: own && own.addresses.length > 0 ? own.addresses : firstOfFamilies(hosts),
    allowedIps: seen.length === 0 ? null : allowedIps,
    overlay: own?.hooks.addresses ?? [],
    mac: own?.hooks.device?.mac ?? null,
    hooks: own?.hooks.own ?? noHooks,
  }
}

const firstOfFamilies = (hosts: readonly Prefix[]): InterfaceAddress[] =>
  (['ipv4', 'ipv6'] as const).flatMap(family => {
    const host = hosts.find(prefix => familyOf(prefix) === family)
    return host ? [host as string as InterfaceAddress] : []
  })

/** Where its peers dial it: of several places in a family the one that most files name. */
const endpointsOf = (name: string, seen: readonly PeerEntry[], findings: Findings): EndpointSpec[] => {
  const counts = new Map<string, { readonly endpoint: EndpointSpec; count: number }>()
  for (const { endpoint } of seen) {
    if (!endpoint) continue
    const text = endpointText(endpoint, null)
    const known = counts.get(text) ?? { endpoint, count: 0 }
    known.count++
    counts.set(text, known)
  }
  const ranked = [...counts].sort(([, a], [, b]) => b.count - a.count)
  const families = new Set<string>()
  return ranked.flatMap(([text, { endpoint }]) => {
    const family = endpoint.family ?? 'name'
    if (families.size < 2 && !families.has(family)) {
      families.add(family)
      return [endpoint]
    }
    findings.leftOut('endpoint', name, `${text}, where some of its peers dial it: others name another place`)
    return []
  })
}

/** One number for all its peers, or ciab-gen's rule: the side that cannot be dialled keeps the way open. */
const keepaliveOf = (own: OwnFile, findings: Findings): number | null => {
  const values = new Set(own.peers.map(peer => peer.keepalive))
  const [first] = values
  if (values.size === 1) return first || null
  const sent = own.peers.filter(peer => peer.keepalive > 0 && peer.endpoint)
  if (sent.length > 0)
    findings.wire(
      'keepalive',
      own.name,
      'its keepalives differed from peer to peer: now 25 s toward those that cannot dial it, and none elsewhere',
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
