import type { Span } from '../diagnostics/index.js'
import type { FileText, FrrLine, FrrReader } from '../readers/index.js'

/** A frr.conf's BGP instance of the default VRF, as its lines; those of other VRFs are not looked at. */
export interface Routing {
  readonly asn: string
  readonly span: Span
  /** Address → the line that first names it and the group it is in. */
  readonly neighbors: ReadonlyMap<string, { readonly span: Span; readonly group: string | null }>
  /** All lines of `router bgp`. */
  readonly lines: readonly FrrLine[]
  /** What is said of a neighbor or a group, by what it is about: `prefix-list`. */
  readonly about: ReadonlyMap<string, ReadonlyMap<string, readonly FrrLine[]>>
  /** What of BGP's extended communities a list lets through, by its name. */
  readonly communities: ReadonlyMap<string, readonly Community[]>
  /** `ip NAME` or `ipv6 NAME` → entries in order of their numbers. */
  readonly lists: ReadonlyMap<string, readonly ListEntry[]>
  /** In order of their numbers. */
  readonly maps: ReadonlyMap<string, readonly Clause[]>
  /** Networks that the node announces. */
  readonly announced: readonly Announced[]
}

/** `network 10.77.1.0/24` */
export interface Announced {
  readonly prefix: string
  readonly span: Span
  readonly family: Exclude<Family, 'evpn'>
}

/** `seq 5 permit 10.77.0.0/16 ge 24 le 28`. */
export interface ListEntry {
  readonly number: number
  readonly permits: boolean
  readonly words: readonly string[]
  readonly span: Span
}

/** A part of a route-map. */
export interface Clause {
  readonly number: number
  readonly permits: boolean
  readonly matches: readonly FrrLine[]
  readonly span: Span
}

/** An entry of an expanded list: an expression over all communities of a route, as FRR writes them. */
export interface Community {
  readonly permits: boolean
  readonly expression: string
}

/** The address families that container networks are announced in, and that of tenants. */
export type Family = 'ipv4' | 'ipv6' | 'evpn'

/** As frr.conf calls it. */
export const titleOf = (family: Family): string => (family === 'evpn' ? 'l2vpn evpn' : `${family} unicast`)

/** Reads it; `null` where FRR speaks no BGP there. */
export const routingIn = ({ file, text }: FileText, readFrr: FrrReader): Routing | null => {
  const all = readFrr(file, text)
  const router = all.find(({ text }) => /^router bgp \d+$/.test(text))
  if (!router) return null
  const lines = all.filter(({ within }) => within === router.text)
  const neighbors = new Map<string, { span: Span; group: string | null }>()
  for (const { words, span, family } of lines) {
    const [word, who = '', what, group] = words
    if (word !== 'neighbor' || family !== null || !/[.:]/.test(who)) continue
    const known = neighbors.get(who) ?? { span, group: null }
    neighbors.set(who, what === 'peer-group' ? { ...known, group: group ?? null } : known)
  }
  const about = new Map<string, Map<string, FrrLine[]>>()
  for (const line of lines) {
    const [word, who = '', what = ''] = line.words
    if (word !== 'neighbor') continue
    const said = about.get(who) ?? new Map<string, FrrLine[]>()
    about.set(who, said)
    const found = said.get(what)
    if (found) found.push(line)
    else said.set(what, [line])
  }
  const matches = new Map<string, FrrLine[]>()
  for (const line of all)
    if (line.words[0] === 'match' && line.within !== null) {
      const found = matches.get(line.within)
      if (found) found.push(line)
      else matches.set(line.within, [line])
    }
  const communities = new Map<string, Community[]>()
  const lists = new Map<string, ListEntry[]>()
  const maps = new Map<string, Clause[]>()
  for (const line of all) {
    const { words, span } = line
    if (words[1] === 'prefix-list') {
      const [ip, , name, ...said] = words
      const key = `${ip} ${name}`
      const found = lists.get(key)
      // FRR numbers by fives what has no number.
      const number =
        said[0] === 'seq' ? Number(said[1]) : Math.max(0, ...(found ?? []).map(one => one.number)) + 5
      const [verdict, ...rest] = said[0] === 'seq' ? said.slice(2) : said
      if (verdict !== 'permit' && verdict !== 'deny') continue
      const entry = { number, permits: verdict === 'permit', words: rest, span }
      if (found) found.push(entry)
      else lists.set(key, [entry])
    } else if (words[1] === 'extcommunity-list' && words[2] === 'expanded') {
      const [, , , name = '', ...rest] = words
      const [verdict, ...expression] = rest[0] === 'seq' ? rest.slice(2) : rest
      communities.set(name, [
        ...(communities.get(name) ?? []),
        { permits: verdict === 'permit', expression: expression.join(' ') },
      ])
    } else if (words[0] === 'route-map') {
      const [, name = '', verdict, number] = words
      const clause = {
        number: Number(number),
        permits: verdict === 'permit',
        matches: matches.get(line.text) ?? [],
        span,
      }
      const found = maps.get(name)
      if (found) found.push(clause)
      else maps.set(name, [clause])
    }
  }
  const inOrder = <T extends { readonly number: number }>(map: Map<string, T[]>): Map<string, T[]> =>
    new Map([...map].map(([name, entries]) => [name, entries.sort((a, b) => a.number - b.number)]))
  return {
    asn: router.words[2] as string,
    span: router.span,
    neighbors,
    lines,
    about,
    communities,
    lists: inOrder(lists),
    maps: inOrder(maps),
    announced: announcedIn(lines),
  }
}

/** What is said of a neighbor by itself, or by its group. */
export const saidOf = (
  { about, neighbors }: Routing,
  neighbor: string,
  what: string,
  family: Family | null,
  way?: 'in' | 'out',
): FrrLine | null => {
  const within = family === null ? null : titleOf(family)
  // Of two lines the last one counts.
  const last = (who: string): FrrLine | null =>
    about
      .get(who)
      ?.get(what)
      ?.findLast(line => line.family === within && wayOf(line) === way) ?? null
  const own = last(neighbor)
  if (own) return own
  const group = neighbors.get(neighbor)?.group
  return group ? last(group) : null
}

const wayOf = ({ words }: FrrLine): 'in' | 'out' | undefined => {
  const word = words[words.length - 1]
  return word === 'in' || word === 'out' ? word : undefined
}

/** The line of its kind with `in` or `out` at its end. */
export const filterOf = (
  routing: Routing,
  neighbor: string,
  kind: 'prefix-list' | 'route-map',
  way: 'in' | 'out',
  family: Family,
): FrrLine | null => saidOf(routing, neighbor, kind, family, way)

const announcedIn = (lines: readonly FrrLine[]): Announced[] =>
  lines.flatMap(({ words, span, family }) => {
    const of = family === 'ipv4 unicast' ? 'ipv4' : family === 'ipv6 unicast' ? 'ipv6' : null
    return words[0] === 'network' && of ? [{ prefix: words[1] as string, span, family: of }] : []
  })
