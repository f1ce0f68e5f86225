import type { Blueprint } from '../arbitraries/blueprint.js'
import { remember } from '../support/remember.js'
import { type DialingModel, dialingModel } from './dialing.js'
import type { NodeFacts } from './facts.js'
import { type FdbEntry, readFdb } from './fdb.js'
import { type FrrFile, readFrr } from './frr.js'
import { type Texts, textAt, treeOf } from './tree.js'
import { readWgQuick, type WgQuickFile } from './wg-quick.js'

/** A generated mesh as it lies on its nodes, read back, beside what was meant. */
export interface World {
  readonly blueprint: Blueprint
  readonly model: DialingModel
  readonly nodes: readonly NodeFacts[]
  readonly tree: Texts
  text(node: NodeFacts, path: string): string
  conf(node: NodeFacts): WgQuickFile
  /** Empty where the node has no overlay. */
  fdb(node: NodeFacts): readonly FdbEntry[]
  /** `null` where the node's routing is not ours. */
  frr(node: NodeFacts): FrrFile | null
  nodeWithKey(publicKey: string): NodeFacts
  /** Every ordered pair of different nodes. */
  readonly pairs: readonly (readonly [NodeFacts, NodeFacts])[]
}

export const worldOf = remember((blueprint: Blueprint): World => {
  const model = dialingModel(blueprint)
  const tree = treeOf(blueprint)
  const { nodes } = model
  const text = (node: NodeFacts, path: string): string => textAt(tree, node.name, path)
  const { name } = blueprint.mesh
  const confs = once((node: NodeFacts) => readWgQuick(text(node, `etc/wireguard/${name}.conf`)))
  const frrs = once((node: NodeFacts) =>
    node.source.targets.routing === 'none' ? null : readFrr(text(node, 'etc/frr/frr.conf')),
  )
  const fdbs = once((node: NodeFacts) =>
    node.source.targets.overlay === 'none' ? [] : readFdb(text(node, `etc/ciab/${name}.fdb`)),
  )
  return {
    blueprint,
    model,
    nodes,
    tree,
    text,
    conf: confs,
    fdb: fdbs,
    frr: frrs,
    nodeWithKey: key => nodes.find(node => node.publicKey === key) as NodeFacts,
    pairs: nodes.flatMap(a => nodes.filter(b => b !== a).map(b => [a, b] as const)),
  }
})

const once = <T>(read: (node: NodeFacts) => T): ((node: NodeFacts) => T) => {
  const known = new Map<NodeFacts, T>()
  return node => {
    if (!known.has(node)) known.set(node, read(node))
    return known.get(node) as T
  }
}
