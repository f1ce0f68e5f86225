import type { Span } from '../diagnostics/index.js'
import { type FileText, type FrrLine, readFrr } from '../readers/index.js'

/** A frr.conf's BGP instance of the default VRF, as its lines; those of other VRFs are not looked at. */
export interface Routing {
  readonly asn: string
  readonly span: Span
  /** Address → the line that first names it and the group it is in. */
  readonly neighbors: ReadonlyMap<string, { readonly span: Span; readonly group: string | null }>
  /** All lines of `router bgp`. */
  readonly lines: readonly FrrLine[]
  /** `ip NAME` or `ipv6 NAME` → entries in order of their numbers. */
  readonly lists: ReadonlyMap<string, readonly ListEntry[]>
  /** In order of their numbers. */
  readonly maps: ReadonlyMap<string, readonly Clause[]>
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

/** The address families that container networks are announced in. */
export type Family = 'ipv4' | 'ipv6'

/** Reads it; `null` where FRR speaks no BGP there. */
export const routingIn = ({ file, text }: FileText): Routing | null => {
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
  const lists = new Map<string, ListEntry[]>()
  const maps = new Map<string, Clause[]>()
  for (const line of all) {
    const { words, span } = line
    if (words[1] === 'prefix-list') {
      const [ip, , name, , number, verdict, ...rest] = words
      const key = `${ip} ${name}`
      const entry = { number: Number(number), permits: verdict === 'permit', words: rest, span }
      lists.set(key, [...(lists.get(key) ?? []), entry])
    } else if (words[0] === 'route-map') {
      const [, name = '', verdict, number] = words
      const matches = all.filter(({ within, words }) => within === line.text && words[0] === 'match')
      const clause = { number: Number(number), permits: verdict === 'permit', matches, span }
      maps.set(name, [...(maps.get(name) ?? []), clause])
    }
  }
  const inOrder = <T extends { readonly number: number }>(map: Map<string, T[]>): Map<string, T[]> =>
    new Map([...map].map(([name, entries]) => [name, entries.sort((a, b) => a.number - b.number)]))
  return {
    asn: router.words[2] as string,
    span: router.span,
    neighbors,
    lines,
    lists: inOrder(lists),
    maps: inOrder(maps),
  }
}

/** What is said of a neighbor by itself, or by its group: the words behind its name. */
export const saidOf = (
  { lines, neighbors }: Routing,
  neighbor: string,
  what: string,
  family: Family | null,
): FrrLine | null => {
  const wanted = family === null ? null : `${family} unicast`
  const about = (who: string | null): FrrLine | undefined =>
    lines
      .filter(line => line.family === wanted && line.words[0] === 'neighbor' && line.words[1] === who)
      .findLast(({ words }) => words.slice(2).join(' ').startsWith(what))
  return about(neighbor) ?? about(neighbors.get(neighbor)?.group ?? null) ?? null
}

/** The line of its kind with `in` or `out` at its end. */
export const filterOf = (
  routing: Routing,
  neighbor: string,
  kind: 'prefix-list' | 'route-map',
  way: 'in' | 'out',
  family: Family,
): FrrLine | null => {
  const ofWay = { ...routing, lines: routing.lines.filter(({ words }) => words.at(-1) === way) }
  return saidOf(ofWay, neighbor, kind, family)
}

/** Networks that the node announces. */
export const announcedIn = ({
  lines,
}: Routing): { readonly prefix: string; readonly span: Span; readonly family: Family }[] =>
  lines.flatMap(({ words, span, family }) => {
    const of = family === 'ipv4 unicast' ? 'ipv4' : family === 'ipv6 unicast' ? 'ipv6' : null
    return words[0] === 'network' && of ? [{ prefix: words[1] as string, span, family: of }] : []
  })
