import { lostOnTheWay } from '../carry.js'
import type { Between } from '../expect/ends.js'
import type { Loss } from '../expect/expectation.js'
import { type Flow, flowOf } from '../flow/flow.js'
import type { NodeFiles, NodeFolder } from '../node.js'
import type { Pair } from '../pairs.js'
import type { Spread } from '../spread.js'
import { type Study, studyOf } from '../verify.js'
import { areApart } from '../world.js'
import { type Ground, groundOf } from './ground.js'
import { type Point, pointsOf } from './points.js'
import { reduced } from './reduced.js'

/** What becomes of the others when some nodes are gone. */
export interface Failure {
  readonly name: string
  readonly without: readonly string[]
  /** Routes between the others that are lost. */
  readonly lost: readonly Pair[]
  /** Flows between the others that no longer pass. */
  readonly flows: readonly Flow[]
  /** Flows that pass, by other nodes than before. */
  readonly otherWay: readonly Flow[]
  /** Why: what of those that are gone nobody else does. */
  readonly points: readonly Point[]
}

/** Asks of one tree what each of many losses takes. What nothing hangs on is not looked at again. */
export const failuresOf = (
  study: Study,
  losses: readonly Loss[],
  more: readonly Between[] = [],
): Failure[] => {
  const ground = groundOf(study, more)
  return losses.map(loss => failureOf(study, ground, loss))
}

const failureOf = (study: Study, ground: Ground, { name, nodes }: Loss): Failure => {
  const gone = new Set(nodes)
  const affected = new Set(nodes.flatMap(node => [...(ground.heardFrom.get(node) ?? [])]))
  const routed = new Set(nodes.flatMap(node => [...(ground.carried.get(node) ?? [])]))
  const ways = new Set(nodes.flatMap(node => [...(ground.walked.get(node) ?? [])]))
  const origins = new Set([...affected].map(({ origin }) => origin.name))
  const evpn = nodes.some(node => ground.tellsEvpn.has(node))
  for (const way of ground.all) {
    const [from, to] = [way.from.machine.name, way.to.machine.name]
    const apart = way.from.tenant !== null || way.from.segment !== null
    if (origins.has(from) || origins.has(to) || (evpn && apart)) ways.add(way)
  }
  const points = (lost: readonly Pair[], flows: readonly Flow[]): Point[] =>
    pointsOf(study, ground, nodes, lost, flows)
  if (affected.size === 0 && routed.size === 0 && ways.size === 0)
    return { name, without: nodes, lost: [], flows: [], otherWay: [], points: points([], []) }
  const left = reduced(study, gone, affected)
  const learned = new Map(left.spreads.map(one => [`${one.origin.name} ${one.prefix}`, one]))
  const lost: Pair[] = []
  const tried = (node: NodeFiles, told: Spread): void => {
    const { origin, prefix } = told
    if (gone.has(node.name) || gone.has(origin.name) || node === origin) return
    if (areApart(study.world, node, origin) || !told.learned.has(node as typeof origin)) return
    if (lostOnTheWay(study.world, node, origin, prefix) !== null) return
    const knows = learned.get(`${origin.name} ${prefix}`)?.learned.has(node as typeof origin)
    const why = knows ? lostOnTheWay(left.world, node, origin, prefix) : null
    if (!knows || why) lost.push({ from: node.name, to: origin.name, prefix, passes: false, why })
  }
  for (const told of affected) for (const node of left.world.nodes) tried(node, told)
  for (const [node, told] of routed) if (!affected.has(told)) tried(node, told)
  const flows: Flow[] = []
  const otherWay: Flow[] = []
  for (const { from, to, nodes: before } of ways) {
    if (gone.has(from.machine.name) || gone.has(to.machine.name)) continue
    const flow = flowOf(left.net, from, to)
    if (flow.verdict !== 'passes') flows.push(flow)
    else if (nodesOf(flow).join(' ') !== before.join(' ')) otherWay.push(flow)
  }
  return { name, without: nodes, lost, flows, otherWay, points: points(lost, flows) }
}

const nodesOf = ({ there, back }: Flow): readonly string[] => [...there.nodes, ...(back?.nodes ?? [])]

/** The same of files that nobody has read yet. */
export const failuresIn = (folders: readonly NodeFolder[], losses: readonly Loss[]): Failure[] =>
  failuresOf(studyOf(folders), losses)
