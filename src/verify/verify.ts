import { byPlace, type Diagnostic } from '../diagnostics/index.js'
import { routingFindings } from './agreement.js'
import { bridgeFindings } from './flow/bridge-findings.js'
import { expectedOf } from './flow/expected.js'
import { type Flow, flowOf } from './flow/flow.js'
import { openToOutside } from './flow/from-outside.js'
import { judge } from './flow/judge.js'
import { type Net, netOf } from './flow/net.js'
import { areOfOneFamily, endsNamed, type Named } from './flow/path.js'
import { type NodeFiles, type NodeFolder, readNode } from './node.js'
import { type Pair, pairsOf } from './pairs.js'
import { newReaders } from './readers.js'
import { type Routes, routesOf } from './spread.js'
import { tunnelFindings } from './tunnel.js'
import { areApart, type World, worldOf } from './world.js'

/** What the files of a tree say together. */
export interface Verdict {
  readonly nodes: readonly string[]
  /** Of each two nodes, every announced network of the second. */
  readonly pairs: readonly Pair[]
  /** How many flows were decided of those that a mesh expects to pass or not to. */
  readonly flows: { readonly decided: number; readonly asExpected: number; readonly unknown: number }
  readonly findings: readonly Diagnostic[]
  /** Parts that were there and not looked at, a sentence each. */
  readonly unread: readonly string[]
}

const unreadAlways = [
  'what a node has that its files do not say: other rules, routes and addresses, and what containers refuse themselves',
  'what containers and other nodes send to BGP',
  'passwords and BFD of BGP sessions, and the next hops that route-maps set',
]

/** What is read of a tree, and how packets go in it: many questions can be asked of it. */
export interface Study {
  readonly world: World
  readonly routes: Routes
  readonly net: Net
  readonly findings: readonly Diagnostic[]
  readonly unread: readonly string[]
}

/** Reads a tree; `without` has the names of nodes that are off. */
export const studyOf = (folders: readonly NodeFolder[], without: readonly string[] = []): Study => {
  const readers = newReaders()
  const nodes: NodeFiles[] = []
  const findings: Diagnostic[] = []
  const unread: string[] = []
  for (const folder of folders) {
    if (without.includes(folder.name)) continue
    const read = readNode(folder, readers)
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
  const routes = routesOf(world)
  const net = netOf(world, routes, readers)
  for (const { name, filter } of net.machines)
    if (!filter) unread.push(`${name}: it has no packet filter in its files, so what it drops is not known`)
  return { world, routes, net, findings, unread }
}

/**
 * Decides from the files of nodes alone which announced networks each node has a route to and a way to send to (WireGuard,
 * VXLAN, BGP), and which packets arrive that should, and which should not (bridges, tenants, segments, packet filters).
 * Errors are the findings; it throws nothing.
 */
export const verify = (folders: readonly NodeFolder[], without: readonly string[] = []): Verdict =>
  verdictOf(studyOf(folders, without))

/** The same of a tree that was read. */
export const verdictOf = ({ world, routes, net, findings, unread }: Study): Verdict => {
  const pairs = pairsOf(world, routes)
  const judged = judge(net, expectedOf(net), (a, b) => areApart(world, a.machine.node, b.machine.node))
  const parts = [
    ...findings,
    ...tunnelFindings(world),
    ...routingFindings(world, routes),
    ...pairs.flatMap(({ why }) => why ?? []),
    ...bridgeFindings(net),
    ...openToOutside(net),
  ]
  const places = new Set(parts.map(({ span }) => `${span?.file}:${span?.line}`))
  const all = [
    ...parts,
    // What is told of a part already needs no flow to show it.
    ...judged.findings.filter(({ span }) => !places.has(`${span?.file}:${span?.line}`)),
  ]
  const seen = new Map(all.map(one => [`${one.span?.file}:${one.span?.line} ${one.message}`, one]))
  return {
    nodes: world.nodes.map(({ name }) => name),
    pairs,
    flows: { decided: judged.flows, asExpected: judged.asExpected, unknown: judged.unknown },
    findings: byFile([...seen.values()]),
    unread: [...unread, ...judged.doubts, ...unreadAlways],
  }
}

/**
 * What packets between two ends meet, and their answers: `node1/10.77.1.5` and `node3/10.77.3.7`, or `node1` for its first
 * containers, and itself where it has none. Or which end is none.
 *
 * @param without names of nodes that are off
 */
export const pathBetween = (
  folders: readonly NodeFolder[],
  from: string,
  to: string,
  without: readonly string[] = [],
): Flow | Extract<Named, { ok: false }> => pathIn(studyOf(folders, without), from, to)

/** The same in a tree that was read. */
export const pathIn = ({ net }: Study, from: string, to: string): Flow | Extract<Named, { ok: false }> => {
  const [starts, targets] = [endsNamed(net, from), endsNamed(net, to)]
  if (!starts.ok) return starts
  if (!targets.ok) return targets
  for (const a of starts.ends)
    for (const b of targets.ends) if (areOfOneFamily(a, b)) return flowOf(net, a, b, true)
  const [a, b] = [starts, targets].map(({ ends: [end] }) => end?.address)
  return {
    ok: false,
    message: `${a} and ${b} are of different families`,
    hint: 'write two IPv4 addresses or two IPv6 ones',
  }
}

const byFile = (found: readonly Diagnostic[]): Diagnostic[] => {
  const files = [...new Set(found.map(({ span }) => span?.file ?? ''))].sort()
  return files.flatMap(file => byPlace(found.filter(({ span }) => (span?.file ?? '') === file)))
}

/** The pairs of one tree that are lost in another, of those between nodes that stay. */
export const lostAmong = (
  before: readonly Pair[],
  after: readonly Pair[],
  gone: readonly string[],
): Pair[] => {
  const named = ({ from, to, prefix }: Pair): string => `${from} ${to} ${prefix}`
  const left = new Set(after.filter(({ passes }) => passes).map(named))
  return before.filter(
    pair => pair.passes && !gone.includes(pair.from) && !gone.includes(pair.to) && !left.has(named(pair)),
  )
}

/** Of each two nodes, or of one with one other, every announced network of the second. */
export const pairsIn = ({ world, routes }: Study, from?: string, to?: string): Pair[] =>
  pairsOf(world, routes, from, to)
