import type { MeshNode } from '../../model/mesh.js'
import type { ClientKeys, Located, MeshSpec, SectionSpec } from '../../model/spec.js'
import type { Report } from '../report.js'
import type { NodeSpec } from './groups.js'

/** A node whose number is known. */
export interface IdentifiedNode extends NodeSpec {
  readonly id: number
}

/** A node and where its keys were written. */
export type Placed = readonly [node: MeshNode, spec: IdentifiedNode]

/** A client whose number is known. */
export interface IdentifiedClient extends SectionSpec<ClientKeys> {
  readonly id: number
}

type Section = SectionSpec<{ readonly id: number }>

/** The nodes and clients in order of id, once each has a name and a number of its own. */
export const identify = (
  spec: MeshSpec,
  nodes: readonly NodeSpec[],
  report: Report,
): { readonly nodes: IdentifiedNode[]; readonly clients: IdentifiedClient[] } => {
  const all: readonly Section[] = [...nodes, ...spec.clients]
  const kindOf = (section: Section): string => (all.indexOf(section) < nodes.length ? 'node' : 'client')
  const highest = all.reduce(
    (highest, { keys }) => Math.max(highest, keys.id?.value ?? 0),
    (spec.mesh.keys['next-id']?.value ?? 1) - 1,
  )
  const folded = new Map<string, Section>()
  const ids = new Map<number, Located<Section>>()
  let next = highest
  const numbered = <Kind extends Section>(sections: readonly Kind[]): (Kind & { readonly id: number })[] =>
    sections
      .flatMap(section => {
        const { name, span } = section
        const twin = folded.get(name.toLowerCase())
        if (twin)
          report.error(
            'duplicate-node',
            twin.name === name
              ? `a node and a client are both called "${name}"`
              : `"${name}" and "${twin.name}" differ only in case`,
            span,
            'rename one',
            { message: 'the other is here', span: twin.span },
          )
        folded.set(name.toLowerCase(), section)
        const id = section.keys.id
        if (!id) {
          report.error('missing-id', `[${kindOf(section)} ${name}] has no id`, span, `write id = ${++next}`)
          return []
        }
        const first = ids.get(id.value)
        if (first)
          report.error('duplicate-id', `id ${id.value} is taken`, id.span, `write id = ${++next}`, {
            message: `[${kindOf(first.value)} ${first.value.name}] has it here`,
            span: first.span,
          })
        else ids.set(id.value, { value: section, span: id.span })
        return [{ ...section, id: id.value }]
      })
      .sort((a, b) => a.id - b.id)
  const identified = { nodes: numbered(nodes), clients: numbered(spec.clients) }
  if (nodes.length === 0)
    report.error(
      'missing-section',
      'the mesh has no nodes',
      spec.mesh.span,
      'add one with "ciab-gen add-node NAME"',
    )
  return identified
}
