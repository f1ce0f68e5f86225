import type { MeshClient, MeshEndpoint, MeshNode } from './mesh.js'

type Dialer = Pick<MeshNode, 'site' | 'families' | 'familiesAtSite'>
type Dialed = Pick<MeshNode, 'endpoints' | 'endpointsAt'>

/** What `to` says for the nodes of `from`'s site alone, or `null` where it says nothing for them. */
export const localEndpoints = ({ site }: Dialer, { endpointsAt }: Dialed): readonly MeshEndpoint[] | null =>
  site === null ? null : (endpointsAt.get(site) ?? null)

/** Where `from` would find `to`, in whatever family: what is for its site alone goes before what is for everybody. */
export const endpointsSeen = (from: Dialer, to: Dialed): readonly MeshEndpoint[] =>
  localEndpoints(from, to) ?? to.endpoints

/**
 * Where `from` can dial `to`, or `null`: in the first of the families that `from` has in which `to` answers, at its
 * address rather than a name, which may lead elsewhere.
 */
export const endpointFor = (from: Dialer, to: Dialed): MeshEndpoint | null => {
  const local = localEndpoints(from, to)
  const endpoints = local ?? to.endpoints
  for (const family of local ? from.familiesAtSite : from.families) {
    const found = endpoints.filter(endpoint => endpoint.families.includes(family))
    if (found.length > 0) return found.find(({ named }) => !named) ?? (found[0] as MeshEndpoint)
  }
  return null
}

/** The same for a client, which is now here and now there, and so of no site. */
export const endpointForClient = (
  { families }: Pick<MeshClient, 'families'>,
  to: Dialed,
): MeshEndpoint | null => endpointFor({ site: null, families, familiesAtSite: families }, to)

/** All that a node is dialled like and dials like: for two of one likeness every third node is alike. */
export const likenessOf = ({
  site,
  families,
  familiesAtSite,
  endpoints,
  endpointsAt,
}: Dialer & Dialed): string =>
  JSON.stringify([
    site,
    families,
    familiesAtSite,
    familiesOf(endpoints),
    [...endpointsAt].map(([at, some]) => [at, familiesOf(some)]),
  ])

const familiesOf = (endpoints: readonly MeshEndpoint[]) => endpoints.map(({ families }) => families)
