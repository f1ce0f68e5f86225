import type { Span } from '../../diagnostics/index.js'
import type { MeshNode } from '../../model/mesh.js'
import type { Report } from '../report.js'
import type { Apart } from './pairs.js'

/**
 * A client that has no way to a reflector learns nothing, and what reflectors learn they tell each other, not
 * by way of clients (RFC 4456, section 7).
 */
export const checkReach = (
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
