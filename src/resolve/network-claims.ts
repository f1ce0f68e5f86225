import type { MeshTenant } from '../model/mesh.js'
import type { ContainerPools, Located, MeshSpec, SegmentSpec, TenantSpec } from '../model/spec.js'
import { reportOverlap } from './claims.js'
import { type Claim, overlappingClaims } from './overlap.js'
import type { Report } from './report.js'

/** The addresses that a segment or tenant says are its own. */
export const claimsOf = (network: SegmentSpec | TenantSpec): Claim[] => {
  const written = poolsOf(network)
  if (!written) return []
  const { value, span } = written
  const what = `${isTenant(network) ? 'tenant' : 'segment'} ${network.name}`
  return [value.ipv4, value.ipv6].flatMap(pool => (pool ? [{ prefix: pool.prefix, what, span }] : []))
}

const isTenant = (network: SegmentSpec | TenantSpec): network is TenantSpec => 'share' in network

const poolsOf = (network: SegmentSpec | TenantSpec): Located<ContainerPools> | undefined =>
  isTenant(network) ? network.keys.containers : network.keys.subnet

/** Of segments in the hosts' own routing table. */
export const hostSegmentClaims = ({ segments }: MeshSpec): Claim[] =>
  segments.filter(({ keys }) => !keys.tenant).flatMap(claimsOf)

/**
 * What can be reached from one routing table is there once: a tenant's networks keep clear of the mesh's own
 * addresses, of each other and of those of tenants that it shares with. Other tenants may have the same.
 */
export const checkTenantClaims = (
  spec: MeshSpec,
  tenants: readonly MeshTenant[],
  mesh: readonly Claim[],
  report: Report,
): void => {
  const own = new Map(
    spec.tenants.map(tenant => {
      const segments = spec.segments.filter(({ keys }) => keys.tenant?.value === tenant.name)
      return [tenant.name, [tenant, ...segments].flatMap(claimsOf)]
    }),
  )
  const ofMesh = new Set(mesh)
  const reported = new Set<Claim>()
  for (const { name, shares } of tenants) {
    const reached = [name, ...shares].flatMap(tenant => own.get(tenant) ?? [])
    for (const [late, early] of overlappingClaims([...mesh, ...reached])) {
      // What the mesh itself has twice is said elsewhere, and what two tenants share is seen from both.
      if (ofMesh.has(late) || reported.has(late) || reported.has(early)) continue
      reported.add(late)
      reportOverlap(late, early, report)
    }
  }
}
