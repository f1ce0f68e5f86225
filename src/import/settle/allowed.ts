import {
  type Address,
  addressPart,
  contains,
  covers,
  familyOf,
  hostPrefix,
  overlaps,
  type Prefix,
} from '../../net/index.js'
import { unroutableIn } from '../../resolve/addresses/known-ranges.js'
import { type Findings, several } from '../finding.js'
import { dialledAt, type FoundNode } from '../found.js'

/**
 * What peers accept from each node beside its own underlay addresses. wg gives a prefix to the last peer
 * that claims it, and a tunnel that swallows its own endpoints is none; such claims are left out.
 */
export const foreignAllowed = (
  nodes: readonly FoundNode[],
  pools: readonly Prefix[],
  findings: Findings,
): Map<string, Prefix[]> => {
  for (const node of nodes) checkOwn(node, findings)
  const own = new Map(nodes.map(node => [node.name, node.underlay.map(address => addressPart(address))]))
  const endpoints = nodes.flatMap(node =>
    dialledAt(node).flatMap(({ host, family }) => (family ? [host as Address] : [])),
  )
  const winners = new Map<Prefix, string>()
  for (const node of nodes) for (const prefix of node.allowedIps ?? []) winners.set(prefix, node.name)
  const kept = new Map<string, Prefix[]>()
  for (const node of nodes) {
    const hosts = (own.get(node.name) as Address[]).map(hostPrefix)
    const foreign = new Set((node.allowedIps ?? []).filter(prefix => !hosts.includes(prefix)))
    for (const prefix of foreign) {
      const clash = clashOf(prefix, node, nodes, pools, endpoints, winners, kept)
      if (clash) findings.leftOut('allowed-ips', node.name, `${prefix} in AllowedIPs ${clash}`)
      else kept.set(node.name, [...(kept.get(node.name) ?? []), prefix])
    }
  }
  for (const [name, prefixes] of kept) reportRoutes(name, prefixes, nodes, findings)
  return kept
}

/** Where files had no route to it, by wg-quick or by a hook, there is one now. */
const reportRoutes = (
  name: string,
  prefixes: readonly Prefix[],
  nodes: readonly FoundNode[],
  findings: Findings,
): void => {
  const others = nodes.filter(other => other.name !== name)
  for (const prefix of prefixes) {
    const fresh = others.filter(({ routed }) => routed && !routed.some(route => covers(route, prefix)))
    const who = fresh.length === others.length ? 'the other nodes' : several(fresh.map(other => other.name))
    if (fresh.length > 0)
      findings.wire('route', name, `${who} route ${prefix} into the tunnel now, as their files did not`)
  }
}

const clashOf = (
  prefix: Prefix,
  node: FoundNode,
  nodes: readonly FoundNode[],
  pools: readonly Prefix[],
  endpoints: readonly Address[],
  winners: ReadonlyMap<Prefix, string>,
  kept: ReadonlyMap<string, readonly Prefix[]>,
): string | null => {
  const winner = winners.get(prefix)
  if (winner !== node.name) return `went to ${winner}, which claims it too and comes later in the files`
  const unroutable = unroutableIn(prefix)
  if (unroutable) return `holds ${unroutable.what} (${unroutable.prefix}), which no tunnel may carry`
  const endpoint = endpoints.find(address => contains(prefix, address))
  if (endpoint) return `holds the endpoint ${endpoint}, which the tunnel itself needs`
  const pool = pools.find(other => familyOf(other) === familyOf(prefix) && overlaps(other, prefix))
  if (pool)
    return `${covers(prefix, pool) ? 'holds' : 'lies in'} the mesh's own ${pool}: of that, peers accept its own address alone`
  for (const other of nodes) {
    const theirs = [
      ...other.underlay.map(address => hostPrefix(addressPart(address))),
      ...(kept.get(other.name) ?? []),
    ]
    const hit = theirs.find(taken => covers(taken, prefix) || covers(prefix, taken))
    if (hit) return `overlaps ${hit} of ${other.name}`
  }
  return null
}

/** A node whose own address its peers do not accept is on no overlay. */
const checkOwn = ({ name, underlay, allowedIps }: FoundNode, findings: Findings): void => {
  if (allowedIps === null) return
  const lost = underlay
    .map(addressPart)
    .filter(address => !allowedIps.some(prefix => contains(prefix, address)))
  if (lost.length > 0)
    findings.broken(
      'allowed-ips',
      name,
      `AllowedIPs does not hold its own ${lost.join(', ')}, so its peers dropped what came from there: added`,
    )
}
