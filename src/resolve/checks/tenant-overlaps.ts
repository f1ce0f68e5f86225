import type { MeshTenant } from '../../model/mesh.js'
import type { ContainerPools, Located, MeshSpec, SegmentSpec, TenantSpec } from '../../model/spec.js'
import { type Claim, overlappingClaims } from '../addresses/overlap.js'
import type { Report } from '../report.js'
import { reportOverlap } from './address-overlaps.js'

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

/** Of a tenant and its segments. */
interface TenantClaim extends Claim {
  readonly tenant: string
}

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
      const claims = [tenant, ...segments].flatMap(claimsOf)
      return [tenant.name, claims.map((claim): TenantClaim => ({ ...claim, tenant: tenant.name }))]
    }),
  )
  const reported = new Set<Claim>()
  for (const { name, shares } of tenants) {
    const reached = [name, ...shares].flatMap(tenant => own.get(tenant) ?? [])
    for (const [late, early] of overlappingClaims<Claim>([...mesh, ...reached])) {
      // What the mesh itself has twice is said elsewhere, and what two tenants share is seen from both.
      if (!isOfTenant(late) || reported.has(late) || reported.has(early)) continue
      reported.add(late)
      reportOverlap(late, early, report, ...sharing(late, early, name, spec))
    }
  }
}

const isOfTenant = (claim: Claim): claim is TenantClaim => 'tenant' in claim

/** Why two tenants must not have the same, and what to take back: nothing where no sharing is behind it. */
const sharing = (
  late: TenantClaim,
  early: Claim,
  seenFrom: string,
  { tenants }: MeshSpec,
): [cause: string, way: string] | [] => {
  if (!isOfTenant(early) || early.tenant === late.tenant) return []
  const [a, b] = [early.tenant, late.tenant]
  const direct = wordsOf(a, b, tenants)
  return direct.length > 0
    ? [`, and tenants ${a} and ${b} share`, `, or take ${direct.join(' and ')}`]
    : [
        `, and tenant ${seenFrom} shares with ${a} and ${b}`,
        `, or take ${wordsOf(seenFrom, b, tenants).join(' and ')}`,
      ]
}

/** Where it is written that two share: by one of them, or by both. */
const wordsOf = (a: string, b: string, tenants: readonly TenantSpec[]): string[] =>
  tenants.flatMap(({ name, share }) => {
    const other = name === a ? b : a
    const says = (name === a || name === b) && share.some(({ value }) => value === other)
    return says ? [`${other} out of share in [tenant ${name}]`] : []
  })
