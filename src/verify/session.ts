import type { Diagnostic, Span } from '../diagnostics/index.js'
import { bitsOf, lengthPart, type Prefix } from '../net/index.js'
import type { FrrLine } from '../readers/index.js'
import { type Range, rangeFrom } from './filter/ranges.js'
import { finding } from './finding.js'
import type { NodeFiles } from './node.js'
import { type Family, filterOf, type ListEntry, type Routing, saidOf, titleOf } from './routing.js'
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

/** The address that a node speaks to a neighbor from. */
const sourceOf = ({ routing }: Speaker, neighbor: string): string | null =>
  saidOf(routing, neighbor, 'update-source', null)?.words[3] ?? null

/** The sessions between two nodes that carry a family on either side, and what keeps those from being up. */
export const sessionsBetween = (
  world: World,
  a: Speaker,
  b: Speaker,
  family: Family,
): { readonly sides: readonly [Side, Side][]; readonly wrong: readonly Diagnostic[] } => {
  const sides: [Side, Side][] = []
  const found: Diagnostic[] = []
  const from = world.neighbors(a, b)
  const back = world.neighbors(b, a)
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

const routerIdOf = ({ routing }: Speaker): FrrLine | undefined =>
  routing.lines.findLast(({ words }) => words[0] === 'bgp' && words[1] === 'router-id')

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
    const word = remote?.words[3]
    const same = node.routing.asn === peer.routing.asn
    if (word === 'internal' ? !same : word === 'external' ? same : word !== peer.routing.asn)
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
    const down =
      saidOf(node.routing, neighbor, 'shutdown', null) ??
      node.routing.lines.find(({ text }) => text === 'bgp shutdown')
    if (down)
      return wrong(down.span, `${node.name} keeps its session with ${peer.name} shut`, 'delete the line')
    const [own, its] = [routerIdOf(node), routerIdOf(peer)]
    if (own && same && own.words[2] === its?.words[2])
      return wrong(
        own.span,
        `${node.name} has the router-id ${own.words[2]}, as ${peer.name} has, and neither takes the other's session`,
        'write an address of its own',
      )
  }
  if (first !== second) {
    const [node, neighbor, peer] = first ? [other[0], other[1], one[0]] : [one[0], one[1], other[0]]
    const opened = node.routing.lines.find(line => line.family === titleOf(family))
    return wrong(
      opened?.span ?? placeOf(node, neighbor),
      `${node.name} does not activate ${peer.name} for ${titleOf(family)}`,
      `write "neighbor ${neighbor} activate" in address-family ${titleOf(family)}`,
    )
  }
  return null
}

/** A network as its owner tells others of it. */
export interface Told {
  readonly family: Family
  readonly prefix: string
  readonly origin: Speaker
  /** BGP's extended communities, as FRR writes them. */
  readonly communities: string
}

/** What keeps a network of a node from passing from one side to the other, `null` where it passes. */
export const blocked = (world: World, [left, right]: readonly [Side, Side], told: Told): Diagnostic | null =>
  filtered(world, left.node, right.address, 'out', right.node, told) ??
  filtered(world, right.node, left.address, 'in', left.node, told)

const filtered = (
  world: World,
  node: Speaker,
  neighbor: string,
  way: 'in' | 'out',
  other: Speaker,
  told: Told,
): Diagnostic | null => {
  const { family, prefix } = told
  const refusal = (): string =>
    way === 'in'
      ? `${node.name} does not admit ${prefix} from ${other.name}`
      : `${node.name} does not tell ${other.name} of ${prefix}`
  const refuses = (span: Span): Diagnostic => wrong(span, refusal(), `permit ${prefix} there`)
  // By a name that nothing has, FRR lets no route pass: prefix_list_apply and bgp_input_modifier deny then.
  const lacks = (span: Span, what: string): Diagnostic =>
    wrong(
      span,
      `${refusal()}: there is no ${what} in its frr.conf, and FRR denies all by one that is not there`,
      `write the ${what}, or delete the line`,
    )
  const { routing } = node
  const list = filterOf(routing, neighbor, 'prefix-list', way, family)
  const ip = family === 'ipv4' ? 'ip' : 'ipv6'
  if (list) {
    const entries = routing.lists.get(`${ip} ${list.words[3]}`)
    // What a list does to EVPN's routes is not looked at.
    if (!entries && family !== 'evpn') return lacks(list.span, `${ip} prefix-list ${list.words[3]}`)
    const entry = entries && decides(entries, prefix)
    if (entries && !entry?.permits) return refuses(entry?.span ?? entries[0]?.span ?? list.span)
  }
  const map = filterOf(routing, neighbor, 'route-map', way, family)
  if (!map) return null
  const clauses = routing.maps.get(map.words[3] as string)
  if (!clauses) return lacks(map.span, `route-map ${map.words[3]}`)
  const clause = clauses.find(({ matches }) =>
    matches.every(({ words }) => holds(world, routing, neighbor, words, told)),
  )
  return clause?.permits ? null : refuses(clause?.span ?? clauses[0]?.span ?? map.span)
}

/** POSIX's expressions as JavaScript has them; one that is none lets nothing through. */
const matches = (expression: string, text: string): boolean => {
  try {
    return new RegExp(expression).test(text)
  } catch {
    return false
  }
}

/** The first entry that fits decides (FRR, "IP Prefix List"). */
export const decides = (entries: readonly ListEntry[], prefix: string): ListEntry | undefined => {
  // Most lists hold the very prefix: numbers are made of what does not.
  let range: Range | null | undefined
  return entries.find(({ words: [text = '', ...bounds] }) => {
    if (text === 'any' || (text === prefix && bounds.length === 0)) return true
    range = range === undefined ? rangeFrom(prefix) : range
    const outer = rangeFrom(text)
    if (!outer || !range || outer.family !== range.family) return false
    const bound = (word: string): number | null =>
      bounds.includes(word) ? Number(bounds[bounds.indexOf(word) + 1]) : null
    const own = lengthPart(text as Prefix)
    const least = bound('ge') ?? own
    const most = bound('le') ?? (bound('ge') === null ? own : bitsOf(range.family))
    const length = lengthPart(prefix as Prefix)
    return outer.first <= range.first && range.last <= outer.last && length >= least && length <= most
  })
}

const holds = (
  world: World,
  routing: Routing,
  neighbor: string,
  [, what, ...words]: readonly string[],
  { prefix, origin, communities }: Told,
): boolean => {
  const last = words.at(-1) as string
  if (what === 'peer') return neighbor === last
  if (what === 'extcommunity')
    return (
      routing.communities.get(last)?.find(({ expression }) => matches(expression, communities))?.permits ===
      true
    )
  const kind = words.slice(0, -1).join(' ')
  if (kind === 'address prefix-list')
    return decides(routing.lists.get(`${what} ${last}`) ?? [], prefix)?.permits === true
  if (/^next-hop( address)?$/.test(kind)) return world.owner(last) === origin
  return false
}
