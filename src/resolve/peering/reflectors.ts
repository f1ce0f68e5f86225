import type { Span } from '../../diagnostics/index.js'
import type { MeshNode } from '../../model/mesh.js'
import type { IdentifiedNode } from '../nodes/ids.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { Apart } from './pairs.js'
import { checkReach } from './reach.js'

/**
 * More nodes than this are too many for sessions between all of them: each new one is a change, a session
 * and a watched path on every other.
 */
const mostInFullMesh = 20

/** Without one of them all routes are still there (RFC 4456, section 6). */
const enoughReflectors = 2

/**
 * The ids of the nodes that reflect routes (RFC 4456): those that say so, or, where [mesh] leaves it to us and
 * a full mesh is too large, the two with the lowest ids that everybody peers with, which a node added later
 * never changes unless it does not peer with them.
 */
export const reflectorsOf = (
  specs: readonly IdentifiedNode[],
  nodes: readonly MeshNode[],
  apart: readonly Apart[],
  settings: Settings,
  report: Report,
): ReadonlySet<number> => {
  const routed = nodes.filter(node => node.targets.routing !== 'none')
  const written = new Map(specs.map(node => [node.id, node]))
  const said = ({ id }: MeshNode): boolean | undefined => written.get(id)?.keys.reflector?.value
  const spanOf = ({ id }: MeshNode): Span => {
    const node = written.get(id) as IdentifiedNode
    return node.keys.reflector?.span ?? node.span
  }
  const chosen = nodes.filter(said)
  const [first] = chosen
  if (first) {
    for (const node of chosen.filter(node => !routed.includes(node)))
      report.error(
        'value-conflict',
        `${node.name} is to reflect routes, but has no target for routing`,
        spanOf(node),
        'choose another node, or give it a routing target',
      )
    checkReach(chosen, routed, apart, spanOf, report)
    if (chosen.length < enoughReflectors && routed.length > enoughReflectors)
      report.warn(
        'single-reflector',
        `${first.name} alone reflects routes: while it is away, nodes forget all others`,
        spanOf(first),
        'write reflector = yes for a second node, at another provider',
      )
    return idsOf(chosen)
  }
  if (routed.length <= mostInFullMesh) return new Set()
  if (settings.reflectors === 'auto') {
    const able = routed.filter(node => said(node) !== false && isAble(node, settings))
    return idsOf(picked(able, apart, settings, report))
  }
  report.warn(
    'full-mesh-large',
    `${routed.length} nodes have a BGP session each with all others`,
    settings.spanOf('reflectors'),
    'write reflectors = auto in [mesh], or reflector = yes for two nodes at different providers',
  )
  return new Set()
}

const idsOf = (nodes: readonly MeshNode[]): ReadonlySet<number> => new Set(nodes.map(({ id }) => id))

/** Can be dialled, and has what sessions run over from us. */
const isAble = ({ endpoints, targets }: MeshNode, { mode }: Settings): boolean =>
  endpoints.length > 0 && (mode === 'l3' || targets.overlay !== 'none')

const picked = (
  able: readonly MeshNode[],
  apart: readonly Apart[],
  settings: Settings,
  report: Report,
): MeshNode[] => {
  const detached = new Set(apart.flatMap(({ a, b }) => [a, b]))
  const [first, second] = able.filter(node => !detached.has(node))
  if (first && second) return [first, second]
  report.error(
    'no-reflector',
    `${first ? `only ${first.name}` : 'no node'} peers with all others, which a reflector has to`,
    settings.spanOf('reflectors'),
    'write reflector = yes for two nodes that reach all others, if need be through a relay',
  )
  return []
}
