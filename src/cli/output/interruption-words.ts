import {
  interruptionsOf,
  interruptionWords,
  isAccountedFor,
  type MeshChange,
  type NodeChange,
  type OnNode,
} from '../../impact/index.js'
import type { MeshNode } from '../../model/mesh.js'
import { isByHand, listed, mostTold, type Touched } from './change-words.js'

/**
 * What the change interrupts, on nodes and between them; where that is nothing, that.
 *
 * @param isGeneral of which node all is told file by file, so that there may be more than is said here
 */
export const interruptionLines = (
  change: MeshChange,
  touched: readonly Touched[],
  onNode: OnNode,
  isGeneral: (one: Touched) => boolean,
): string[] => {
  const running = touched.filter(({ node }) => node?.before && node.after)
  // What no part of the mesh is the reason of has been told file by file.
  if (running.length === 0 || (change.aspects.size === 0 && change.nodes.every(isAsBefore))) return []
  const own = new Map<string, string[]>()
  for (const one of running) {
    const { before, after } = one.node as NodeChange
    // What the tools say is of apply.sh.
    const phrases = isByHand(one) ? [] : onNode(before as MeshNode, after as MeshNode)
    for (const { what: phrase } of phrases) own.set(phrase, [...(own.get(phrase) ?? []), one.name])
  }
  const lines = [
    ...atMost(interruptionsOf(change).flatMap(interruptionWords)),
    ...[...own].slice(0, mostTold).map(([phrase, names]) => `on ${listed(names)}: ${phrase}`),
  ]
  if (lines.length === 0) {
    if (running.some(isGeneral) || !isAccountedFor(change)) return []
    // What had its containers on a node that goes loses them.
    return [
      change.nodes.some(({ after }) => after === null)
        ? 'interrupts nothing between nodes that stay'
        : 'interrupts nothing',
    ]
  }
  return ['interrupts', ...lines.map(line => `  ${line}`)]
}

/** All nodes of a large mesh may have another port. */
const atMost = (lines: readonly string[]): string[] => [
  ...lines.slice(0, mostTold),
  ...(lines.length > mostTold
    ? [`and ${lines.length - mostTold} more like these, as "impact --format json" says`]
    : []),
]

const isAsBefore = ({ before, after, aspects }: NodeChange): boolean =>
  before !== null && after !== null && aspects.size === 0
