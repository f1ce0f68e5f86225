import { didYouMean } from '../../diagnostics/index.js'
import { segmentDevices } from '../../model/devices.js'
import type { MeshNode, MeshSegment, MeshTenant } from '../../model/mesh.js'
import type { ContainerPool, ContainerPools, Located, MeshSpec, SegmentSpec } from '../../model/spec.js'
import type { Address, Prefix } from '../../net/index.js'
import { derivedMac } from '../addresses/derived.js'
import { partOf } from '../addresses/pools.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { firstAddress, leases } from './container-network.js'
import { type ChosenTenant, membersOf } from './members.js'
import { vniOf } from './vnis.js'

/** What mesh.ini says of shared networks, in order of name. */
export const segmentsOf = (
  spec: MeshSpec,
  nodes: readonly MeshNode[],
  tenants: readonly MeshTenant[],
  settings: Settings,
  report: Report,
): MeshSegment[] =>
  [...spec.segments]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(segment => segmentOf(segment, nodes, tenants, settings, report))

const segmentOf = (
  spec: SegmentSpec,
  nodes: readonly MeshNode[],
  tenants: readonly MeshTenant[],
  settings: Settings,
  report: Report,
): MeshSegment => {
  const { name, keys } = spec
  const members = membersOf(spec, nodes, report, tenantOf(spec, tenants, report))
  const highest = members.at(-1)?.id ?? 0
  const vni = vniOf('segment', spec, settings)
  const { ipv4, ipv6 } = keys.subnet?.value ?? { ipv4: null, ipv6: null }
  const prefixes = [ipv4?.prefix, ipv6?.prefix].filter((prefix): prefix is Prefix => prefix !== undefined)
  if (!keys.tenant && keys.subnet) checkHostSegment(name, keys.subnet, settings, report)
  return {
    name,
    vni,
    tenant: keys.tenant?.value ?? null,
    members: members.map(({ id }) => id),
    ...segmentDevices(name),
    mac: derivedMac(`${settings.name} ${settings.vni} gateway`, vni),
    prefixes,
    gateways: prefixes.map(firstAddress),
    leases: new Map(ipv4 ? members.flatMap(node => leaseOf(spec, node, ipv4, highest, report)) : []),
  }
}

/** The id-th part of the subnet: what a node leases, no other does. */
const leaseOf = (
  spec: SegmentSpec,
  node: MeshNode,
  pool: ContainerPool,
  highest: number,
  report: Report,
): [number, readonly [Address, Address]][] => {
  const { name, keys } = spec
  const span = keys.subnet?.span ?? spec.span
  const part = partOf(node, { pool, of: 'segment', name, highest, span }, report)
  return part ? [[node.id, leases(part)]] : []
}

/** In the hosts' own routing table the others reach it as they reach container networks. */
const checkHostSegment = (
  name: string,
  { value, span }: Located<ContainerPools>,
  { mode, carrier }: Settings,
  report: Report,
): void => {
  if (mode === 'l3')
    report.error(
      'value-conflict',
      `segment ${name} is on several nodes, and without VXLAN WireGuard carries a network to one`,
      span,
      'write tenant = NAME, whose networks VXLAN carries in every mode, or delete subnet to have no gateway',
    )
  else if (value.ipv6 && !carrier.ipv6)
    report.error(
      'pool-family',
      `segment ${name} has IPv6, but the overlay that carries it has none`,
      span,
      'add an IPv6 prefix to [mesh] overlay, or write tenant = NAME',
    )
}

const tenantOf = (
  { keys: { tenant: written } }: SegmentSpec,
  tenants: readonly MeshTenant[],
  report: Report,
): ChosenTenant | null => {
  if (!written) return null
  const tenant = tenants.find(({ name }) => name === written.value)
  if (tenant) return { ...tenant, span: written.span }
  const hint = didYouMean(
    written.value,
    tenants.map(({ name }) => name),
  )
  report.error('unknown-tenant', `there is no tenant "${written.value}"`, written.span, hint)
  return null
}
