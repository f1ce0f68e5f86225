import { publicKeyFor } from '../oracles/keys.js'
import type {
  Blueprint,
  EndpointBlueprint,
  Hook,
  NodeBlueprint,
  PartPools,
  PoolPair,
  SegmentBlueprint,
  Shared,
  TenantBlueprint,
} from './blueprint.js'

type Line = readonly [key: string, value: string | number]
type Section = readonly [header: string, lines: readonly Line[]]

/** How to arrange a file: puts sections, and the lines in them, in another order. */
export type Arrange = <T>(items: readonly T[]) => readonly T[]

const asTheyCome: Arrange = items => items

/** The text of the mesh.ini that says what the blueprint means. */
export const printMesh = (blueprint: Blueprint, arrange: Arrange = asTheyCome): string =>
  arrange(sections(blueprint))
    .map(([header, lines]) => `[${header}]\n${bundles(lines, arrange).join('')}`)
    .join('\n')

/** Lines of one key stay in their order, which means something. */
const bundles = (lines: readonly Line[], arrange: Arrange): readonly string[] => {
  const byKey = new Map<string, string>()
  for (const [key, value] of lines) byKey.set(key, `${byKey.get(key) ?? ''}${key} = ${value}\n`)
  return arrange([...byKey.values()])
}

const sections = (blueprint: Blueprint): Section[] => [
  ['mesh', meshLines(blueprint)],
  ...blueprint.groups.map(
    (group): Section => [
      `group ${group.name}`,
      [['members', group.members.join(', ')], ...sharedLines(group)],
    ],
  ),
  ...blueprint.nodes.map(
    (node): Section => [`node ${node.name}`, [...nodeLines(node), ...lanLines(blueprint, node)]],
  ),
  ...(blueprint.behind?.clients ?? []).map(
    ({ name, id, via, reach = [] }): Section => [
      `client ${name}`,
      [['id', id], ...given('via', via), ...given('reach', reach.length > 0 ? reach.join(', ') : null)],
    ],
  ),
  ...blueprint.segments.map(
    (segment): Section => [
      `segment ${segment.name}`,
      [...manyLines(segment), ...partLines('subnet', segment.subnet), ...given('tenant', segment.tenant)],
    ],
  ),
  ...blueprint.tenants.map(
    (tenant): Section => [
      `tenant ${tenant.name}`,
      [
        ...manyLines(tenant),
        ...partLines('containers', tenant.containers),
        ...given('share', tenant.share.length > 0 ? tenant.share.join(', ') : null),
      ],
    ],
  ),
  ...(blueprint.exclude.length > 0 ? [excludeSection(blueprint.exclude)] : []),
]

const lanLines = ({ behind }: Blueprint, { name }: NodeBlueprint): Line[] =>
  (behind?.lans ?? [])
    .filter(({ node }) => node === name)
    .map(({ interface: device, prefixes }): Line => ['lan[]', `${device} ${prefixes.join(', ')}`])

const given = (key: string, value: string | number | null | undefined): Line[] =>
  value === null || value === undefined ? [] : [[key, value]]

const manyLines = ({ vni, nodes }: SegmentBlueprint | TenantBlueprint): Line[] => [
  ...given('vni', vni),
  ...given('nodes', nodes?.length === 0 ? 'none' : nodes?.join(', ')),
]

const partLines = (key: string, parts: PartPools | null): Line[] => {
  if (parts === null) return []
  const pools = [parts.ipv4, parts.ipv6].filter(pool => pool !== null)
  return [[key, pools.length === 0 ? 'none' : pools.map(pool => `${pool.prefix} /${pool.length}`).join(', ')]]
}

const yesOrNo = (value: boolean | null): string | null => (value === null ? null : value ? 'yes' : 'no')

const poolText = ({ ipv4, ipv6 }: PoolPair): string => (ipv6 === null ? ipv4 : `${ipv4}, ${ipv6}`)

const meshLines = ({ mesh }: Blueprint): Line[] => [
  ['name', mesh.name],
  ...given('mode', mesh.mode),
  ['underlay', poolText(mesh.underlay)],
  ['overlay', poolText(mesh.overlay)],
  ...partLines('containers', mesh.containers),
  ...given('vni', mesh.vni),
  ...given('asn', mesh.asn),
  ...given('port', mesh.port),
  ...given('vxlan-port', mesh.vxlanPort),
  ...given('path-mtu', mesh.pathMtu),
  ...given('families', mesh.families?.join(', ')),
  ...(mesh.presharedKeys ? ([['preshared-keys', 'yes']] as Line[]) : []),
  ...given('reflectors', mesh.reflectors),
  ...given('timers', mesh.timers?.join(' ')),
  ...given('bfd', mesh.bfd?.join(' ')),
  ...given('graceful-restart', yesOrNo(mesh.gracefulRestart)),
  ...given('maximum-prefix', mesh.maximumPrefix),
  ...given('session-password', yesOrNo(mesh.sessionPassword)),
]

const nodeLines = (node: NodeBlueprint): Line[] => [
  ['id', node.id],
  ['endpoint', node.endpoints.length === 0 ? 'none' : node.endpoints.map(endpointText).join(', ')],
  ...Object.entries(node.endpointsAt).map(
    ([site, some]): Line => [`endpoint@${site}`, some.map(endpointText).join(', ') || 'none'],
  ),
  ...given('families', node.families?.join(', ')),
  ...given('hostname', node.hostname),
  ...given('fwmark', node.fwmark === null ? null : `0x${node.fwmark.toString(16)}`),
  ...given('path-mtu', node.pathMtu),
  ...given('os', node.os),
  ...given('frr', node.frr),
  ...given('reflector', yesOrNo(node.reflector)),
  ...given('underlay-address', node.underlayPins.length === 0 ? null : node.underlayPins.join(', ')),
  ...given('overlay-address', node.overlayPins.length === 0 ? null : node.overlayPins.join(', ')),
  ...given('mac', node.mac),
  ...containerLines(node),
  ...node.pinned.map(
    ({ name, addresses }): Line => ['container-address[]', `${name} ${addresses.join(', ')}`],
  ),
  ...(node.keyOnNode ? ([['key-on-node', 'yes']] as Line[]) : []),
  ...(node.publicKeyWritten ? ([['public-key', publicKeyFor(node.keyName)]] as Line[]) : []),
  ...Object.entries(node.targets).map(([concern, target]): Line => [concern, target]),
  ...sharedLines(node),
]

const endpointText = ({ host, family, port }: EndpointBlueprint): string => {
  const text = family === 'ipv6' ? `[${host}]` : host
  return port === null ? text : `${text}:${port}`
}

const containerLines = ({ containers }: NodeBlueprint): Line[] => {
  if (containers === null) return []
  if (containers.length === 0) return [['containers', 'none']]
  const texts = containers.map(({ bridge, addresses }) =>
    addresses === 'auto' ? `${bridge} auto` : `${bridge} ${addresses.join(', ')}`,
  )
  return texts.length === 1
    ? [['containers', texts[0] as string]]
    : texts.map((text): Line => ['containers[]', text])
}

const sharedLines = (shared: Shared): Line[] => [
  ...given('listen-port', shared.listenPort),
  ...given('keepalive', shared.keepalive),
  ...given('site', shared.site),
  ...given('forward', shared.forward === null ? null : shared.forward.join(', ') || 'none'),
  ...given('metadata', shared.metadata === null ? null : shared.metadata ? 'yes' : 'no'),
  ...shared.hooks.map((hook): Line => [`${hook.key}[]`, quoted(hook)]),
]

/** As ini reads it back, whatever stands in it. */
const quoted = ({ command }: Hook): string => JSON.stringify(command)

const excludeSection = (pairs: Blueprint['exclude']): Section => {
  const others = new Map<string, string[]>()
  for (const [a, b] of pairs) others.set(a, [...(others.get(a) ?? []), b])
  return ['exclude', [...others].map(([name, list]): Line => [name, list.join(', ')])]
}
