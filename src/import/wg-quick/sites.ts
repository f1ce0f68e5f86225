import { type Findings, several } from '../finding.js'
import type { FoundNode } from '../found.js'
import { endpointText } from '../vwgen/endpoint.js'
import { endpointsOf, isLocal, listed, type Place } from './endpoints.js'
import type { OwnFile } from './file.js'

/** A node as the files of others have it. */
export interface Dialled {
  readonly name: string
  readonly places: readonly Place[]
  /** Whose files have it as a peer and do not dial it. */
  readonly silent: readonly string[]
}

/** Nodes of one network, which dial each other at private addresses. */
export interface Site {
  readonly name: string
  readonly members: ReadonlySet<string>
}

/**
 * The sites of nodes, by their names: whoever dials another at a private address is in one network with it. That is worth
 * a site only where somebody else dials it elsewhere, or has it as a peer and cannot dial it.
 */
export const sitesOf = (nodes: readonly Dialled[]): ReadonlyMap<string, Site> => {
  const networks = new Map<string, Set<string>>()
  for (const { name, places } of nodes)
    for (const dialer of localPlaces(places).flatMap(({ by }) => by)) {
      const [one, other] = [name, dialer].map(node => networks.get(node) ?? new Set([node])) as [
        Set<string>,
        Set<string>,
      ]
      const joined = new Set([...one, ...other])
      for (const member of joined) networks.set(member, joined)
    }
  const apart = ({ name, places, silent }: Dialled): boolean => {
    const network = networks.get(name)
    const others = [...places.flatMap(({ by }) => by), ...silent]
    return localPlaces(places).length > 0 && others.some(other => network?.has(other) === false)
  }
  const found = [...new Set(nodes.filter(apart).flatMap(({ name }) => networks.get(name) ?? []))]
  return new Map(
    found.flatMap((members, at) => {
      const site = { name: found.length === 1 ? 'lan' : `lan${at + 1}`, members }
      return [...members].map(member => [member, site] as const)
    }),
  )
}

const localPlaces = (places: readonly Place[]): Place[] => places.filter(({ endpoint }) => isLocal(endpoint))

/** The places as those see them who pass. */
const seenBy = (places: readonly Place[], passes: (name: string) => boolean): Place[] =>
  places.map(place => ({ ...place, by: place.by.filter(passes) })).filter(({ by }) => by.length > 0)

/** How a node is dialled. */
export type Dialling = Pick<FoundNode, 'endpoints' | 'site' | 'endpointsAtSite'>

/** Where everybody dials a node, and where those of its site do. */
export const dialling = (
  name: string,
  own: OwnFile | null,
  places: readonly Place[],
  site: Site | null,
  findings: Findings,
): Dialling => {
  const inside = seenBy(places, by => site?.members.has(by) ?? false)
  const outside = seenBy(places, by => !site?.members.has(by))
  const everywhere = endpointsOf(name, outside, site ? `those outside ${site.name}` : 'all', findings)
  if (site) {
    const here = endpointsOf(name, inside, `those at ${site.name}`, findings)
    const differs = JSON.stringify(here) !== JSON.stringify(everywhere)
    if (here.length > 0 && differs)
      findings.assumed(
        'endpoint',
        name,
        `it was dialled at ${listed([...inside, ...outside])}: taken to be at one site, ${site.name}, with ${several([...site.members].filter(other => other !== name))}; what is private is dialled there alone`,
      )
    return { endpoints: everywhere, site: site.name, endpointsAtSite: differs ? here : [] }
  }
  const commented = places.length === 0 ? own?.endpoint : null
  if (commented)
    findings.assumed(
      'endpoint',
      name,
      `${endpointText(commented, null)}, which a comment in its file has, is where it is dialled`,
    )
  return { endpoints: commented ? [commented] : everywhere, site: null, endpointsAtSite: [] }
}
