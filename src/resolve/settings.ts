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
import type { AddressFamily, Asn, InterfaceName, Port, Vni } from '../net/index.js'
import { derivedVni } from './addresses/derived.js'
import { defaults } from './defaults.js'
import { planMtu } from './mtu.js'
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
  readonly containers: ContainerPools
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

/** Reads [mesh] and [targets], and says what is missing. */
export const readSettings = (spec: MeshSpec, catalog: TargetCatalog, report: Report): Settings => {
  const { mesh } = spec
  const { keys } = mesh
  const name = keys.name?.value ?? defaults.name
  const families = keys.families?.value ?? defaults.families
  const mode = keys.mode?.value ?? defaults.mode
  const underlay = keys.underlay?.value ?? defaults.underlay
  const overlay = mode === 'vxlan' ? (keys.overlay?.value ?? defaults.overlay) : { ipv4: null, ipv6: null }
  const settings: Settings = {
    name,
    families,
    mode,
    underlay,
    overlay,
    carrier: mode === 'vxlan' ? overlay : underlay,
    containers: keys.containers?.value ?? defaults.containers,
    vni: keys.vni?.value ?? derivedVni(`${name} vni`, 4096),
    asn: keys.asn?.value ?? defaults.asn,
    port: keys.port?.value ?? defaults.port,
    vxlanPort: keys['vxlan-port']?.value ?? defaults['vxlan-port'],
    mtu: planMtu(keys['path-mtu']?.value ?? defaults['path-mtu'], families, mode),
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
  checkFamilies(settings, report)
  return settings
}

const checkFamilies = (settings: Settings, report: Report): void => {
  const { mode, underlay, overlay, carrier, containers, spanOf } = settings
  const hint = (key: 'underlay' | 'overlay'): string =>
    `write an IPv4 prefix too, such as ${key} = ${defaults[key].ipv4}, ${settings[key].ipv6}`
  if (!underlay.ipv4)
    report.error(
      'pool-family',
      mode === 'vxlan'
        ? 'VXLAN endpoints are IPv4, so the underlay needs an IPv4 pool'
        : 'BGP sessions run over IPv4, so the underlay needs an IPv4 pool',
      spanOf('underlay'),
      hint('underlay'),
    )
  if (mode === 'vxlan' && !overlay.ipv4)
    report.error(
      'pool-family',
      'BGP sessions run over IPv4, so the overlay needs an IPv4 pool',
      spanOf('overlay'),
      hint('overlay'),
    )
  const name = mode === 'vxlan' ? 'overlay' : 'underlay'
  if (containers.ipv6 && !carrier.ipv6)
    report.error(
      'pool-family',
      `containers have IPv6, but the ${name} that carries it has none`,
      spanOf('containers'),
      `add an IPv6 prefix to ${name}, such as fd42:c1ab:0:${mode === 'vxlan' ? 'fffe' : 'ffff'}::/64`,
    )
}
