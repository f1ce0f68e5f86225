import type { Prefix } from '../net/index.js'
import type { Mesh, MeshClient, MeshTenant } from './mesh.js'

/** What a client may enter in a tenant's routing table. */
export interface Entry {
  /** Of the tenant, for all of it, or of one of its segments. */
  readonly name: string
  readonly tenant: MeshTenant
  /** The networks that are there now or may come. */
  readonly prefixes: readonly Prefix[]
}

/** The tenants and tenants' segments that there are to enter, tenants first. */
export const entriesIn = ({ tenants, segments }: Pick<Mesh, 'tenants' | 'segments'>): Entry[] => {
  const inside = segments.flatMap(({ name, tenant: of, prefixes }): Entry[] => {
    const tenant = tenants.find(one => one.name === of)
    return tenant ? [{ name, tenant, prefixes }] : []
  })
  return [
    ...tenants.map(tenant => ({
      name: tenant.name,
      tenant,
      prefixes: [
        ...tenant.pools,
        ...inside.flatMap(segment => (segment.tenant === tenant ? segment.prefixes : [])),
      ],
    })),
    ...inside,
  ]
}

/** Those that a client may enter. */
export const entriesOf = (
  mesh: Pick<Mesh, 'tenants' | 'segments'>,
  { reach }: Pick<MeshClient, 'reach'>,
): Entry[] => entriesIn(mesh).filter(({ name }) => reach.includes(name))
