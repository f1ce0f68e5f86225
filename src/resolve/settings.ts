import type { Span } from '../diagnostics/index.js'
import type { BgpSettings } from '../model/mesh.js'
import type { MtuPlan } from '../model/plan.js'
import type {
  Concern,
  ContainerPools,
  Located,
  MeshKeys,
  MeshSpec,
  Mode,
  Pools,
  ReflectorChoice,
  TargetKeys,
} from '../model/spec.js'
import type { AddressFamily, Asn, InterfaceName, Port, Vni } from '../net/index.js'
import { hashBits } from '../net/index.js'
import { defaults, defaultTargets } from './defaults.js'
import { planMtu } from './mtu.js'
import type { Report } from './report.js'

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
  /** Where a key is written, or the header of [mesh] where it is not. */
  spanOf(key: keyof MeshKeys): Span
}

export const readSettings = ({ mesh, targets }: MeshSpec, report: Report): Settings => {
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
    vni: keys.vni?.value ?? derivedVni(name),
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
    targets: readTargets(targets, keys['container-runtime'], report),
    spanOf: key => keys[key]?.span ?? mesh.span,
  }
  checkFamilies(settings, report)
  return settings
}

/** Where no VNI is written: one of the name, above those that people pick by hand. */
const derivedVni = (name: string): Vni => (4096 + (hashBits(`${name} vni`, 24) % (0xffffff - 4096))) as Vni

/** One target for each concern; `container-runtime` is another word for the one of `containers`. */
const readTargets = (
  written: MeshSpec['targets'],
  runtime: Located<string> | undefined,
  report: Report,
): TargetKeys => {
  const chosen: Record<Concern, string> = { ...defaultTargets }
  for (const [concern, { value }] of Object.entries(written)) chosen[concern as Concern] = value
  const { containers } = written
  if (containers && runtime && containers.value !== runtime.value)
    report.error(
      'value-conflict',
      `container-runtime is ${runtime.value}, but [targets] says ${containers.value}`,
      containers.span,
      'delete one of the two lines',
      { message: 'the other line', span: runtime.span },
    )
  if (runtime) chosen.containers = runtime.value
  return chosen
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
