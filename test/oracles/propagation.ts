import { bare, familyOf } from './addresses.js'
import { floods, send } from './delivery.js'
import { carrierOf, isLayer3, type NodeFacts, sessionAddressOf, vtepOf } from './facts.js'
import { type Announcement, letsIn, letsOut } from './filters.js'
import type { FamilyName, FrrFile } from './frr.js'
import type { World } from './world.js'

/** A route as some node has it. */
export interface Route extends Announcement {
  readonly family: FamilyName
  /** Route distinguisher: keeps alike prefixes of several tables and nodes apart (RFC 4364, section 4.1). */
  readonly rd?: string
  readonly originator: NodeFacts
}

/** What one node ends up with. */
export type Rib = readonly Route[]

/** One end of a session: a node, and the address that it has there. */
interface End {
  readonly node: NodeFacts
  readonly address: string
}

/** What a node speaks from: the segment, and for EVPN the VTEP; without VXLAN both are one. */
const endsOf = (node: NodeFacts): End[] =>
  [...new Set([sessionAddressOf(node), vtepOf(node)])].map(address => ({ node, address }))

/** Whether the files of both ends make one session: each names the other's address and AS, and packets arrive. */
const isSession = (world: World, left: End, right: End): boolean => {
  const [a, b] = [world.frr(left.node), world.frr(right.node)]
  if (!a || !b || !names(a, left, right, b.asn) || !names(b, right, left, a.asn)) return false
  const onSegment = !isLayer3(world.blueprint) && left.address === sessionAddressOf(left.node)
  const arrives = (from: NodeFacts, to: NodeFacts): boolean =>
    onSegment ? floods(world, from, to) : send(world, from, to) === 'delivered'
  return arrives(left.node, right.node) && arrives(right.node, left.node)
}

const names = (file: FrrFile, own: End, other: End, asn: number): boolean => {
  const group = groupOf(file, other.address)
  return Number(group?.get('remote-as')) === asn && group?.get('update-source') === own.address
}

export const groupOf = (file: FrrFile, neighbor: string): ReadonlyMap<string, string> | undefined =>
  file.groups.get(file.neighbors.get(neighbor)?.group ?? '')

/** All sessions, from both ends. */
const sessionsOf = (world: World): [End, End][] =>
  world.pairs.flatMap(([a, b]) =>
    endsOf(a).flatMap(left =>
      endsOf(b)
        .filter(right => isSession(world, left, right))
        .map((right): [End, End] => [left, right]),
    ),
  )

/** Whether two nodes speak with each other about container networks. */
export const inSession = (world: World, a: NodeFacts, b: NodeFacts): boolean =>
  isSession(world, { node: a, address: sessionAddressOf(a) }, { node: b, address: sessionAddressOf(b) })

const nextHopsOf = (world: World, node: NodeFacts, family: FamilyName): string[] => {
  if (family === 'evpn') return [vtepOf(node)]
  const addresses = (isLayer3(world.blueprint) ? node.underlay : node.overlay).map(bare)
  return family === 'ipv4'
    ? [sessionAddressOf(node)]
    : addresses.filter(one => familyOf(one) === 'ipv6').slice(0, 1)
}

/** Routes that the node itself has. */
export const originated = (world: World, node: NodeFacts): Route[] =>
  (['ipv4', 'ipv6'] as const).flatMap(family =>
    (world.frr(node)?.families[family]?.networks ?? []).map(prefix => ({
      family,
      prefix,
      originator: node,
      nextHops: nextHopsOf(world, node, family),
      communities: [],
    })),
  )

/** A route that is on its way, and what it met there (RFC 4456, section 8). */
interface Path {
  readonly route: Route
  readonly from: End | null
  readonly clusters: readonly string[]
}

/**
 * What each node ends up with. In iBGP what came from an internal neighbor is not told to another (RFC 4271,
 * section 9.2) but by reflectors: what comes from a client to all, the rest to clients (RFC 4456, section 6).
 * Of several paths to a prefix a node tells the one that came by the fewest clusters, then of the lowest
 * originator (section 9).
 */
export const propagate = (
  world: World,
  origins: (node: NodeFacts) => readonly Route[] = node => originated(world, node),
): Map<NodeFacts, Rib> => {
  const sessions = sessionsOf(world)
  const ribs = new Map<NodeFacts, Map<string, Path>>(world.nodes.map(node => [node, new Map()]))
  const learned = new Map<NodeFacts, Route[]>(world.nodes.map(node => [node, []]))
  let news = new Map(
    world.nodes.map((node): [NodeFacts, Path[]] => [
      node,
      origins(node).map(route => ({ route, from: null, clusters: [] })),
    ]),
  )
  for (const [node, paths] of news) for (const path of paths) ribs.get(node)?.set(keyOf(path), path)
  for (let round = 0; [...news.values()].some(paths => paths.length > 0); round++) {
    if (round > world.nodes.length + 1) throw new Error('routes go in circles')
    const next = new Map<NodeFacts, Path[]>()
    for (const [left, right] of sessions)
      for (const path of news.get(left.node) ?? []) {
        const told = tell(world, path, left, right)
        if (!told) continue
        if (!learned.get(right.node)?.some(known => isSame(known, told.route)))
          learned.get(right.node)?.push(told.route)
        next.set(right.node, [...(next.get(right.node) ?? []), told])
      }
    news = new Map([...next].map(([node, paths]) => [node, bestOf(paths, ribs.get(node) ?? new Map())]))
  }
  return new Map(learned)
}

const keyOf = ({ route }: Path): string => `${route.family} ${route.rd} ${route.prefix}`

const isSame = (one: Route, other: Route): boolean =>
  one.family === other.family &&
  one.rd === other.rd &&
  one.prefix === other.prefix &&
  one.originator === other.originator

/** Of what a round brought, what is new and is the best of its prefix; the table keeps it. */
const bestOf = (paths: readonly Path[], rib: Map<string, Path>): Path[] => {
  const best = new Map<string, Path>()
  for (const path of paths) {
    const key = keyOf(path)
    const rival = best.get(key)
    if (!rib.has(key) && (!rival || path.route.originator.id < rival.route.originator.id)) best.set(key, path)
  }
  for (const [key, path] of best) rib.set(key, path)
  return [...best.values()]
}

/** The path as the other end takes it in, or `null` where it is not told or not taken. */
const tell = (world: World, { route, from, clusters }: Path, left: End, right: End): Path | null => {
  const [sender, receiver] = [world.frr(left.node), world.frr(right.node)]
  if (!sender || !receiver || right.node === from?.node) return null
  const isClient = (address: string): boolean => {
    const open = sender.families[route.family]
    return (
      open?.clients.has(address) || open?.clients.has(sender.neighbors.get(address)?.group ?? '') || false
    )
  }
  if (from && !isClient(from.address) && !isClient(right.address)) return null
  const passed = from ? [...clusters, sender.routerId] : clusters
  if (route.originator === right.node || passed.includes(receiver.routerId)) return null
  if (!letsOut(sender, route.family, right.address, route)) return null
  if (!letsIn(receiver, route.family, left.address, route)) return null
  return { route, from: left, clusters: passed }
}

/** The families that container networks may have. */
export const familiesOf = (world: World): ('ipv4' | 'ipv6')[] =>
  carrierOf(world.blueprint).ipv6 === null ? ['ipv4'] : ['ipv4', 'ipv6']
