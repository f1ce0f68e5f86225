import type { Mesh, MeshNode } from '../../model/mesh.js'

/** A segment or tenant as the picture has it: a color, and a letter for who does not see colors. */
export interface Mark {
  readonly kind: 'segment' | 'tenant'
  readonly name: string
  readonly letter: string
  /** The number of its color. */
  readonly color: number
  /** Ids of the nodes that are on it. */
  readonly members: ReadonlySet<number>
  /** What the legend says of it. */
  readonly legend: string
}

/** Colors that there are; beyond them they begin again, and letters go on. */
export const colors = 8

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `A` to `z`, then `A1`. */
const letterOf = (index: number): string => {
  const round = Math.floor(index / letters.length)
  return `${letters[index % letters.length]}${round === 0 ? '' : round}`
}

/** The marks of all tenants and segments of a mesh. */
export const marksOf = (mesh: Mesh): readonly Mark[] =>
  [
    ...mesh.tenants.map(({ name, vni, shares, members }) => ({
      kind: 'tenant' as const,
      name,
      members: new Set(members),
      legend: `tenant ${name}, VNI ${vni}${shares.length === 0 ? '' : `, shares with ${shares.join(', ')}`}`,
    })),
    ...mesh.segments.map(({ name, vni, tenant, prefixes, members }) => ({
      kind: 'segment' as const,
      name,
      members: new Set(members),
      legend: [
        `segment ${name}`,
        `VNI ${vni}`,
        ...prefixes,
        ...(tenant === null ? [] : [`in tenant ${tenant}`]),
      ].join(', '),
    })),
  ].map((mark, index) => ({ ...mark, letter: letterOf(index), color: index % colors }))

/** Those that a node has. */
export const marksOn = (marks: readonly Mark[], { id }: MeshNode): Mark[] =>
  marks.filter(({ members }) => members.has(id))
