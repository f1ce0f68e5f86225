import type { MeshNode } from '../model/mesh.js'
import type { MeshChange, NodeChange } from './changes.js'
import { type Interruption, interruptionsOf } from './interruptions.js'
import type { OnNode } from './on-node.js'

/** Nodes whose containers do not hear of each other for a while, by their new names. */
export interface Gap {
  /** Each of the first with each of the second. */
  readonly between: readonly [readonly string[], readonly string[]]
  /**
   * It begins when the first of these has its new files in effect, or its new key where that lies on it alone, and lasts
   * until all have: the nodes named here, and where `both` is true the two themselves.
   */
  readonly until: readonly string[]
  readonly both: boolean
  /** So many seconds longer at most; `null` where something else ends it. */
  readonly longer: number | null
  /** Seconds that it lasts at most, at some time of that, or `null` for as long as all of it. */
  readonly most: number | null
}

/** What a change interrupts between which nodes. */
export const gapsOf = (change: MeshChange, onNode: OnNode): Gap[] => {
  const running = change.nodes.flatMap(({ before, after }) => (before && after ? [after.name] : []))
  const others = (node: MeshNode): string[] => running.filter(name => name !== node.name)
  return [
    ...interruptionsOf(change).flatMap(one => between(one, running)),
    ...change.nodes.filter(isRunning).flatMap(({ before, after }) =>
      onNode(before, after).map(
        ({ apart, seconds }): Gap => ({
          between: [[after.name], apart === 'all' ? others(after) : apart],
          until: [after.name],
          both: false,
          longer: seconds,
          most: null,
        }),
      ),
    ),
  ].filter(({ between }) => between.every(side => side.length > 0))
}

const isRunning = (
  node: NodeChange,
): node is NodeChange & { readonly before: MeshNode; readonly after: MeshNode } =>
  node.before !== null && node.after !== null

const between = (interruption: Interruption, running: readonly string[]): Gap[] => {
  const apart = (
    some: readonly string[],
    others: readonly string[],
    longer: number,
    until: readonly string[] = [],
  ): Gap => ({ between: [some, others], until, both: true, longer, most: null })
  const briefly = (gap: Gap, node: string): Gap => ({
    ...gap,
    until: [node],
    both: false,
    longer: 1,
    most: 1,
  })
  switch (interruption.kind) {
    case 'key': {
      const { node, peers, relayed, staged } = interruption
      return [
        apart([node], peers, untilHandshake),
        ...relayed.map(([a, b]) => apart([a], [b], untilHandshake, [node])),
      ].map(gap => (staged ? briefly(gap, node) : gap))
    }
    case 'port': {
      const { node, peers, following } = interruption
      return [apart([node], peers, 0), briefly(apart([node], following, 0), node)]
    }
    case 'client':
      return []
    case 'addresses':
      return [
        apart(
          [interruption.node],
          running.filter(name => name !== interruption.node),
          untilRoutes,
        ),
      ]
    case 'apart':
      return [
        apart(
          running,
          running,
          interruption.aspects.every(aspect => aspect === 'presharedSeed') ? untilHandshake : untilRoutes,
        ),
      ]
    case 'reflection':
      return [apart(running, running, untilRoutes, interruption.nodes)]
  }
}

/** Seconds after which WireGuard asks again for an answer that it got none to (Rekey-Timeout). */
const untilHandshake = 5

/** Seconds in which BGP's sessions are up again, and have brought their routes. */
const untilRoutes = 10
