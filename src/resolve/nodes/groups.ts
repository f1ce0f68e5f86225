import { didYouMean } from '../../diagnostics/index.js'
import type { GroupKeys, GroupSpec, Located, MeshSpec, NodeKeys, SectionSpec } from '../../model/spec.js'
import type { Report } from '../report.js'

/** A node as written, or with what its groups say. */
export type NodeSpec = SectionSpec<NodeKeys>

/** Every node with the settings of its groups; its own win, and two groups must not both set one. */
export const inherit = (spec: MeshSpec, report: Report): NodeSpec[] => {
  const names = new Set(spec.nodes.map(node => node.name))
  const groupsOf = new Map<string, GroupSpec[]>()
  for (const group of spec.groups) {
    for (const { value, span } of group.members) {
      if (!names.has(value))
        report.error('unknown-node', `there is no node "${value}"`, span, didYouMean(value, [...names]))
      const groups = groupsOf.get(value) ?? []
      if (groups.includes(group)) report.error('value-list', `"${value}" stands twice`, span, 'delete one')
      else groupsOf.set(value, [...groups, group])
    }
    if (group.members.length === 0)
      report.error(
        'missing-key',
        `[group ${group.name}] has no members`,
        group.span,
        'write members = NODE, NODE',
      )
  }
  return spec.nodes.map(node => {
    const groups = groupsOf.get(node.name)
    return groups
      ? { ...node, keys: { ...merged(node.name, groups, report, node.keys), ...node.keys } }
      : node
  })
}

const merged = (
  node: string,
  groups: readonly GroupSpec[],
  report: Report,
  own: NodeSpec['keys'],
): GroupSpec['keys'] => {
  const keys: Record<string, Located<unknown>> = {}
  for (const group of groups)
    for (const [key, written] of Object.entries(group.keys) as [keyof GroupKeys, Located<unknown>][]) {
      const before = keys[key]
      if (before && !(key in own))
        report.error(
          'group-conflict',
          `two groups set ${key} for ${node}`,
          written.span,
          `write ${key} in [node ${node}], where it wins, or take ${node} out of one group`,
          { message: 'the other sets it here', span: before.span },
        )
      keys[key] = written
    }
  return keys as GroupSpec['keys']
}
