import { didYouMean, type Span } from '../../diagnostics/index.js'
import { endpointFor, likenessOf } from '../../model/dialing.js'
import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { Located, MeshSpec } from '../../model/spec.js'
import type { Report } from '../report.js'

/** Pairs of ids that [exclude] names, both ways, and where. */
export type Exclusions = ReadonlyMap<number, ReadonlyMap<number, Span>>

/** Reads [exclude] now that the nodes have their ids. */
export const exclusionsOf = (spec: MeshSpec, nodes: readonly MeshNode[], report: Report): Exclusions => {
  const ids = new Map(nodes.map(node => [node.name, node.id]))
  const excluded = new Map<number, Map<number, Span>>()
  const add = (a: number, b: number, span: Span): void => {
    excluded.set(a, (excluded.get(a) ?? new Map<number, Span>()).set(b, span))
  }
  const idOf = ({ value, span }: Located<string>): number | undefined => {
    const id = ids.get(value)
    if (id === undefined)
      report.error('unknown-node', `there is no node "${value}"`, span, didYouMean(value, [...ids.keys()]))
    return id
  }
  let left: Located<string> | null = null
  for (const [one, other] of spec.exclude) {
    // One line of [exclude] gives a pair for each of its members; its own name is looked up once.
    const known = left?.span === one.span ? ids.get(one.value) : idOf(one)
    left = one
    const [a, b] = [known, idOf(other)]
    if (a === undefined || b === undefined) continue
    if (a === b)
      report.error('exclude-self', `${one.value} is excluded from itself`, other.span, 'name another node')
    add(a, b, other.span)
    add(b, a, other.span)
  }
  return excluded
}

/** Two nodes that are not WireGuard peers, the one with the lower id first. */
export interface Apart {
  readonly a: MeshNode
  readonly b: MeshNode
  /** Where [exclude] names them, `null` where neither can dial the other. */
  readonly excluded: Span | null
  readonly relay: MeshNode | null
  /** Where nobody forwards between them, the node that would if it had routes. */
  readonly unfit: MeshNode | null
}

/** Nodes that dial and are dialled in the same families: what one of them peers with, all do. */
interface Kind {
  readonly nodes: MeshNode[]
  readonly apart: Set<Kind>
}

/**
 * The pairs that are not WireGuard peers, in order of ids, and who forwards between them: the node with the
 * lowest id that both peer with, so that a node added later never moves a path.
 */
export const pairsApart = (
  nodes: readonly MeshNode[],
  mode: Mesh['mode'],
  exclusions: Exclusions,
): Apart[] => {
  const kinds = kindsOf(nodes)
  const meeting = meetingOf(nodes, kinds, exclusions)
  const knowsTheWay = mode === 'l3' ? routesFor : () => true
  return nodes.flatMap(a => {
    const excluded = exclusions.get(a.id)
    const others = new Set([...(kinds.get(a) as Kind).apart].flatMap(kind => kind.nodes))
    if (excluded) for (const node of nodes) if (excluded.has(node.id)) others.add(node)
    return [...others]
      .filter(b => b.id > a.id)
      .sort((one, other) => one.id - other.id)
      .map(b => {
        const relay = meeting(a, b, node => knowsTheWay(node, a, b))
        const unfit = relay ? null : meeting(a, b, () => true)
        return { a, b, excluded: excluded?.get(b.id) ?? null, relay, unfit }
      })
  })
}

/**
 * Without VXLAN who forwards meets the containers' own addresses, and sends what it has no route to out to the
 * internet. Two of which one has no routing of ours tell each other of no containers.
 */
const routesFor = (relay: MeshNode, a: MeshNode, b: MeshNode): boolean =>
  routes(relay) || !routes(a) || !routes(b)

const routes = ({ targets }: MeshNode): boolean => targets.routing !== 'none'

const kindsOf = (nodes: readonly MeshNode[]): ReadonlyMap<MeshNode, Kind> => {
  const kinds = new Map<string, Kind>()
  const kindOf = new Map<MeshNode, Kind>()
  for (const node of nodes) {
    const key = likenessOf(node)
    const kind = kinds.get(key) ?? { nodes: [], apart: new Set() }
    kind.nodes.push(node)
    kinds.set(key, kind)
    kindOf.set(node, kind)
  }
  const all = [...kinds.values()]
  for (const one of all)
    for (const other of all) {
      const [a, b] = [one.nodes[0] as MeshNode, other.nodes[0] as MeshNode]
      if (!endpointFor(a, b) && !endpointFor(b, a)) one.apart.add(other)
    }
  return kindOf
}

const meetingOf = (
  nodes: readonly MeshNode[],
  kinds: ReadonlyMap<MeshNode, Kind>,
  exclusions: Exclusions,
): ((a: MeshNode, b: MeshNode, fit: (node: MeshNode) => boolean) => MeshNode | null) => {
  const known = new Map<Kind, Map<Kind, readonly MeshNode[]>>()
  const between = (one: Kind, other: Kind): readonly MeshNode[] => {
    const row = known.get(one) ?? new Map<Kind, readonly MeshNode[]>()
    known.set(one, row)
    const meet = (kind: Kind): boolean => !kind.apart.has(one) && !kind.apart.has(other)
    const found = row.get(other) ?? nodes.filter(node => meet(kinds.get(node) as Kind))
    row.set(other, found)
    return found
  }
  // Neither of the two is found: they are of kinds that are apart, or each is excluded from the other.
  return (a, b, fit) =>
    between(kinds.get(a) as Kind, kinds.get(b) as Kind).find(
      node => !exclusions.get(a.id)?.has(node.id) && !exclusions.get(b.id)?.has(node.id) && fit(node),
    ) ?? null
}

/** The pairs as {@link Mesh} has them: by the two ids, both ways. */
export const detoursOf = (apart: readonly Apart[]): Mesh['detours'] => {
  const detours = new Map<number, Map<number, number | null>>()
  const set = (a: MeshNode, b: MeshNode, relay: MeshNode | null): void => {
    detours.set(a.id, (detours.get(a.id) ?? new Map<number, number | null>()).set(b.id, relay?.id ?? null))
  }
  for (const { a, b, relay } of apart) {
    set(a, b, relay)
    set(b, a, relay)
  }
  return detours
}
