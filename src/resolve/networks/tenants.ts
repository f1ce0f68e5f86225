import { didYouMean } from '../../diagnostics/index.js'
import { tenantDevices } from '../../model/devices.js'
import type { MeshContainerNetwork, MeshNode, MeshTenant } from '../../model/mesh.js'
import type { MeshSpec, TenantSpec } from '../../model/spec.js'
import type { InterfaceName } from '../../net/index.js'
import { partOf } from '../addresses/pools.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { newNetwork } from './container-network.js'
import { membersOf } from './members.js'
import { lastReservedTable, vniOf } from './vnis.js'

/** What mesh.ini says of tenants, in order of name. */
export const tenantsOf = (
  spec: MeshSpec,
  nodes: readonly MeshNode[],
  settings: Settings,
  report: Report,
): MeshTenant[] => {
  const shares = sharesOf(spec, report)
  const tenants = [...spec.tenants]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(tenant => tenantOf(tenant, nodes, shares.get(tenant.name) ?? [], settings, report))
  return tenants.map(tenant => ({ ...tenant, present: presentOn(tenant, tenants) }))
}

/** What two tenants share is announced to both by the node that has it, so the tables of both are there. */
const presentOn = ({ name, members, shares }: MeshTenant, tenants: readonly MeshTenant[]): number[] => {
  const partners = tenants.filter(tenant => tenant.name !== name && shares.includes(tenant.name))
  const ids = new Set([...members, ...partners.flatMap(partner => partner.members)])
  return [...ids].sort((a, b) => a - b)
}

const tenantOf = (
  spec: TenantSpec,
  nodes: readonly MeshNode[],
  shares: readonly string[],
  settings: Settings,
  report: Report,
): MeshTenant => {
  const { name, span, keys } = spec
  const members = membersOf(spec, nodes, report)
  const highest = members.at(-1)?.id ?? 0
  const vni = vniOf('tenant', spec, settings)
  if (vni <= lastReservedTable)
    report.error(
      'number-range',
      `VNI ${vni} is also the number of the routing table, and those up to ${lastReservedTable} are the kernel's`,
      keys.vni?.span ?? span,
      'write one from 256 on',
    )
  if (!keys.containers)
    report.error(
      'missing-key',
      `[tenant ${name}] has no containers`,
      span,
      'write containers = 10.91.0.0/16 /24: each node gets the part with the number of its id',
    )
  const { containerBridge, ...devices } = tenantDevices(name)
  return {
    name,
    vni,
    members: members.map(({ id }) => id),
    present: [],
    ...devices,
    pools: [keys.containers?.value.ipv4, keys.containers?.value.ipv6].flatMap(pool => pool?.prefix ?? []),
    networks: new Map(members.flatMap(node => networkOf(spec, node, highest, containerBridge, report))),
    shares,
  }
}

const networkOf = (
  spec: TenantSpec,
  node: MeshNode,
  highest: number,
  bridge: InterfaceName,
  report: Report,
): [number, MeshContainerNetwork][] => {
  const { name, keys } = spec
  const span = keys.containers?.span ?? spec.span
  const prefixes = [keys.containers?.value.ipv4, keys.containers?.value.ipv6].flatMap(
    pool => (pool && partOf(node, { pool, of: 'tenant', name, highest, span }, report)) ?? [],
  )
  return prefixes.length > 0 ? [[node.id, newNetwork(bridge, prefixes)]] : []
}

/** Who shares with whom: what one says, both do. */
const sharesOf = (spec: MeshSpec, report: Report): ReadonlyMap<string, readonly string[]> => {
  const names = new Set(spec.tenants.map(({ name }) => name))
  const shares = new Map<string, Set<string>>()
  const add = (a: string, b: string): void => {
    shares.set(a, (shares.get(a) ?? new Set()).add(b))
  }
  for (const { name, share } of spec.tenants)
    for (const [at, { value, span }] of share.entries()) {
      if (!names.has(value))
        report.error('unknown-tenant', `there is no tenant "${value}"`, span, didYouMean(value, [...names]))
      else if (value === name)
        report.error('value-list', `${name} shares with itself`, span, 'name another tenant')
      else if (share.findIndex(other => other.value === value) < at)
        report.error('value-list', `"${value}" stands twice`, span, 'delete one')
      else {
        add(name, value)
        add(value, name)
      }
    }
  return new Map([...shares].map(([name, others]) => [name, [...others].sort()]))
}
