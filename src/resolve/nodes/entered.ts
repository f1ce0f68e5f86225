import { entriesOf } from '../../model/entries.js'
import type { Mesh, MeshClient, MeshTenant } from '../../model/mesh.js'

/** What clients may be let into. */
export type Entered = Pick<Mesh, 'segments' | 'tenants'>

/** The tenants whose routing tables a client enters. */
export const tenantsEntered = (client: Pick<MeshClient, 'reach'>, networks: Entered): MeshTenant[] => [
  ...new Set(entriesOf(networks, client).map(({ tenant }) => tenant)),
]
