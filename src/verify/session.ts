import type { Diagnostic, Span } from '../diagnostics/index.js'
import { bitsOf, covers, familyOf, lengthPart, type Prefix } from '../net/index.js'
import { finding } from './finding.js'
import type { NodeFiles } from './node.js'
import { type Family, filterOf, type ListEntry, type Routing, saidOf } from './routing.js'
import { addressesOf, bare, type World } from './world.js'

/** A node that speaks BGP. */
export type Speaker = NodeFiles & { readonly routing: Routing }

/** One side of a session: a node and the address that the other has for it. */
export interface Side {
  readonly node: Speaker
  readonly address: string
}

const wrong = (span: Span, message: string, hint: string): Diagnostic =>
  finding('verify-routing', span, message, hint)

/** The neighbors of a node that are another node, by their addresses. */
export const neighborsOf = (from: Speaker, to: NodeFiles): string[] => {
  const own = new Set(addressesOf(to).map(({ value }) => bare(value)))
  return [...from.routing.neighbors.keys()].filter(address => own.has(address))
}

/** The address that a node speaks to a neighbor from. */
const sourceOf = ({ routing }: Speaker, neighbor: string): string | null =>
  saidOf(routing, neighbor, 'update-source', null)?.words[3] ?? null

/** The sessions between two nodes that carry a family on either side, and what keeps those from being up. */
export const sessionsBetween = (
  a: Speaker,
  b: Speaker,
  family: Family,
): { readonly sides: readonly [Side, Side][]; readonly wrong: readonly Diagnostic[] } => {
  const sides: [Side, Side][] = []
  const found: Diagnostic[] = []
  const from = neighborsOf(a, b)
  const back = neighborsOf(b, a)
  const carries = (node: Speaker, neighbor: string): boolean =>
    saidOf(node.routing, neighbor, 'activate', family) !== null
  for (const [node, other, mine, its] of [
    [a, b, from, back],
    [b, a, back, from],
  ] as const)
    for (const address of mine)
      if (carries(node, address) && its.length === 0)
        found.push(
          wrong(
            placeOf(node, address),
            `${node.name} has the neighbor ${other.name}, which has no such neighbor`,
            `add ${node.name} to the neighbors in frr.conf of ${other.name}`,
          ),
        )
  for (const address of from)
    for (const other of back) {
      const [mine, its] = [sourceOf(a, address), sourceOf(b, other)]
      if (mine === null || its === null) {
        const [node, neighbor] = mine === null ? [a, address] : [b, other]
        found.push(
          wrong(
            placeOf(node, neighbor),
            `${node.name} has no update-source for ${neighbor}`,
            'write its own address',
          ),
        )
        continue
      }
      // Another of several sessions between the two.
      if (mine !== other && its !== address && from.length + back.length > 2) continue
      const [first, second] = [carries(a, address), carries(b, other)]
      if (!first && !second) continue
      const problem = problemOf([a, address, mine], [b, other, its], family, first, second)
      if (problem) found.push(problem)
      else
        sides.push([
          { node: a, address: other },
          { node: b, address },
        ])
    }
  return { sides, wrong: found }
}

const placeOf = ({ routing }: Speaker, neighbor: string): Span =>
  routing.neighbors.get(neighbor)?.span ?? routing.span

type End = readonly [node: Speaker, neighbor: string, source: string]

const problemOf = (
  one: End,
  other: End,
  family: Family,
  first: boolean,
  second: boolean,
): Diagnostic | null => {
  for (const [[node, neighbor, source], [peer, named, theirs]] of [
    [one, other],
    [other, one],
  ] as const) {
    const remote = saidOf(node.routing, neighbor, 'remote-as', null)
    if (remote?.words[3] !== peer.routing.asn)
      return wrong(
        remote?.span ?? placeOf(node, neighbor),
        `${node.name} takes ${peer.name} for AS ${remote?.words[3] ?? '(none)'}, and it is ${peer.routing.asn}`,
        `write remote-as ${peer.routing.asn}`,
      )
    if (source !== named) {
      const at = saidOf(node.routing, neighbor, 'update-source', null)?.span ?? placeOf(node, neighbor)
      const own = addressesOf(node).some(({ value }) => bare(value) === source)
      return own && theirs === neighbor
        ? wrong(
            placeOf(peer, named),
            `${peer.name} has ${named} for ${node.name}, which speaks from ${source}`,
            `write ${source}`,
          )
        : wrong(
            at,
            `${node.name} speaks to ${peer.name} from ${source}, which has ${named} for it`,
            `write ${named}`,
          )
    }
    const down = saidOf(node.routing, neighbor, 'shutdown', null)
    if (down)
      return wrong(down.span, `${node.name} keeps its session with ${peer.name} shut`, 'delete the line')
  }
  if (first !== second) {
    const [node, neighbor, peer] = first ? [other[0], other[1], one[0]] : [one[0], one[1], other[0]]
    const opened = node.routing.lines.find(line => line.family === `${family} unicast`)
    return wrong(
      opened?.span ?? placeOf(node, neighbor),
      `${node.name} does not activate ${peer.name} for ${family} unicast`,
      `write "neighbor ${neighbor} activate" in address-family ${family} unicast`,
    )
  }
  return null
}

/** What keeps a prefix of a node from passing from one side to the other, `null` where it passes. */
export const blocked = (
  world: World,
  [left, right]: readonly [Side, Side],
  family: Family,
  prefix: string,
  origin: Speaker,
): Diagnostic | null =>
  filtered(world, left.node, right.address, 'out', right.node, family, prefix, origin) ??
  filtered(world, right.node, left.address, 'in', left.node, family, prefix, origin)

const filtered = (
  world: World,
  node: Speaker,
  neighbor: string,
  way: 'in' | 'out',
  other: Speaker,
  family: Family,
  prefix: string,
  origin: Speaker,
): Diagnostic | null => {
  const refuses = (span: Span): Diagnostic =>
    way === 'in'
      ? wrong(span, `${node.name} does not admit ${prefix} from ${other.name}`, `permit ${prefix} there`)
      : wrong(span, `${node.name} does not tell ${other.name} of ${prefix}`, `permit ${prefix} there`)
  const { routing } = node
  const list = filterOf(routing, neighbor, 'prefix-list', way, family)
  const ip = family === 'ipv4' ? 'ip' : 'ipv6'
  if (list) {
    const entries = routing.lists.get(`${ip} ${list.words[3]}`)
    const entry = entries && decides(entries, prefix)
    if (entries && !entry?.permits) return refuses(entry?.span ?? entries[0]?.span ?? list.span)
  }
  const map = filterOf(routing, neighbor, 'route-map', way, family)
  if (!map) return null
  const clauses = routing.maps.get(map.words[3] as string)
  if (!clauses) return refuses(map.span)
  const clause = clauses.find(({ matches }) =>
    matches.every(({ words }) => holds(world, routing, neighbor, words, prefix, origin)),
  )
  return clause?.permits ? null : refuses(clause?.span ?? clauses[0]?.span ?? map.span)
}

/** The first entry that fits decides (FRR, "IP Prefix List"). */
export const decides = (entries: readonly ListEntry[], prefix: string): ListEntry | undefined =>
  entries.find(({ words: [range = '', ...bounds] }) => {
    if (range === 'any') return true
    if (familyOf(range) !== familyOf(prefix)) return false
    const bound = (word: string): number | null =>
      bounds.includes(word) ? Number(bounds[bounds.indexOf(word) + 1]) : null
    const own = lengthPart(range as Prefix)
    const least = bound('ge') ?? own
    const most = bound('le') ?? (bound('ge') === null ? own : bitsOf(familyOf(range)))
    const length = lengthPart(prefix as Prefix)
    return covers(range as Prefix, prefix as Prefix) && length >= least && length <= most
  })

const holds = (
  world: World,
  routing: Routing,
  neighbor: string,
  [, what, ...words]: readonly string[],
  prefix: string,
  origin: Speaker,
): boolean => {
  const last = words.at(-1) as string
  if (what === 'peer') return neighbor === last
  const kind = words.slice(0, -1).join(' ')
  if (kind === 'address prefix-list')
    return decides(routing.lists.get(`${what} ${last}`) ?? [], prefix)?.permits === true
  if (/^next-hop( address)?$/.test(kind)) return world.owner(last) === origin
  return false
}
