import type { EndpointSpec } from '../../src/index.js'
import type {
  BfdTimers,
  BgpTimers,
  ContainerNetworkSpec,
  ContainerPools,
  Located,
  MeshSpec,
  OverlayPin,
  PinnedContainerSpec,
  Pools,
  SectionSpec,
} from '../../src/model/spec.js'

type Keys = Readonly<Record<string, Located<unknown> | undefined>>

const poolsText = ({ ipv4, ipv6 }: Pools): string => [ipv4, ipv6].filter(pool => pool !== null).join(', ')

const containerPoolsText = ({ ipv4, ipv6 }: ContainerPools): string =>
  [ipv4, ipv6].flatMap(pool => (pool ? [`${pool.prefix} /${pool.length}`] : [])).join(', ') || 'none'

const endpointText = ({ host, family, port }: EndpointSpec): string =>
  `${family === 'ipv6' ? `[${host}]` : host}${port === null ? '' : `:${port}`}`

const networkText = ({ bridge, prefixes, addresses }: ContainerNetworkSpec): string =>
  `${bridge} ${prefixes === null ? 'auto' : [...prefixes, ...addresses].join(', ')}`

const quoted = (value: unknown): string => JSON.stringify(value)
const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no')
const joined = (value: unknown): string => (value as readonly unknown[]).join(', ')

/** How a value is written, where `String` does not do; several texts for a key that may stand again. */
const printers: Readonly<Record<string, (value: never) => string | readonly string[]>> = {
  underlay: poolsText,
  overlay: (value: Pools | string) => (typeof value === 'string' ? value : poolsText(value)),
  'mesh containers': containerPoolsText,
  containers: (value: readonly ContainerNetworkSpec[] | string) =>
    typeof value === 'string' ? value : value.length === 0 ? 'none' : value.map(networkText),
  endpoint: (value: readonly EndpointSpec[]) => value.map(endpointText).join(', ') || 'none',
  'endpoint@': (value: readonly EndpointSpec[]) => value.map(endpointText).join(', ') || 'none',
  families: joined,
  'underlay-address': joined,
  'overlay-address': (value: readonly OverlayPin[]) =>
    value.map(({ address, length }) => (length === null ? address : `${address}/${length}`)).join(', '),
  'container-address': (value: readonly PinnedContainerSpec[]) =>
    value.map(({ name, addresses }) => `${name} ${addresses.join(', ')}`),
  'allowed-ips': joined,
  forward: (value: readonly string[]) => value.join(', ') || 'none',
  metadata: yesOrNo,
  'name-servers': joined,
  subnet: containerPoolsText,
  'tenant containers': containerPoolsText,
  timers: ({ keepalive, hold }: BgpTimers) => `${keepalive} ${hold}`,
  bfd: ({ interval, multiplier }: BfdTimers) => `${interval} ${multiplier}`,
  'graceful-restart': yesOrNo,
  reflector: yesOrNo,
  'preshared-keys': yesOrNo,
  'session-password': yesOrNo,
  'key-on-node': yesOrNo,
  ...Object.fromEntries(
    ['pre-up', 'post-up', 'pre-down', 'post-down'].map(key => [
      key,
      (value: readonly string[]) => value.map(quoted),
    ]),
  ),
}

const section = (header: string, keys: Keys): string => {
  const lines = Object.entries(keys).flatMap(([key, written]) => {
    const print = printers[`${header.split(' ')[0]} ${key}`] ?? printers[key.replace(/@.*/, '@')] ?? String
    const text = print((written as Located<unknown>).value as never)
    return typeof text === 'string' ? [`${key} = ${text}`] : text.map(one => `${key}[] = ${one}`)
  })
  return `[${header}]\n${lines.join('\n')}\n`
}

/** Names, of which there may be none; `null` where nothing is said of them. */
const listed = (key: string, names: readonly Located<string>[] | null): string =>
  names === null ? '' : `${key} = ${names.map(({ value }) => value).join(', ') || 'none'}\n`

/** A spec as the text of a mesh.ini that means it. */
export const printSpec = (spec: MeshSpec): string => {
  const { mesh, nodes, groups, segments, tenants, exclude, targets } = spec
  const named = (kind: string) => (one: SectionSpec<unknown>) =>
    section(`${kind} ${one.name}`, one.keys as Keys)
  const pairs = exclude.map(([left, right]) => `${left.value}[] = ${right.value}`)
  return [
    section('mesh', mesh.keys as Keys),
    section('targets', targets as Keys),
    ...groups.map(group => `${named('group')(group)}${listed('members', group.members)}`),
    ...nodes.map(named('node')),
    ...segments.map(segment => `${named('segment')(segment)}${listed('nodes', segment.nodes)}`),
    ...tenants.map(
      tenant => `${named('tenant')(tenant)}${listed('nodes', tenant.nodes)}${listed('share', tenant.share)}`,
    ),
    `[exclude]\n${pairs.join('\n')}\n`,
  ].join('\n')
}

/** The spec without the places where things were written. */
export const withoutPlaces = (spec: MeshSpec): unknown =>
  JSON.parse(JSON.stringify(spec, (key, value) => (key === 'span' || key === 'each' ? undefined : value)))
