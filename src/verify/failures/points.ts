import { endsOf } from '../flow/ends.js'
import type { Flow } from '../flow/flow.js'
import type { Pair } from '../pairs.js'
import type { Study } from '../verify.js'
import type { Ground } from './ground.js'

/** Something that only one node does for others. */
export interface Point {
  readonly node: string
  /** It forwards between two that do not meet; it alone tells others of routes; it carries clients. */
  readonly kind: 'relay' | 'reflector' | 'carrier'
  /** Whom it does that for: pairs of nodes, nodes, or addresses of clients. */
  readonly for: readonly string[]
  /** What makes a second one of it. */
  readonly hint: string
}

/** What of the nodes that are gone was done by them alone, as far as anything is lost by it. */
export const pointsOf = (
  study: Study,
  ground: Ground,
  gone: readonly string[],
  lost: readonly Pair[],
  flows: readonly Flow[],
): Point[] =>
  gone.flatMap(node => [
    ...relay(ground, node, lost, flows),
    ...reflector(ground, node, lost),
    ...carrier(study, node),
  ])

const relay = (ground: Ground, node: string, lost: readonly Pair[], flows: readonly Flow[]): Point[] => {
  const broken = new Set([
    ...lost.map(({ from, to }) => pairOf(from, to)),
    ...flows.map(({ from, to }) => pairOf(from.machine.name, to.machine.name)),
  ])
  const between = new Set([
    ...[...(ground.carried.get(node) ?? [])].map(([from, { origin }]) => pairOf(from.name, origin.name)),
    ...[...(ground.walked.get(node) ?? [])].map(({ from, to }) => pairOf(from.machine.name, to.machine.name)),
  ])
  const pairs = [...between].filter(pair => broken.has(pair)).sort()
  const [first] = pairs
  return first === undefined
    ? []
    : [
        {
          node,
          kind: 'relay',
          for: pairs,
          hint: `let ${first.replace(' and ', ' or ')} be dialled by the other, so that they are peers: an endpoint in mesh.ini`,
        },
      ]
}

const pairOf = (one: string, other: string): string => [one, other].sort().join(' and ')

const reflector = (ground: Ground, node: string, lost: readonly Pair[]): Point[] => {
  const told = [...(ground.heardFrom.get(node) ?? [])]
  const deaf = lost.filter(
    ({ to, prefix, why }) =>
      why === null && told.some(one => one.origin.name === to && one.prefix === prefix),
  )
  const names = [...new Set(deaf.flatMap(({ from, to }) => [from, to]))].sort()
  return names.length === 0
    ? []
    : [
        {
          node,
          kind: 'reflector',
          for: names,
          hint: 'write reflector = yes for a second node',
        },
      ]
}

const carrier = ({ net }: Study, node: string): Point[] => {
  const machine = net.machines.find(({ name }) => name === node)
  const clients = machine ? endsOf(net, machine).filter(({ kind }) => kind === 'client') : []
  return clients.length === 0
    ? []
    : [
        {
          node,
          kind: 'carrier',
          for: clients.map(({ address }) => address),
          hint: `give the same machine a second [client] with via = another node than ${node}, for when this one is gone`,
        },
      ]
}
