import type { Located, MeshSpec } from '../../model/spec.js'
import type { Report } from '../report.js'
import type { NodeSpec } from './groups.js'

/** A node whose number is known. */
export interface IdentifiedNode extends NodeSpec {
  readonly id: number
}

/** The nodes in order of id, once each has a name and a number of its own. */
export const identify = (spec: MeshSpec, nodes: readonly NodeSpec[], report: Report): IdentifiedNode[] => {
  const highest = nodes.reduce(
    (highest, node) => Math.max(highest, node.keys.id?.value ?? 0),
    (spec.mesh.keys['next-id']?.value ?? 1) - 1,
  )
  const folded = new Map<string, NodeSpec>()
  const ids = new Map<number, Located<NodeSpec>>()
  let next = highest
  const identified: IdentifiedNode[] = []
  for (const node of nodes) {
    const twin = folded.get(node.name.toLowerCase())
    if (twin)
      report.error(
        'duplicate-node',
        `"${node.name}" and "${twin.name}" differ only in case`,
        node.span,
        'rename one',
        { message: 'the other is here', span: twin.span },
      )
    folded.set(node.name.toLowerCase(), node)
    const id = node.keys.id
    if (!id) {
      report.error('missing-id', `[node ${node.name}] has no id`, node.span, `write id = ${++next}`)
      continue
    }
    const first = ids.get(id.value)
    if (first)
      report.error('duplicate-id', `id ${id.value} is taken`, id.span, `write id = ${++next}`, {
        message: `[node ${first.value.name}] has it here`,
        span: first.span,
      })
    else ids.set(id.value, { value: node, span: id.span })
    identified.push({ ...node, id: id.value })
  }
  if (nodes.length === 0)
    report.error(
      'missing-section',
      'the mesh has no nodes',
      spec.mesh.span,
      'add one with "ciab-gen add-node NAME"',
    )
  return identified.sort((a, b) => a.id - b.id)
}
