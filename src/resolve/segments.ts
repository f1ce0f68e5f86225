import { didYouMean } from '../diagnostics/index.js'
import type { MeshNode, MeshSegment, MeshTenant } from '../model/mesh.js'
import type { ContainerPools, Located, MeshSpec, SegmentSpec } from '../model/spec.js'
import {
  type Address,
  hashBits,
  type InterfaceName,
  type Mac,
  macOf,
  type Prefix,
  subnet,
  type Vni,
} from '../net/index.js'
import { membersOf } from './members.js'
import { firstAddress, leases } from './new-network.js'
import type { Report } from './report.js'
import type { Settings } from './settings.js'
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
  const members = membersOf(spec, nodes, report)
  const vni = vniOf('segment', spec, settings)
  const { ipv4, ipv6 } = keys.subnet?.value ?? { ipv4: null, ipv6: null }
  const prefixes = [ipv4?.prefix, ipv6?.prefix].filter((prefix): prefix is Prefix => prefix !== undefined)
  checkTenant(spec, members, tenants, report)
  if (!keys.tenant && keys.subnet) checkHostSegment(name, keys.subnet, settings, report)
  return {
    name,
    vni,
    tenant: keys.tenant?.value ?? null,
    members: members.map(({ id }) => id),
    vxlan: `vx-${name}` as InterfaceName,
    bridge: `br-${name}` as InterfaceName,
    mac: gatewayMac(settings, vni),
    prefixes,
    gateways: prefixes.map(firstAddress),
    leases: new Map(ipv4 ? members.flatMap(node => leaseOf(spec, node, ipv4, report)) : []),
  }
}

/** The id-th part of the subnet: what a node leases, no other does. */
const leaseOf = (
  spec: SegmentSpec,
  node: MeshNode,
  pool: { readonly prefix: Prefix; readonly length: number },
  report: Report,
): [number, readonly [Address, Address]][] => {
  const part = subnet(pool.prefix, pool.length, node.id)
  if (part) return [[node.id, leases(part)]]
  report.error(
    'pool-too-small',
    `the subnet ${pool.prefix} has no /${pool.length} number ${node.id}, which ${node.name} would lease from`,
    spec.keys.subnet?.span ?? spec.span,
    'write a shorter prefix length, or smaller parts: subnet = 10.90.0.0/16 /24',
  )
  return []
}

/** As a node's own MAC address is made, with the VNI in the place of the id. */
const gatewayMac = ({ name, vni }: Settings, segment: Vni): Mac =>
  macOf((2n << 40n) | (BigInt(hashBits(`${name} ${vni} gateway`, 16)) << 24n) | BigInt(segment))

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

const checkTenant = (
  { name, span, keys }: SegmentSpec,
  members: readonly MeshNode[],
  tenants: readonly MeshTenant[],
  report: Report,
): void => {
  const written = keys.tenant
  if (!written) return
  const tenant = tenants.find(tenant => tenant.name === written.value)
  if (!tenant) {
    const hint = didYouMean(
      written.value,
      tenants.map(tenant => tenant.name),
    )
    report.error('unknown-tenant', `there is no tenant "${written.value}"`, written.span, hint)
    return
  }
  const stranger = members.find(({ id }) => !tenant.members.includes(id))
  if (stranger)
    report.error(
      'value-conflict',
      `${stranger.name} is on segment ${name}, but tenant ${tenant.name} is not on ${stranger.name}`,
      span,
      `write nodes = … with nodes of [tenant ${tenant.name}] only, or add ${stranger.name} there`,
      { message: 'the tenant is chosen here', span: written.span },
    )
}
