import type { Mesh } from '../../model/mesh.js'
import { familyOf, type InterfaceAddress, leastIpv4Mtu, leastIpv6Mtu, type Prefix } from '../../net/index.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { Placed } from './address-overlaps.js'

/** What has to fit into a packet, and what the tunnels around it take of the path. */
interface Bound {
  /** What is inside, or nothing for the path itself. */
  readonly inside: string
  readonly overhead: number
  readonly least: number
  readonly reason: string
  /** What else would do. */
  readonly ways: readonly string[]
}

type Networks = Pick<Mesh, 'segments' | 'tenants'>

/** The path leaves enough for all that it carries: of what it does not, what needs the widest is told. */
export const checkPath = (
  placed: readonly Placed[],
  networks: Networks,
  settings: Settings,
  report: Report,
): void => {
  const { path } = settings.mtu
  const bounds = boundsOf(placed, networks, settings)
  const widest = bounds.reduce((most, bound) => (needed(bound) > needed(most) ? bound : most))
  if (path >= needed(widest)) return
  const { inside, overhead, least, reason, ways } = widest
  const left = overhead === 0 ? '' : ` and leaves ${Math.max(0, path - overhead)} for ${inside}`
  report.error(
    'narrow-path',
    `a path of ${path} bytes is too narrow${left}: ${reason}`,
    settings.spanOf('path-mtu'),
    [
      `write path-mtu = ${needed(widest)} or more${overhead === 0 ? '' : `, ${least} and ${overhead} for the tunnels`}`,
      ...ways,
    ].join(', or '),
  )
}

const needed = ({ overhead, least }: Bound): number => overhead + least

const boundsOf = (
  placed: readonly Placed[],
  { segments, tenants }: Networks,
  { mtu, mode, families }: Settings,
): readonly [Bound, ...Bound[]] => {
  const nodes = placed.map(([node]) => node)
  const gain = families.length > 1 ? ['families = ipv4, which gains 20 bytes'] : []
  const inTunnel = hasIpv6(nodes.flatMap(({ underlay }) => underlay))
  const inOverlay = hasIpv6(
    nodes.flatMap(({ overlay, networks }) => [...overlay, ...networks.flatMap(({ prefixes }) => prefixes)]),
  )
  const inShared = hasIpv6([
    ...segments.flatMap(({ prefixes }) => prefixes),
    ...tenants.flatMap(({ networks }) => [...networks.values()].flatMap(({ prefixes }) => prefixes)),
  ])
  return [
    {
      ...bound('the tunnel', mtu.tunnelOverhead, inTunnel),
      ways: [...gain, ...without(inTunnel, 'underlay')],
    },
    {
      ...bound('containers', mtu.path - mtu.overlay, inOverlay),
      ways: [
        ...gain,
        ...(mode === 'vxlan' ? ['mode = l3, which gains 50'] : []),
        ...without(inOverlay, mode === 'vxlan' ? 'overlay and containers' : 'containers'),
      ],
    },
    ...(segments.length + tenants.length > 0
      ? [
          {
            ...bound('segments and tenants', mtu.path - mtu.vxlan, inShared),
            ways: [...gain, ...without(inShared, 'their networks')],
          },
        ]
      : []),
    // The tunnel itself is a packet of IPv6.
    ...(families.includes('ipv6')
      ? [
          {
            ...bound('', 0, true),
            reason: `nodes dial each other in IPv6, and ${ipv6Needs}`,
            ways: ['families = ipv4'],
          },
        ]
      : []),
  ]
}

const hasIpv6 = (texts: readonly (Prefix | InterfaceAddress)[]): boolean =>
  texts.some(text => familyOf(text) === 'ipv6')

const ipv6Needs = 'IPv6 needs 1280 bytes on every link (RFC 8200, section 5)'

const bound = (inside: string, overhead: number, ipv6: boolean): Omit<Bound, 'ways'> => ({
  inside,
  overhead,
  least: ipv6 ? leastIpv6Mtu : leastIpv4Mtu,
  reason: ipv6 ? ipv6Needs : 'no host need take less than 576 bytes in one piece (RFC 1122, section 3.3.2)',
})

const without = (ipv6: boolean, where: string): string[] => (ipv6 ? [`take IPv6 out of ${where}`] : [])
