import type { Failure, Flow, Point } from '../../verify/index.js'
import { counted } from './report.js'

/** What a loss takes, a line for each thing. `names` has what mesh.ini calls those with an address. */
export const failureLines = (
  { name, lost, flows, otherWay, points }: Failure,
  names: ReadonlyMap<string, string>,
): string[] => [
  `without ${name}: ${counted(lost.length, 'other route')} lost`,
  ...lost.map(({ from, to, prefix }) => `  ${from} to ${prefix} of ${to}`),
  ...someFlows(flows, 'no longer passes', 'no longer pass'),
  ...someFlows(otherWay, 'goes another way', 'go another way'),
  ...points.map(point => `  ${pointWords(point, names)}: ${point.hint}`),
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
export const pointWords = (point: Point, names: ReadonlyMap<string, string>): string => {
  const { node, kind } = point
  const those = [...new Set(point.for.map(one => names.get(one) ?? one))]
  const shown = those.slice(0, mostNamed).join(', ')
  const more = those.length > mostNamed ? ` and ${those.length - mostNamed} more` : ''
  if (kind === 'relay') return `${node} alone forwards between ${shown}${more}`
  if (kind === 'reflector') return `${node} alone tells ${shown}${more} of each other's networks`
  return `${node} alone carries ${shown}${more}`
}

/** All that hangs on one node, or that nothing does. */
export const pointsLine = (failures: readonly Failure[], names: ReadonlyMap<string, string>): string => {
  const single = failures.filter(({ without }) => without.length === 1).flatMap(({ points }) => points)
  return single.length === 0
    ? 'no single point of failure among the nodes'
    : `single points of failure: ${single.map(point => pointWords(point, names)).join('; ')}`
}
