import type { Failure, Flow, Point } from '../../verify/index.js'
import { counted } from './report.js'

/** What a loss takes, a line for each thing. `clients` has the names that mesh.ini has for addresses. */
export const failureLines = (
  { name, lost, flows, otherWay, points }: Failure,
  clients: ReadonlyMap<string, string>,
): string[] => [
  `without ${name}: ${counted(lost.length, 'other route')} lost`,
  ...lost.map(({ from, to, prefix }) => `  ${from} to ${prefix} of ${to}`),
  ...someFlows(flows, 'no longer passes', 'no longer pass'),
  ...someFlows(otherWay, 'goes another way', 'go another way'),
  ...points.map(point => `  ${pointWords(point, clients)}: ${point.hint}`),
]

const someFlows = (flows: readonly Flow[], one: string, many: string): string[] => {
  const [first] = flows
  return first
    ? [
        `  ${counted(flows.length, 'flow')} ${flows.length === 1 ? one : many}: ${first.from.address} (${first.from.name}) to ${first.to.address} (${first.to.name})${flows.length > 1 ? ', for one' : ''}`,
      ]
    : []
}

/** How many are named of those that one node is there for. */
const mostNamed = 5

/** `node1 alone forwards between node3 and node4`. */
export const pointWords = (point: Point, clients: ReadonlyMap<string, string>): string => {
  const { node, kind } = point
  const names = [...new Set(point.for.map(one => clients.get(one) ?? one))]
  const shown = names.slice(0, mostNamed).join(', ')
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  if (kind === 'relay') return `${node} alone forwards between ${shown}${more}`
  if (kind === 'reflector') return `${node} alone tells ${shown}${more} of each other's networks`
  return `${node} alone carries ${shown}${more}`
}

/** All that hangs on one node, or that nothing does. */
export const pointsLine = (failures: readonly Failure[], clients: ReadonlyMap<string, string>): string => {
  const single = failures.filter(({ without }) => without.length === 1).flatMap(({ points }) => points)
  return single.length === 0
    ? 'no single point of failure among the nodes'
    : `single points of failure: ${single.map(point => pointWords(point, clients)).join('; ')}`
}
