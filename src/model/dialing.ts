import type { MeshEndpoint, MeshNode } from './mesh.js'

type Dialer = Pick<MeshNode, 'families'>
type Dialed = Pick<MeshNode, 'endpoints'>

/** Where `from` can dial `to`: the first endpoint written that answers in a family `from` has, or `null`. */
export const endpointFor = (from: Dialer, to: Dialed): MeshEndpoint | null =>
  to.endpoints.find(endpoint => endpoint.families.some(family => from.families.includes(family))) ?? null
