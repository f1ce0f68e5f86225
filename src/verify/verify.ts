import { byPlace, type Diagnostic } from '../diagnostics/index.js'
import { routingFindings } from './agreement.js'
import { type NodeFiles, type NodeFolder, readNode } from './node.js'
import { type Pair, pairsOf } from './pairs.js'
import { tunnelFindings } from './tunnel.js'
import { worldOf } from './world.js'

/** What the files of a tree say together. */
export interface Verdict {
  readonly nodes: readonly string[]
  /** Of each two nodes, every announced network of the second. */
  readonly pairs: readonly Pair[]
  readonly findings: readonly Diagnostic[]
  /** Parts that were there and not looked at, a sentence each. */
  readonly unread: readonly string[]
}

const unreadAlways = [
  'packet filters (etc/ciab/*.nft and those of others), so nothing here says what may not pass',
  'tenants, segments, clients and what is routed in from outside',
  'the bridges of containers, and what a node has that its files do not say',
  'passwords and BFD of BGP sessions, and the next hops that route-maps set',
]

/**
 * Decides from the files of nodes alone which announced networks each node has a route to and a way to send to: WireGuard,
 * VXLAN, and BGP of the default VRF. Errors are the findings; it throws nothing.
 */
export const verify = (folders: readonly NodeFolder[], without: readonly string[] = []): Verdict => {
  const nodes: NodeFiles[] = []
  const findings: Diagnostic[] = []
  const unread: string[] = []
  for (const folder of folders) {
    if (without.includes(folder.name)) continue
    const read = readNode(folder)
    if (!read.ok) findings.push(...read.diagnostics)
    else if (read.value) nodes.push(read.value)
    else unread.push(`${folder.name}: it has no WireGuard interface in its files`)
  }
  for (const { name, routing, publicKey, others } of nodes) {
    for (const file of others) unread.push(`${file}: another WireGuard interface`)
    if (!routing)
      unread.push(`${name}: it has no frr.conf with a BGP instance, so its networks are in no pair`)
    if (publicKey === null)
      unread.push(`${name}: its private key is not in the files, so its public one is taken as most have it`)
  }
  const world = worldOf(nodes)
  const pairs = pairsOf(world)
  const all = [
    ...findings,
    ...tunnelFindings(world),
    ...routingFindings(world),
    ...pairs.flatMap(({ why }) => why ?? []),
  ]
  const seen = new Map(all.map(one => [`${one.span?.file}:${one.span?.line} ${one.message}`, one]))
  return {
    nodes: nodes.map(({ name }) => name),
    pairs,
    findings: byFile([...seen.values()]),
    unread: [...unread, ...unreadAlways],
  }
}

const byFile = (found: readonly Diagnostic[]): Diagnostic[] => {
  const files = [...new Set(found.map(({ span }) => span?.file ?? ''))].sort()
  return files.flatMap(file => byPlace(found.filter(({ span }) => (span?.file ?? '') === file)))
}

/** The pairs that are lost when nodes are gone, of those between the ones that stay. */
export const lostWithout = (
  folders: readonly NodeFolder[],
  gone: readonly string[],
  before: Verdict,
): Pair[] => {
  const after = new Map(
    verify(folders, gone).pairs.map(pair => [`${pair.from} ${pair.to} ${pair.prefix}`, pair]),
  )
  return before.pairs
    .filter(({ from, to, passes }) => passes && !gone.includes(from) && !gone.includes(to))
    .filter(({ from, to, prefix }) => after.get(`${from} ${to} ${prefix}`)?.passes !== true)
}
