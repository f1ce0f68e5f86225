import {
  type Address,
  type AddressFamily,
  addressPart,
  contains,
  type EndpointSpec,
  familyOf,
  hostPrefix,
  type InterfaceAddress,
  integerOf,
  networkOfInterface,
  type Port,
  type Prefix,
  parseHostName,
  rangeOf,
} from '../../net/index.js'
import { type Range, reservedIn, standing, unroutableIn } from '../../resolve/addresses/known-ranges.js'
import { hostIn } from '../../resolve/addresses/pools.js'
import { defaults } from '../../resolve/defaults.js'
import type { Draft, DraftNode } from '../draft.js'
import type { Findings } from '../finding.js'
import { dialledAt, type FoundMesh, type FoundNode } from '../found.js'
import { idsFor, labelsFor, meshNameFor } from '../names.js'
import { endpointText } from '../vwgen/endpoint.js'
import { foreignAllowed } from './allowed.js'
import { isHostOf } from './candidates.js'
import { carrierIn } from './client.js'
import { wasExit } from './exit.js'
import { settledHooks } from './hooks.js'
import { pathMtuFor } from './mtu.js'
import { overlayPools, underlayPools } from './pools.js'

const families: readonly AddressFamily[] = ['ipv4', 'ipv6']

/** Decides what the found facts leave open, so that they make a mesh.ini. */
export const settle = (found: FoundMesh, findings: Findings): Draft => {
  const labels = labelsFor(
    found.nodes.map(({ name }) => name),
    findings,
  )
  const named = (name: string): string => labels.get(name) as string
  const name = meshNameFor(found.name, findings)
  const distinct = withoutClashes(found.nodes, findings)
  const overlay = overlayPools(found, distinct, findings)
  const underlay = underlayPools(found, distinct, overlay, findings)
  const kept = withoutEdges(distinct, [...underlay, ...overlay], findings)
  const port = usualPort(kept)
  const ids = idsFor(
    kept.map(({ name }) => name),
    (name, id) => idIsFree(kept, name, id, [...underlay, ...overlay]),
  )
  const literal = new Set(
    kept.flatMap(node => dialledAt(node).flatMap(({ family }) => (family ? [family] : []))),
  )
  const { pathMtu, ipv4Only } = pathMtuFor(found, kept, findings)
  const allowed = foreignAllowed(kept, [...underlay, ...overlay], findings)
  const carriers = new Map(
    kept.flatMap(node => {
      const carrier = carrierIn(found, node)
      return carrier === null ? [] : [[node.name, named(carrier)] as const]
    }),
  )
  const exits = new Set(
    kept.filter(node => wasExit(node, name) && [...carriers.values()].includes(named(node.name))),
  )
  const leaving = new Set([...exits].map(node => named(node.name)))
  const around = surroundings(kept, [...underlay, ...overlay], allowed)
  const nodes = kept.map((node, index): DraftNode => {
    const label = named(node.name)
    reportInvented(node, ids[index] as number, underlay, findings)
    const underlayAddresses = onePerFamily(node, findings)
    const listenPort = node.listenPort ?? dialledAt(node).find(endpoint => endpoint.port)?.port ?? port
    const texts = (endpoints: readonly EndpointSpec[]): string =>
      endpoints.map(endpoint => endpointText(endpoint, listenPort)).join(', ')
    return {
      label,
      found: node.name,
      id: ids[index] as number,
      hostname: node.name !== label && parseHostName(node.name).ok ? node.name : null,
      endpoint: texts(node.endpoints ?? []) || 'none',
      site: node.site,
      endpointAtSite: texts(node.endpointsAtSite) || null,
      families: familiesOf(node, literal),
      privateKey: node.privateKey,
      publicKey: node.publicKey,
      keyOnNode: node.keyElsewhere && node.privateKey === null,
      via: carriers.get(node.name) ?? null,
      exit: exits.has(node),
      fullTunnel: leaving.has(carriers.get(node.name) ?? ''),
      listenPort,
      fwmark: node.fwmark,
      keepalive: node.keepalive,
      underlay: underlayAddresses,
      overlay: inPoolFirst(node.overlay, overlay),
      mac: node.mac,
      allowedIps: allowed.get(node.name) ?? [],
      hooks: settledHooks(node, name, around(node), underlayAddresses, exits.has(node), findings),
    }
  })
  if (literal.size > 1)
    findings.assumed(
      'families',
      null,
      'some nodes are dialled in IPv4 and others in IPv6: each is taken to dial both; write "families" for one that cannot',
    )
  return {
    name,
    underlay,
    overlay,
    vni: found.vni,
    port,
    vxlanPort: found.vxlanPort,
    pathMtu,
    ipv4Only,
    nodes: nodes.sort((a, b) => a.id - b.id),
    exclude: found.exclude
      .filter(pair => !pair.some(name => carriers.has(name)))
      .map(([one, other]) => [named(one), named(other)] as const),
  }
}

/** A node with an endpoint of one family speaks only that, unless it says otherwise; here all were dialled by all. */
const familiesOf = (node: FoundNode, literal: ReadonlySet<AddressFamily>): string | null =>
  literal.size > 1 && dialledAt(node).some(({ family }) => family !== null) ? 'ipv4, ipv6' : null

/** Of addresses and MACs that two nodes have, the first keeps its own; what every host needs is nobody's. */
const withoutClashes = (nodes: readonly FoundNode[], findings: Findings): FoundNode[] => {
  const taken = new Map<string, string>()
  const free = (name: string, value: string, what: 'address' | 'key'): boolean => {
    const owner = taken.get(value)
    if (owner === undefined) taken.set(value, name)
    if (owner === undefined) return true
    const text =
      owner === name
        ? `${value} stands twice`
        : `${value} is ${owner}'s too: it gets another, which follows from its id`
    findings.broken(what, name, text)
    return false
  }
  const usable = (
    { name }: FoundNode,
    address: InterfaceAddress,
    neededIn: (prefix: Prefix) => Range | undefined,
  ): boolean => {
    const needed = neededIn(hostPrefix(addressPart(address)))
    if (needed)
      findings.broken(
        'address',
        name,
        `${addressPart(address)} ${standing(needed)}: it gets another address, which all nodes need at the same time`,
      )
    return !needed
  }
  return nodes.map(node => ({
    ...node,
    underlay: node.underlay.filter(
      address => usable(node, address, unroutableIn) && free(node.name, addressPart(address), 'address'),
    ),
    overlay: node.overlay.filter(
      address => usable(node, address, reservedIn) && free(node.name, addressPart(address), 'address'),
    ),
    mac: node.mac && free(node.name, node.mac, 'key') ? node.mac : null,
  }))
}

/** The network's own address and the broadcast address are nobody's. */
const withoutEdges = (
  nodes: readonly FoundNode[],
  pools: readonly Prefix[],
  findings: Findings,
): FoundNode[] =>
  nodes.map(node => {
    const isHost = (address: InterfaceAddress): boolean => {
      const pool = pools.find(prefix => contains(prefix, addressPart(address)))
      const around = pool ?? networkOfInterface(address)
      const [first, last] = rangeOf(around)
      if (last - first < 2n || isHostOf(around, addressPart(address))) return true
      findings.broken(
        'address',
        node.name,
        `${address} is the network or broadcast address of ${around}: it gets another, which follows from its id`,
      )
      return false
    }
    return { ...node, underlay: node.underlay.filter(isHost), overlay: node.overlay.filter(isHost) }
  })

/** What each node's generated file routes into the tunnel. */
const surroundings = (
  nodes: readonly FoundNode[],
  pools: readonly Prefix[],
  allowed: ReadonlyMap<string, readonly Prefix[]>,
): ((node: FoundNode) => Prefix[]) => {
  const of = (node: FoundNode): Prefix[] => [
    ...node.underlay.map(address => hostPrefix(addressPart(address))),
    ...(allowed.get(node.name) ?? []),
  ]
  return node => [...pools, ...nodes.filter(other => other !== node).flatMap(of)]
}

/** An address that no file has is one that old files do not let through. */
const reportInvented = (node: FoundNode, id: number, [pool]: readonly Prefix[], findings: Findings): void => {
  if (node.underlay.some(address => familyOf(address) === 'ipv4') || pool === undefined) return
  const address = hostIn(pool, id)
  if (node.underlay.length > 0)
    findings.wire('vxlan', node.name, `it gets an IPv4 underlay address, ${address}, which VXLAN needs`)
  else
    findings.assumed(
      'address',
      node.name,
      `its own address in the tunnel is in no file: ${address} is made up of its id; write underlay-address if you know it`,
    )
}

/** The listen port that most nodes have, of those alike the lowest; else WireGuard's usual one. */
const usualPort = (nodes: readonly FoundNode[]): Port => {
  const counts = new Map<Port, number>()
  for (const { listenPort } of nodes)
    if (listenPort !== null) counts.set(listenPort, (counts.get(listenPort) ?? 0) + 1)
  const [usual] = [...counts].sort(([a, one], [b, other]) => other - one || a - b)
  return usual?.[0] ?? defaults.port
}

/** Whether what would be derived from the id is nobody's already. */
const idIsFree = (
  nodes: readonly FoundNode[],
  name: string,
  id: number,
  pools: readonly Prefix[],
): boolean => {
  const others = nodes.filter(node => node.name !== name)
  const taken = new Set(
    others.flatMap(node =>
      [...node.underlay, ...node.overlay].map(address => integerOf(addressPart(address))),
    ),
  )
  const own = nodes.find(node => node.name === name)
  const needed = pools.filter(
    pool =>
      ![...(own?.underlay ?? []), ...(own?.overlay ?? [])].some(address =>
        contains(pool, addressPart(address)),
      ),
  )
  return needed.every(pool => {
    const [first, last] = rangeOf(pool)
    return first + BigInt(id) < last && !taken.has(first + BigInt(id))
  })
}

/** VXLAN has one endpoint on each node, so mesh.ini one underlay address of each family. */
const onePerFamily = (node: FoundNode, findings: Findings): InterfaceAddress[] =>
  families.flatMap(family => {
    const [first, ...more] = node.underlay.filter(address => familyOf(address) === family)
    if (more.length > 0)
      findings.leftOut(
        'address',
        node.name,
        `${more.join(', ')} beside ${first}: a node has one underlay address of each family`,
      )
    return first ? [first] : []
  })

/** Sessions and routes start from the first address of a family: one in the pool, if there is one. */
const inPoolFirst = (
  addresses: readonly InterfaceAddress[],
  pools: readonly Prefix[],
): InterfaceAddress[] => {
  const inside = (address: InterfaceAddress): boolean =>
    pools.some(pool => isHostOf(pool, addressPart(address) as Address))
  return [...addresses.filter(inside), ...addresses.filter(address => !inside(address))]
}
