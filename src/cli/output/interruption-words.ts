import {
  type Interruption,
  interruptionsOf,
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
    ...atMost(interruptionsOf(change).flatMap(wordsOf)),
    ...[...own].slice(0, mostTold).map(([phrase, names]) => `on ${listed(names)}: ${phrase}`),
  ]
  if (lines.length === 0)
    return running.some(isGeneral) || !isAccountedFor(change) ? [] : ['interrupts nothing']
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

const wordsOf = (interruption: Interruption): string[] => {
  switch (interruption.kind) {
    case 'key': {
      const { node, peers, relayed, staged } = interruption
      if (peers.length === 0) return []
      const pairs = relayed.map(([a, b]) => `${a} and ${b}`)
      return [
        staged
          ? `${between(node, peers)} for a second at most, where follow-keys.sh runs; elsewhere ${untilBoth}`
          : `${between(node, peers)}, ${untilBoth} and up to 5 s longer`,
        ...(pairs.length > 0 ? [`as long, because ${node} is on the way: ${listed(pairs)}`] : []),
      ]
    }
    case 'port': {
      const { node, peers, following } = interruption
      return [
        ...(peers.length > 0 ? [`${between(node, peers)}, ${untilBoth}`] : []),
        ...(following.length > 0 ? [`${between(node, following)}, for a second at most`] : []),
      ]
    }
    case 'client': {
      const { client, carrier } = interruption
      return [
        `between client ${client} and the mesh, until ${carrier} has its files and ${client} its new one`,
      ]
    }
    case 'addresses':
      return [`between ${interruption.node} and each of the others, ${untilBoth} and up to 10 s longer`]
    case 'reflection':
      return [
        `what containers of different nodes send each other, until the new files of both and of ${listed(interruption.nodes)} are in effect and up to 10 s longer`,
      ]
    case 'apart':
      return [
        `what containers of different nodes send each other, ${untilBoth}${
          interruption.aspects.every(aspect => aspect === 'presharedSeed')
            ? ': nothing if all have within 50 s'
            : ' and up to 10 s longer'
        }`,
      ]
  }
}

const untilBoth = 'until the new files of both are in effect'

const between = (node: string, peers: readonly string[]): string =>
  `between ${node} and ${peers.length > 1 ? 'each of ' : ''}${listed(peers)}`
