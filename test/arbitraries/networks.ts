import fc from 'fast-check'
import type {
  MeshBlueprint,
  NodeBlueprint,
  PartPools,
  SegmentBlueprint,
  TenantBlueprint,
} from './blueprint.js'

type Families = 'none' | 'v4' | 'v6' | 'both'

interface NetworkChoice {
  readonly families: Families
  readonly vni: boolean
  /** Positions of nodes; `null` for all, and empty for none. */
  readonly members: readonly number[] | null
}

interface SegmentChoice extends NetworkChoice {
  /** Position of a tenant. */
  readonly tenant: number | null
}

interface TenantChoice extends NetworkChoice {
  /** Positions of tenants. */
  readonly share: readonly number[]
}

/** Segments and tenants, before it is known which nodes there are. */
export interface NetworksChoice {
  readonly segments: readonly SegmentChoice[]
  readonly tenants: readonly TenantChoice[]
}

const common = {
  families: fc.constantFrom<Families[]>('v4', 'v4', 'both', 'v6', 'none'),
  vni: fc.boolean(),
  members: fc.option(
    fc.oneof(
      { weight: 5, arbitrary: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }) },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
    { freq: 3 },
  ),
}

export const networksChoice: fc.Arbitrary<NetworksChoice> = fc.record({
  segments: fc.array(fc.record({ ...common, tenant: fc.option(fc.nat({ max: 2 }), { freq: 2 }) }), {
    maxLength: 3,
  }),
  tenants: fc.array(
    fc.record({
      ...common,
      share: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 2 }) },
      ),
    }),
    { maxLength: 3 },
  ),
})

const segmentNames = ['web-1', 's', 'eight-ch']
const tenantNames = ['blue', 't', 'red-tenants']

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]

const pools = (families: Families, ipv4: PartPools['ipv4'], ipv6: PartPools['ipv6']): PartPools => ({
  ipv4: families === 'v4' || families === 'both' ? ipv4 : null,
  ipv6: families === 'v6' || families === 'both' ? ipv6 : null,
})

/** The segments and tenants that the choices make of these nodes; with parts for every id that there is. */
export const networksOf = (
  { segments, tenants }: NetworksChoice,
  mesh: MeshBlueprint,
  nodes: readonly NodeBlueprint[],
): { segments: SegmentBlueprint[]; tenants: TenantBlueprint[] } => {
  const able = nodes.filter(({ targets }) => targets.routing !== 'none' && targets.evpn !== 'none')
  if (able.length === 0) return { segments: [], tenants: [] }
  const within = (members: readonly number[] | null, names: readonly string[]): string[] | null => {
    const chosen = unique(members?.flatMap(at => names[at] ?? []) ?? [])
    // Where it names only nodes that are not there, it names none at all.
    return chosen.length === 0 && members?.length !== 0 ? null : chosen
  }
  const sharing = tenants.some(({ share }, at) => share.some(other => other !== at && other < tenants.length))
  const built = tenants.map((tenant, at): TenantBlueprint => {
    // The same for all on purpose, but where some of them meet.
    const place = sharing ? at : 0
    return {
      name: tenantNames[at] as string,
      vni: tenant.vni ? 300 + at : null,
      nodes: within(
        tenant.members,
        able.map(({ name }) => name),
      ),
      containers: pools(
        tenant.families,
        { prefix: `10.${80 + place}.0.0/16`, length: 28 },
        { prefix: `fd80:${place + 1}::/48`, length: 64 },
      ),
      share: unique(tenant.share.filter(other => other !== at && other < tenants.length)).map(
        other => tenantNames[other] as string,
      ),
    }
  })
  const carrier6 = (mesh.mode === 'l3' ? mesh.underlay : mesh.overlay).ipv6 !== null
  return {
    tenants: built,
    segments: segments.map((segment, at): SegmentBlueprint => {
      const owner = segment.tenant === null ? undefined : built[segment.tenant]
      const names = owner?.nodes ?? able.map(({ name }) => name)
      // Without VXLAN the hosts' own table has no way to a network on several nodes.
      const none = segment.families === 'none' || (!owner && mesh.mode === 'l3')
      const subnet = pools(
        segment.families,
        { prefix: `10.${90 + at}.0.0/16`, length: 28 },
        owner || carrier6 ? { prefix: `fd90:${at + 1}::/64`, length: 64 } : null,
      )
      return {
        name: segmentNames[at] as string,
        vni: segment.vni ? 200 + at : null,
        subnet: none || (subnet.ipv4 === null && subnet.ipv6 === null) ? null : subnet,
        tenant: owner?.name ?? null,
        nodes: within(segment.members, names),
      }
    }),
  }
}
