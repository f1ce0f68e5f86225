import type { PartPools, SegmentBlueprint, TenantBlueprint } from '../arbitraries/blueprint.js'
import { hashOf, type NodeFacts, partsOf } from './facts.js'
import type { World } from './world.js'

/** What must come out for a segment, by the rules of mesh.ini's reference. */
export interface SegmentFacts {
  readonly name: string
  readonly vni: number
  readonly tenant: string | null
  readonly members: readonly NodeFacts[]
  readonly prefixes: readonly string[]
}

export interface TenantFacts {
  readonly name: string
  readonly vni: number
  readonly members: readonly NodeFacts[]
  /** Its members, and those of tenants that it shares with. */
  readonly present: readonly NodeFacts[]
  /** Its own networks on a node, and those of its segments there. */
  prefixesOn(node: NodeFacts): readonly string[]
  /** Those, and those of tenants that it shares with. */
  reachedOn(node: NodeFacts): readonly string[]
  /** Whoever of the two says so. */
  readonly shares: readonly string[]
}

const vniOf = (
  { blueprint }: World,
  kind: string,
  { name, vni }: SegmentBlueprint | TenantBlueprint,
): number =>
  vni ?? 65536 + Number(hashOf(`${blueprint.mesh.name} ${kind} ${name}`, 24) % BigInt(0xffffff - 65536))

/** Those it names; else its tenant's, or all that can be. */
const membersOf = (world: World, network: SegmentBlueprint | TenantBlueprint): NodeFacts[] => {
  const owner = 'tenant' in network && world.blueprint.tenants.find(({ name }) => name === network.tenant)
  if (!network.nodes && owner) return membersOf(world, owner)
  return world.nodes.filter(({ name, source: { targets } }) =>
    network.nodes ? network.nodes.includes(name) : targets.routing !== 'none' && targets.evpn !== 'none',
  )
}

const wholeOf = (pools: PartPools | null): string[] =>
  [pools?.ipv4, pools?.ipv6].flatMap(pool => (pool ? [pool.prefix] : []))

export const segmentsOf = (world: World): SegmentFacts[] =>
  world.blueprint.segments.map(segment => ({
    name: segment.name,
    vni: vniOf(world, 'segment', segment),
    tenant: segment.tenant,
    members: membersOf(world, segment),
    prefixes: wholeOf(segment.subnet),
  }))

export const tenantsOf = (world: World): TenantFacts[] => {
  const { tenants } = world.blueprint
  const prefixesOn =
    (tenant: TenantBlueprint) =>
    (node: NodeFacts): string[] => [
      ...(membersOf(world, tenant).includes(node) ? partsOf(tenant.containers, node.id) : []),
      ...segmentsOf(world)
        .filter(segment => segment.tenant === tenant.name && segment.members.includes(node))
        .flatMap(({ prefixes }) => prefixes),
    ]
  return tenants.map(tenant => {
    const partners = tenants.filter(
      other => other.share.includes(tenant.name) || tenant.share.includes(other.name),
    )
    const all = [tenant, ...partners]
    return {
      name: tenant.name,
      vni: vniOf(world, 'tenant', tenant),
      members: membersOf(world, tenant),
      present: world.nodes.filter(node => all.some(one => membersOf(world, one).includes(node))),
      prefixesOn: prefixesOn(tenant),
      reachedOn: node => all.flatMap(one => prefixesOn(one)(node)),
      shares: partners.map(({ name }) => name),
    }
  })
}
