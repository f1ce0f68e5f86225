import type { MeshEndpoint, MeshNode } from '../../model/mesh.js'
import { type AddressFamily, endpointOf } from '../../net/index.js'
import type { IdentifiedNode } from '../nodes/ids.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'

type Dialing = Pick<MeshNode, 'endpoints' | 'families' | 'listenPort'>

/** Where the node can be dialled, and in which families it can dial. */
export const dialingOf = (node: IdentifiedNode, settings: Settings, report: Report): Dialing => {
  const { keys } = node
  const listenPort = keys['listen-port']?.value ?? settings.port
  const written = keys.endpoint?.value ?? []
  const said = keys.families?.value
  if (!keys.endpoint)
    report.error(
      'missing-key',
      `[node ${node.name}] has no endpoint`,
      node.span,
      'write endpoint = HOST or HOST:PORT, or endpoint = none for a node that cannot be dialled',
    )
  const [first, second] = written
  const alike = second !== undefined && second.family !== null && second.family === first?.family
  if (alike || written.length > 2)
    report.error(
      'value-list',
      `${node.name} has ${alike ? 'two endpoints of one family' : 'more than two endpoints'}`,
      keys.endpoint?.each?.[alike ? 1 : 2] ?? node.span,
      'write one for IPv4 and one for IPv6',
    )
  const endpoints = written.map(
    (spec): MeshEndpoint => ({
      endpoint: endpointOf(spec, listenPort),
      named: spec.family === null,
      families: spec.family ? [spec.family] : (said ?? settings.families),
    }),
  )
  const literal = written.every(spec => spec.family !== null) && written.length > 0
  const answered = endpoints.flatMap(endpoint => endpoint.families)
  const families = said ?? (literal ? inOrderOf(settings.families, answered) : settings.families)
  for (const family of new Set([...answered, ...families]))
    if (!settings.families.includes(family))
      report.error(
        'family-unused',
        `${node.name} uses ${family === 'ipv4' ? 'IPv4' : 'IPv6'}, which the mesh does not dial`,
        (keys.families ?? keys.endpoint)?.span ?? node.span,
        `add ${family} to families in [mesh]`,
        { message: 'the mesh dials these only', span: settings.spanOf('families') },
      )
  return { endpoints, families, listenPort }
}

/** What the mesh has none of comes last: it is an error, and told by its name. */
const inOrderOf = (order: readonly AddressFamily[], families: readonly AddressFamily[]): AddressFamily[] => [
  ...order.filter(family => families.includes(family)),
  ...families.filter(family => !order.includes(family)),
]
