import type { Blueprint } from '../arbitraries/blueprint.js'
import { remember } from '../support/remember.js'
import { type DialingModel, dialingModel } from './dialing.js'
import { isLayer3, type NodeFacts } from './facts.js'
import { type FdbEntry, readFdb } from './fdb.js'
import { type FrrFile, readFrr } from './frr.js'
import { readNetplan, readNetplanForwarding } from './netplan.js'
import { readForwarding, readNetworkd } from './networkd.js'
import { reflectorsOf } from './reflection.js'
import { type Texts, textAt, treeOf } from './tree.js'
import { readWgQuick, type WgQuickFile } from './wg-quick.js'

/** A generated mesh as it lies on its nodes, read back, beside what was meant. */
export interface World {
  readonly blueprint: Blueprint
  readonly model: DialingModel
  /** Who reflects routes; nobody where all speak with all. */
  readonly reflectors: readonly NodeFacts[]
  readonly nodes: readonly NodeFacts[]
  readonly tree: Texts
  text(node: NodeFacts, path: string): string
  /** What wg-quick is told, or what another tool is, in the same words. */
  conf(node: NodeFacts): WgQuickFile
  /** Empty where the node has no overlay. */
  fdb(node: NodeFacts): readonly FdbEntry[]
  /** `null` where the node's routing is not ours. */
  frr(node: NodeFacts): FrrFile | null
  nodeWithKey(publicKey: string): NodeFacts
  /** Every ordered pair of different nodes. */
  readonly pairs: readonly (readonly [NodeFacts, NodeFacts])[]
}

type Read = (path: string) => string | undefined

/** Those of the tools other than wg-quick. */
const readers: Readonly<
  Record<
    string,
    { tunnel(read: Read, mesh: string): WgQuickFile; overlay(read: Read, mesh: string): FdbEntry[] }
  >
> = {
  networkd: { tunnel: readNetworkd, overlay: readForwarding },
  netplan: { tunnel: readNetplan, overlay: readNetplanForwarding },
}

export const worldOf = remember((blueprint: Blueprint): World => {
  const model = dialingModel(blueprint)
  const tree = treeOf(blueprint)
  const { nodes } = model
  const text = (node: NodeFacts, path: string): string => textAt(tree, node.name, path)
  const { name } = blueprint.mesh
  const fileOf = (node: NodeFacts) => (path: string) => tree.get(node.name)?.get(path)
  const confs = once(
    (node: NodeFacts) =>
      readers[node.source.targets.tunnel ?? '']?.tunnel(fileOf(node), name) ??
      readWgQuick(text(node, `etc/wireguard/${name}.conf`)),
  )
  const frrs = once((node: NodeFacts) =>
    node.source.targets.routing === 'none' ? null : readFrr(text(node, 'etc/frr/frr.conf')),
  )
  const fdbs = once((node: NodeFacts) =>
    node.source.targets.overlay === 'none' || isLayer3(blueprint)
      ? []
      : (readers[node.source.targets.overlay ?? '']?.overlay(fileOf(node), name) ??
        readFdb(text(node, `etc/ciab/${name}.fdb`))),
  )
  return {
    blueprint,
    model,
    reflectors: reflectorsOf(blueprint, model),
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
