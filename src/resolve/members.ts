import { didYouMean } from '../diagnostics/index.js'
import type { MeshNode } from '../model/mesh.js'
import type { Concern, SegmentSpec, TenantSpec } from '../model/spec.js'
import type { Report } from './report.js'

/** The nodes of a segment or tenant, in order of id: those it names, or all that can take part. */
export const membersOf = (
  network: SegmentSpec | TenantSpec,
  nodes: readonly MeshNode[],
  report: Report,
): MeshNode[] => {
  if (!network.nodes) {
    const able = nodes.filter(node => lacking(node) === undefined)
    if (able.length === 0)
      report.error(
        'value-conflict',
        `${network.name} is on no node: none has a target for both routing and evpn`,
        network.span,
        'write evpn = iproute2 and routing = frr in [targets], or for its nodes',
      )
    return able
  }
  const byName = new Map(nodes.map(node => [node.name, node]))
  const members = new Set<string>()
  for (const { value, span } of network.nodes) {
    const node = byName.get(value)
    if (!node)
      report.error('unknown-node', `there is no node "${value}"`, span, didYouMean(value, [...byName.keys()]))
    else if (members.has(value)) report.error('value-list', `"${value}" stands twice`, span, 'delete one')
    else if (lacking(node))
      report.error(
        'value-conflict',
        `${value} cannot be a member: it has no target for ${lacking(node)}`,
        span,
        'give it one, or take it out here',
      )
    members.add(value)
  }
  return nodes.filter(({ name }) => members.has(name))
}

/** The devices are made by one target, and what is behind them told by another. */
const lacking = ({ targets }: MeshNode): Concern | undefined =>
  (['routing', 'evpn'] as const).find(concern => targets[concern] === 'none')
