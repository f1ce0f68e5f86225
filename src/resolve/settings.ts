import type { Span } from '../diagnostics/index.js'
import type { BgpSettings } from '../model/mesh.js'
import type { MtuPlan } from '../model/plan.js'
import type {
  ContainerPools,
  MeshKeys,
  MeshSpec,
  Mode,
  Pools,
  ReflectorChoice,
  TargetKeys,
} from '../model/spec.js'
import type { AddressFamily, Asn, InterfaceName, Mtu, Port, Vni } from '../net/index.js'
import { derivedVni } from './addresses/derived.js'
import { defaults } from './defaults.js'
import type { Report } from './report.js'
import { readTargets, type TargetCatalog } from './targets.js'

/** What [mesh] and [targets] say, with the defaults filled in. */
export interface Settings {
  readonly name: InterfaceName
  readonly mode: Mode
  readonly underlay: Pools
  /** Empty in a mesh without VXLAN. */
  readonly overlay: Pools
  /** Where the addresses that BGP speaks between come from: the overlay, or without VXLAN the underlay. */
  readonly carrier: Pools
  readonly containerPools: ContainerPools
  readonly vni: Vni
  readonly asn: Asn
  readonly port: Port
  readonly vxlanPort: Port
  readonly mtu: MtuPlan
  readonly families: readonly AddressFamily[]
  readonly presharedKeys: boolean
  readonly reflectors: ReflectorChoice
  readonly bgp: BgpSettings
  readonly sessionPassword: boolean
  readonly targets: TargetKeys
  /** Of all nodes: what pools have to have room for. */
  readonly highestId: number
  /** Where a key is written, or the header of [mesh] where it is not. */
  spanOf(key: keyof MeshKeys): Span
  isWritten(key: keyof MeshKeys): boolean
}

/** Reads [mesh] and [targets]. */
export const readSettings = (spec: MeshSpec, catalog: TargetCatalog, report: Report): Settings => {
  const { mesh } = spec
  const { keys } = mesh
  const name = keys.name?.value ?? defaults.name
  const families = keys.families?.value ?? defaults.families
  const mode = keys.mode?.value ?? defaults.mode
  const underlay = keys.underlay?.value ?? defaults.underlay
  const overlay = mode === 'vxlan' ? (keys.overlay?.value ?? defaults.overlay) : { ipv4: null, ipv6: null }
  return {
    name,
    families,
    mode,
    underlay,
    overlay,
    carrier: mode === 'vxlan' ? overlay : underlay,
    containerPools: keys.containers?.value ?? defaults.containers,
    vni: keys.vni?.value ?? derivedVni(`${name} vni`, 4096),
    asn: keys.asn?.value ?? defaults.asn,
    port: keys.port?.value ?? defaults.port,
    vxlanPort: keys['vxlan-port']?.value ?? defaults['vxlan-port'],
    mtu: mtuOf(keys['path-mtu']?.value ?? defaults['path-mtu'], families, mode),
    presharedKeys: keys['preshared-keys']?.value ?? defaults['preshared-keys'],
    reflectors: keys.reflectors?.value ?? defaults.reflectors,
    bgp: {
      timers: keys.timers?.value ?? defaults.timers,
      bfd: keys.bfd?.value ?? defaults.bfd,
      gracefulRestart: keys['graceful-restart']?.value ?? defaults['graceful-restart'],
      maximumPrefix: keys['maximum-prefix']?.value ?? null,
    },
    sessionPassword: keys['session-password']?.value ?? defaults['session-password'],
    targets: readTargets(spec, catalog, report),
    highestId: spec.nodes.reduce((highest, { keys }) => Math.max(highest, keys.id?.value ?? 0), 0),
    spanOf: key => keys[key]?.span ?? mesh.span,
    isWritten: key => keys[key] !== undefined,
  }
}

/** WireGuard's data header: type, receiver, counter and tag, 32 bytes, in UDP (8) in IPv4 (20) or IPv6 (40). */
const wireguardOverhead = { ipv4: 60, ipv6: 80 }

/** VXLAN's header (8) and the inner Ethernet header (14) in UDP (8) in IPv4 (20): RFC 7348, section 5. */
const vxlanOverhead = 50

/** The MTUs, in bytes, of a mesh whose smallest path between two nodes carries `path`. */
export const mtuOf = (path: Mtu, families: readonly AddressFamily[], mode: Mode): MtuPlan => {
  const tunnelOverhead = families.includes('ipv6') ? wireguardOverhead.ipv6 : wireguardOverhead.ipv4
  const tunnel = (path - tunnelOverhead) as Mtu
  const overlayOverhead = mode === 'vxlan' ? vxlanOverhead : 0
  return {
    path,
    tunnelOverhead,
    tunnel,
    overlayOverhead,
    overlay: (tunnel - overlayOverhead) as Mtu,
    vxlan: (tunnel - vxlanOverhead) as Mtu,
  }
}
