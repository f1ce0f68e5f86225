import type { MeshEndpoint, MeshNode } from './mesh.js'

type Dialer = Pick<MeshNode, 'families'>
type Dialed = Pick<MeshNode, 'endpoints'>

/**
 * Where `from` can dial `to`, or `null`: in the first of the families that `from` has in which `to` answers, at its
 * address rather than a name, which may lead elsewhere.
 */
export const endpointFor = ({ families }: Dialer, { endpoints }: Dialed): MeshEndpoint | null => {
  for (const family of families) {
    const found = endpoints.filter(endpoint => endpoint.families.includes(family))
    if (found.length > 0) return found.find(({ named }) => !named) ?? (found[0] as MeshEndpoint)
  }
  return null
}
