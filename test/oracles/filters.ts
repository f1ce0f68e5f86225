import type { Family } from '../arbitraries/blueprint.js'
import { bits, familyOf, isWithin, lengthOf } from './addresses.js'
import type { FamilyName, FrrFile } from './frr.js'

/** What filters look at. */
export interface Announcement {
  readonly prefix: string
  /** Addresses that it may have; FRR takes any one of them. */
  readonly nextHops: readonly string[]
  /** As FRR prints them: `RT:64512:300`. */
  readonly communities: readonly string[]
}

/** Whether a prefix-list lets a prefix through: the first entry that fits, and nothing where none does. */
export const listPasses = (file: FrrFile, family: Family, name: string, prefix: string): boolean => {
  const entries = file.lists.get(`${family === 'ipv4' ? 'ip' : 'ipv6'} ${name}`) ?? []
  return entries.find(entry => fits(entry.split(' '), prefix))?.startsWith('permit ') ?? false
}

/** `permit 10.77.0.0/16 ge 24 le 28`: ip-prefix-list of FRR; without bounds the length is the entry's own. */
const fits = ([, range = '', ...bounds]: string[], prefix: string): boolean => {
  if (range === 'any') return true
  const bound = (word: string): bigint | null =>
    bounds.includes(word) ? BigInt(bounds[bounds.indexOf(word) + 1] as string) : null
  const [least, most] = [bound('ge'), bound('le')]
  const from = least ?? lengthOf(range)
  const to = most ?? (least === null ? lengthOf(range) : bits(familyOf(range)))
  return isWithin(prefix, range) && lengthOf(prefix) >= from && lengthOf(prefix) <= to
}

/** Whether what comes from the neighbor is let in by its own route-map and list, or those of its group. */
export const letsIn = (file: FrrFile, family: FamilyName, neighbor: string, route: Announcement): boolean =>
  passes(file, family, neighbor, route, 'in')

export const letsOut = (file: FrrFile, family: FamilyName, neighbor: string, route: Announcement): boolean =>
  passes(file, family, neighbor, route, 'out')

const passes = (
  file: FrrFile,
  family: FamilyName,
  neighbor: string,
  route: Announcement,
  way: 'in' | 'out',
): boolean => {
  const open = file.families[family]
  if (!open) return false
  const group = file.neighbors.get(neighbor)?.group ?? ''
  if (!open.activated.has(neighbor) && !open.activated.has(group)) return false
  const list = open.filters.get(neighbor)?.[way] ?? open.filters.get(group)?.[way]
  const map = open.maps.get(neighbor)?.[way] ?? open.maps.get(group)?.[way]
  return (
    (list === undefined || listPasses(file, familyOf(route.prefix), list, route.prefix)) &&
    (map === undefined || mapPasses(file, neighbor, map, route))
  )
}

/** The first clause whose conditions all hold decides; where none does, or the map is not there, nothing passes. */
const mapPasses = (file: FrrFile, neighbor: string, name: string, route: Announcement): boolean =>
  file.routeMaps
    .get(name)
    ?.find(({ matches }) => matches.every(match => holds(file, neighbor, match.split(' '), route)))
    ?.permits ?? false

const holds = (
  file: FrrFile,
  neighbor: string,
  [what = '', ...words]: string[],
  { prefix, nextHops, communities }: Announcement,
): boolean => {
  const last = words.at(-1) as string
  const family = what === 'ipv6' ? 'ipv6' : 'ipv4'
  switch ([what, ...words.slice(0, -1)].join(' ')) {
    case 'peer':
      return neighbor === last
    case 'ip address prefix-list':
    case 'ipv6 address prefix-list':
      return familyOf(prefix) === family && listPasses(file, family, last, prefix)
    case 'ip next-hop address':
    case 'ipv6 next-hop address':
    case 'ipv6 next-hop':
      return nextHops.length > 0 && nextHops.every(address => address === last)
    case 'ip next-hop prefix-list':
      return nextHops.every(address => listPasses(file, 'ipv4', last, `${address}/32`))
    case 'extcommunity':
      return new RegExp(file.communities.get(last) ?? 'nothing^').test(communities.join(' '))
    default:
      throw new Error(`a condition that is not understood: ${what} ${words.join(' ')}`)
  }
}
