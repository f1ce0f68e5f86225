import type { MeshNode } from '../model/mesh.js'
import type { MeshChange, NodeChange } from './changes.js'

/**
 * When a node gets its new files. Those that have another key or port go first: their peers hear of either from them
 * and follow, but could not reach them under what is not there yet. Those that come go last, into a mesh that knows them.
 */
export type Turn = 'first' | 'then' | 'last'

/** Whose turn it is when, by the names that nodes have now. */
export const turnOf = ({ before, aspects }: NodeChange): Turn => {
  if (before === null) return 'last'
  return aspects.has('publicKey') || aspects.has('listenPort') ? 'first' : 'then'
}

/** Nodes whose next key has become known with this change, and which get it with the one after. */
export const stagedIn = ({ nodes }: MeshChange): MeshNode[] =>
  nodes.flatMap(({ after, aspects }) => (after?.nextPublicKey && aspects.has('nextPublicKey') ? [after] : []))

/** Whether nothing else has changed than that next keys became known. */
export const onlyStages = ({ aspects, nodes }: MeshChange): boolean =>
  aspects.size === 0 &&
  nodes.every(
    node =>
      node.before !== null && node.after !== null && [...node.aspects].every(one => one === 'nextPublicKey'),
  )
