import type { Span } from '../../diagnostics/index.js'
import type { Steps } from '../filter/chains.js'
import { type Filter, filterOf } from '../filter/filter.js'
import { isIn, type Numbers, rangeFrom } from '../filter/ranges.js'
import type { NodeFiles } from '../node.js'
import { pathWithin } from '../paths.js'
import type { Readers } from '../readers.js'
import type { Said } from '../said.js'
import { type PrefixTable, tableOf } from '../table.js'
import { bare } from '../world.js'
import { type Bridge, bridgesIn } from './bridges.js'
import { type Networks, networksOf, type Vrf } from './networks.js'
import { type Static, staticsIn } from './statics.js'

/** A LAN of which the packet filter says what is on it. */
export interface Lan {
  readonly device: string
  readonly prefix: string
  readonly span: Span
}

/** What a destination leads to, within the node or out of it. */
export type Leads =
  | { readonly to: 'here' }
  | { readonly to: 'bridge'; readonly device: string }
  | { readonly to: 'lan'; readonly device: string }
  | { readonly to: 'tunnel' }
  | { readonly to: 'overlay' }

/** A node as packets meet it. */
export interface Machine {
  readonly name: string
  readonly node: NodeFiles
  readonly tunnel: string
  readonly overlay: string | null
  readonly bridges: ReadonlyMap<string, Bridge>
  readonly networks: Networks
  readonly lans: readonly Lan[]
  readonly filter: Filter | null
  /** Its own routes of the default table, which go before what it learns. */
  readonly routes: PrefixTable<Leads>
  /** The VRF that a bridge is in, or `null` for the default table. */
  vrfOf(device: string): Vrf | null
  /** The VRF that has the route for a client's packet, which came out of the tunnel; `null` for the default table. */
  entered(from: string, to: string): Vrf | null
  /** Its own routes of a VRF. */
  readonly tenants: ReadonlyMap<Vrf, PrefixTable<Leads>>
}

/** An interface that no file here speaks of: where the internet is. */
export const elsewhere = '(the internet)'

/** Puts together what the files of a node say of it. */
export const machineOf = (node: NodeFiles, numbers: Numbers, steps: Steps, readers: Readers): Machine => {
  const at = (path: string) => node.files.find(({ file }) => pathWithin(node.name, file) === path)
  const tunnel = node.tunnel.name ?? (/([^/]+)\.conf$/.exec(node.tunnel.file)?.[1] as string)
  const overlay = node.overlay?.name ?? null
  const networks = networksOf(at('etc/ciab/networks.conf'), at('etc/frr/frr.conf'), readers.frr)
  const filter = filterOf(
    node.files.filter(({ file }) =>
      /^etc\/(ciab\/[^/]+\.nft|nftables\.conf|nftables\.d\/[^/]+)$/.test(pathWithin(node.name, file)),
    ),
    steps,
    readers.nft,
  )
  const bridges = withGuessed(node, bridgesIn(node.name, node.files), networks, filter)
  const inVrf = new Map(
    networks.vrfs.flatMap(vrf => [vrf.bridge, ...vrf.bridges].map(name => [name, vrf] as const)),
  )
  const lans = lansOf(node, filter, [...bridges.keys(), tunnel, overlay ?? ''])
  const statics = staticsIn(node.name, tunnel, node.files)
  return {
    name: node.name,
    node,
    tunnel,
    overlay,
    bridges,
    networks,
    lans,
    filter,
    vrfOf: device => inVrf.get(device) ?? null,
    entered(from, to) {
      const rule = networks.entries.find(({ client, network }) => isIn(client, from) && isIn(network, to))
      return (rule && networks.vrfs.find(({ vni }) => vni === rule.table)) ?? null
    },
    routes: tableOf(
      ownRoutes(
        node,
        statics,
        tunnel,
        overlay,
        [...bridges.values()].filter(({ name }) => !inVrf.has(name)),
        lans,
      ),
      numbers,
    ),
    tenants: new Map(
      networks.vrfs.map(vrf => [
        vrf,
        tableOf(
          [
            ...vrf.leaks.map(({ prefix, bridge }): [string, Leads] => [
              prefix,
              bridge === tunnel ? { to: 'tunnel' } : { to: 'bridge', device: bridge },
            ]),
            ...vrf.bridges.flatMap(name => bridgeRoutes(bridges.get(name))),
          ],
          numbers,
        ),
      ]),
    ),
  }
}

const bridgeRoutes = (bridge: Bridge | undefined): [string, Leads][] =>
  (bridge?.addresses ?? []).flatMap(({ value }): [string, Leads][] => [
    [value, { to: 'bridge', device: bridge?.name ?? '' }],
    [bare(value), { to: 'here' }],
  ])

const ownRoutes = (
  node: NodeFiles,
  statics: readonly Static[],
  tunnel: string,
  overlay: string | null,
  bridges: readonly Bridge[],
  lans: readonly Lan[],
): [string, Leads][] => [
  // An operator's own file of the tunnel may leave its routes to wg-quick, which makes them of the allowed IPs.
  ...(!/\/etc\/wireguard\//.test(node.tunnel.file) ||
  node.tunnel.sections.some(({ entries }) =>
    entries.some(({ key, value }) => key === 'table' && value === 'off'),
  )
    ? []
    : node.peers.flatMap(({ allowed }) =>
        allowed.map(({ value }): [string, Leads] => [value, { to: 'tunnel' }]),
      )),
  ...node.addresses.map(({ value }): [string, Leads] => [value, { to: 'tunnel' }]),
  ...node.tunnel.routes.map((prefix): [string, Leads] => [prefix, { to: 'tunnel' }]),
  ...(node.overlay?.addresses ?? []).map(({ value }): [string, Leads] => [value, { to: 'overlay' }]),
  ...statics.flatMap(({ prefix, device }): [string, Leads][] =>
    device === tunnel
      ? [[prefix, { to: 'tunnel' }]]
      : device === overlay
        ? [[prefix, { to: 'overlay' }]]
        : [],
  ),
  ...lans.map(({ prefix, device }): [string, Leads] => [prefix, { to: 'lan', device }]),
  ...bridges.flatMap(bridgeRoutes),
  ...[...node.addresses, ...(node.overlay?.addresses ?? [])].map(({ value }): [string, Leads] => [
    bare(value),
    { to: 'here' },
  ]),
]

/** The filter takes packets of a LAN from its interface alone: `iifname "eth1" ip saddr 192.168.50.0/24 return`. */
const lansOf = (node: NodeFiles, filter: Filter | null, others: readonly string[]): Lan[] => {
  const announced = new Set(node.routing?.announced.map(({ prefix }) => prefix))
  const found = new Map<string, Lan>()
  for (const { terms, span } of filter?.rules() ?? []) {
    const [from, source, verdict] = terms
    if (terms.length !== 3 || from?.kind !== 'match' || source?.kind !== 'match') continue
    if (from.field !== 'iifname' || from.not || from.among.length !== 1 || verdict?.kind !== 'verdict')
      continue
    if (!/^ip6? saddr$/.test(source.field) || source.not || verdict.verb !== 'return') continue
    const device = from.among[0] as string
    if (others.includes(device)) continue
    for (const prefix of source.among)
      if (announced.has(prefix) && !found.has(prefix)) found.set(prefix, { device, prefix, span })
  }
  return [...found.values()]
}

/** A bridge that is not in the files: the filter ties its network to it, `iifname "lxdbr0" ip saddr != $at_lxdbr0_4 drop`. */
const withGuessed = (
  node: NodeFiles,
  told: ReadonlyMap<string, Bridge>,
  { vrfs, segments }: Networks,
  filter: Filter | null,
): Map<string, Bridge> => {
  const apart = [...vrfs.flatMap(vrf => vrf.bridges), ...segments.map(({ bridge }) => bridge)]
  const bridges = new Map(told)
  const networks = node.routing?.announced ?? []
  for (const { terms } of filter?.rules() ?? []) {
    const [from, source] = terms
    if (from?.kind !== 'match' || from.field !== 'iifname' || from.among.length !== 1) continue
    if (source?.kind !== 'match' || !source.not || !/^ip6? saddr$/.test(source.field)) continue
    const name = from.among[0] as string
    if (told.has(name) || apart.includes(name)) continue
    const own = networks
      .filter(({ prefix }) => source.among.includes(prefix))
      .map(({ prefix, span }): Said => ({ value: firstOf(prefix), span }))
    const before = bridges.get(name)?.addresses ?? []
    const added = own.filter(({ value }) => before.every(one => one.value !== value))
    bridges.set(name, { name, addresses: [...before, ...added], mtu: null, hides: [] })
  }
  return bridges
}

/** The address that a gateway usually has. */
const firstOf = (prefix: string): string => {
  const range = rangeFrom(prefix)
  const [network = '', length] = prefix.split('/')
  return range && range.family === 'ipv4'
    ? `${network.replace(/\d+$/, last => `${Number(last) + 1}`)}/${length}`
    : `${network}1/${length}`
}
