import { didYouMean, type Span } from '../../diagnostics/index.js'
import type { MeshNode, MeshTenant } from '../../model/mesh.js'
import type { Concern, Located, SegmentSpec, TenantSpec } from '../../model/spec.js'
import { defaultTargets } from '../defaults.js'
import type { Report } from '../report.js'

/** The tenant that a segment chooses, and where it does. */
export interface ChosenTenant extends Pick<MeshTenant, 'name' | 'members'> {
  readonly span: Span
}

/**
 * The nodes of a segment or tenant, in order of id: those it names, or all that can take part. Those of a
 * tenant's segment are the tenant's.
 */
export const membersOf = (
  network: SegmentSpec | TenantSpec,
  nodes: readonly MeshNode[],
  report: Report,
  tenant: ChosenTenant | null = null,
): MeshNode[] => {
  if (network.nodes) return namedMembers(network.name, network.nodes, nodes, report, tenant)
  if (tenant) return nodes.filter(({ id }) => tenant.members.includes(id))
  const able = nodes.filter(node => lacking(node) === undefined)
  if (able.length === 0)
    report.error(
      'value-conflict',
      `${network.name} is on no node: none has a target for both routing and evpn`,
      network.span,
      `write evpn = ${defaultTargets.evpn} and routing = ${defaultTargets.routing} in [targets], or for its nodes`,
    )
  return able
}

const namedMembers = (
  network: string,
  written: readonly Located<string>[],
  nodes: readonly MeshNode[],
  report: Report,
  tenant: ChosenTenant | null,
): MeshNode[] => {
  const byName = new Map(nodes.map(node => [node.name, node]))
  const members = new Set<string>()
  for (const { value, span } of written) {
    const node = byName.get(value)
    const lack = node && lacking(node)
    if (!node)
      report.error('unknown-node', `there is no node "${value}"`, span, didYouMean(value, [...byName.keys()]))
    else if (members.has(value)) report.error('value-list', `"${value}" stands twice`, span, 'delete one')
    else if (lack)
      report.error(
        'value-conflict',
        `${value} cannot be a member: it has no target for ${lack}`,
        span,
        `write ${lack} = ${defaultTargets[lack]} in [node ${value}], or take it out here`,
      )
    else if (tenant && !tenant.members.includes(node.id))
      report.error(
        'value-conflict',
        `${value} is on segment ${network}, but tenant ${tenant.name} is not on ${value}`,
        span,
        `take ${value} out here, or add it to nodes of [tenant ${tenant.name}]`,
        { message: 'the tenant is chosen here', span: tenant.span },
      )
    members.add(value)
  }
  return nodes.filter(({ name }) => members.has(name))
}

/** The devices are made by one target, and what is behind them told by another. */
const lacking = ({ targets }: MeshNode): Concern | undefined =>
  (['routing', 'evpn'] as const).find(concern => targets[concern] === 'none')
