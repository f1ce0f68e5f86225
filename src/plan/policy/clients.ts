import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { PolicyPoint, PolicyRow } from '../../model/policy-plan.js'
import type { Prefix } from '../../net/index.js'
import { type Here, row } from './row.js'

/** The sets that rows about a node's clients name; none where it carries none. */
export const clientSets = (mesh: Mesh, { clients }: MeshNode): Record<string, readonly Prefix[]> => {
  if (clients.length === 0) return {}
  return {
    clients: clients.flatMap(({ addresses }) => addresses),
    ...Object.fromEntries(
      mesh.segments.flatMap(({ name, tenant, prefixes }) => {
        const apart = clients.filter(({ reach }) => !reach.includes(name))
        return tenant !== null || prefixes.length === 0 || apart.length === 0
          ? []
          : [
              [segment(name), prefixes],
              [keptFrom(name), apart.flatMap(({ addresses }) => addresses)],
            ]
      }),
    ),
  }
}

/** Between clients and segments that they may not enter nothing passes, whoever begins. */
export const keptApart = (point: PolicyPoint, { sets, tunnel }: Here): PolicyRow[] => {
  const because = 'A client enters the segments that mesh.ini names for it.'
  return Object.keys(sets).flatMap(set => {
    const name = /^kept from (.+)$/.exec(set)?.[1]
    if (name === undefined) return []
    return [
      row(point, 'drop', because, { from: { on: tunnel, within: set }, to: { within: segment(name) } }),
      ...(point === 'way'
        ? [row(point, 'drop', because, { from: { within: segment(name) }, to: { on: tunnel, within: set } })]
        : []),
    ]
  })
}

/** Clients come out of the tunnel, as what they speak with does. */
export const carrying = ({ sets, inside, tunnel }: Here): PolicyRow[] => {
  const because = 'Clients of this node go by it to other nodes, and back.'
  return (sets.clients?.length ?? 0) === 0
    ? []
    : [
        row('way', 'pass', because, { from: { on: tunnel, within: 'clients' }, to: { on: inside } }),
        row('way', 'pass', because, { from: { on: inside }, to: { on: tunnel, within: 'clients' } }),
      ]
}

const segment = (name: string): string => `segment ${name}`
const keptFrom = (name: string): string => `kept from ${name}`
