import type { MeshEndpoint, MeshNode } from '../../model/mesh.js'
import type { Located, NodeKeys, Written } from '../../model/spec.js'
import { type AddressFamily, type EndpointSpec, endpointOf } from '../../net/index.js'
import type { IdentifiedNode } from '../nodes/ids.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'

type Dialing = Pick<
  MeshNode,
  'site' | 'endpoints' | 'endpointsAt' | 'families' | 'familiesAtSite' | 'listenPort'
>

type WrittenEndpoints = Located<readonly EndpointSpec[]>

const localKey = 'endpoint@'

/** What a node writes for the nodes of sites, in order of their names. */
export const localKeysIn = (keys: Written<NodeKeys>): (readonly [site: string, WrittenEndpoints])[] =>
  Object.keys(keys)
    .filter(key => key.startsWith(localKey))
    .sort()
    .map(key => [key.slice(localKey.length), keys[key as typeof localKey] as WrittenEndpoints] as const)

/** Where the node can be dialled, and in which families it can dial. */
export const dialingOf = (node: IdentifiedNode, settings: Settings, report: Report): Dialing => {
  const { keys } = node
  const listenPort = keys['listen-port']?.value ?? settings.port
  const written = keys.endpoint?.value ?? []
  const local = localKeysIn(keys)
  const said = keys.families?.value
  if (!keys.endpoint)
    report.error(
      'missing-key',
      `[node ${node.name}] has no endpoint`,
      node.span,
      'write endpoint = HOST or HOST:PORT, or endpoint = none for a node that cannot be dialled',
    )
  for (const one of [keys.endpoint, ...local.map(([, endpoints]) => endpoints)])
    if (one) checkOnePerFamily(node, one, report)
  const endpointsOf = (specs: readonly EndpointSpec[]): MeshEndpoint[] =>
    specs.map(spec => ({
      endpoint: endpointOf(spec, listenPort),
      named: spec.family === null,
      families: spec.family ? [spec.family] : (said ?? settings.families),
    }))
  const endpoints = endpointsOf(written)
  const endpointsAt = new Map(local.map(([site, { value }]) => [site, endpointsOf(value)]))
  const literal = written.every(spec => spec.family !== null) && written.length > 0
  const answered = familiesIn(endpoints)
  const families = said ?? (literal ? inOrderOf(settings.families, answered) : settings.families)
  const place = keys.families ?? keys.endpoint
  checkFamilies(node, [...answered, ...families], place, settings, report)
  for (const [site, key] of local)
    checkFamilies(node, familiesIn(endpointsAt.get(site) ?? []), key, settings, report)
  return {
    site: keys.site?.value ?? null,
    endpoints,
    endpointsAt,
    families,
    // Its literal endpoint tells what it has at the internet, and nothing of the place where it stands.
    familiesAtSite: said ?? settings.families,
    listenPort,
  }
}

const checkOnePerFamily = (node: IdentifiedNode, { value, each }: WrittenEndpoints, report: Report): void => {
  const [first, second] = value
  const alike = second !== undefined && second.family !== null && second.family === first?.family
  if (alike || value.length > 2)
    report.error(
      'value-list',
      `${node.name} has ${alike ? 'two endpoints of one family' : 'more than two endpoints'}`,
      each?.[alike ? 1 : 2] ?? node.span,
      'write one for IPv4 and one for IPv6',
    )
}

const checkFamilies = (
  node: IdentifiedNode,
  families: readonly AddressFamily[],
  written: Located<unknown> | undefined,
  settings: Settings,
  report: Report,
): void => {
  for (const family of new Set(families))
    if (!settings.families.includes(family))
      report.error(
        'family-unused',
        `${node.name} uses ${family === 'ipv4' ? 'IPv4' : 'IPv6'}, which the mesh does not dial`,
        written?.span ?? node.span,
        `add ${family} to families in [mesh]`,
        { message: 'the mesh dials these only', span: settings.spanOf('families') },
      )
}

const familiesIn = (endpoints: readonly MeshEndpoint[]): AddressFamily[] =>
  endpoints.flatMap(({ families }) => families)

/** What the mesh has none of comes last: it is an error, and told by its name. */
const inOrderOf = (order: readonly AddressFamily[], families: readonly AddressFamily[]): AddressFamily[] => [
  ...order.filter(family => families.includes(family)),
  ...families.filter(family => !order.includes(family)),
]
