import type { Span } from '../../diagnostics/index.js'
import type { MeshNode } from '../../model/mesh.js'
import type { IdentifiedNode } from '../nodes/ids.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { Apart } from './pairs.js'

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
        first.name,
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
    `${routed.length}`,
    `${routed.length} nodes have a BGP session each with all others`,
    settings.spanOf('reflectors'),
    'write reflectors = auto in [mesh], or reflector = yes for two nodes at different providers',
  )
  return new Set()
}

/**
 * A client that has no way to a reflector learns nothing, and what reflectors learn they tell each other, not
 * by way of clients (RFC 4456, section 7).
 */
const checkReach = (
  reflectors: readonly MeshNode[],
  routed: readonly MeshNode[],
  apart: readonly Apart[],
  spanOf: (node: MeshNode) => Span,
  report: Report,
): void => {
  const reflects = new Set(reflectors)
  const cutOff = apart.filter(({ a, b, relay }) => relay === null && (reflects.has(a) || reflects.has(b)))
  for (const { a, b } of cutOff)
    if (reflects.has(a) && reflects.has(b))
      report.error(
        'no-reflector',
        `${a.name} and ${b.name} reflect routes, but have no way to each other`,
        spanOf(b),
        'choose nodes that peer with each other, or that meet through a relay',
        { message: `${a.name} is here`, span: spanOf(a) },
      )
  for (const node of routed) {
    if (reflects.has(node)) continue
    const lost = new Set(
      cutOff.flatMap(({ a, b }) => {
        if (a === node) return [b]
        return b === node ? [a] : []
      }),
    )
    if (reflectors.every(reflector => lost.has(reflector)))
      report.error(
        'no-reflector',
        `${node.name} has no way to any reflector`,
        spanOf(node),
        'write reflector = yes for a node that it peers with',
      )
  }
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
