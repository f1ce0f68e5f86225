import type { Mesh } from '../model/mesh.js'
import { addressPart } from '../net/index.js'
import { rolesIn } from './facts.js'

/** A node as a table has it, a word or words for each column. */
export interface NodeRow {
  readonly name: string
  readonly id: number
  readonly site: string
  readonly roles: string
  readonly endpoints: string
  readonly addresses: string
  readonly networks: string
}

/** The nodes of a mesh as a table: in the order of ids, lists with a blank between, `''` where there is nothing to say. */
export const rowsOf = (mesh: Mesh): NodeRow[] => {
  const rolesOf = rolesIn(mesh)
  return mesh.nodes.map(node => ({
    name: node.name,
    id: node.id,
    site: node.site ?? '',
    roles: rolesOf(node).join(', '),
    endpoints: node.endpoints.map(({ endpoint }) => endpoint).join(' '),
    addresses: [...node.underlay, ...(mesh.mode === 'vxlan' ? node.overlay : [])].map(addressPart).join(' '),
    networks: node.networks.flatMap(({ prefixes }) => prefixes).join(' '),
  }))
}
