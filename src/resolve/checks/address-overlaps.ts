import type { Span } from '../../diagnostics/index.js'
import type { MeshEndpoint } from '../../model/mesh.js'
import {
  type Address,
  addressPart,
  contains,
  covers,
  familyOf,
  hostPrefix,
  type InterfaceName,
  networkOfInterface,
  type Prefix,
} from '../../net/index.js'
import { type Claim, claimFinder, overlappingClaims } from '../addresses/overlap.js'
import type { PlacedClient } from '../nodes/clients.js'
import type { IdentifiedNode, Placed } from '../nodes/ids.js'
import { localKeysIn } from '../peering/dialing.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { checkUnique } from './duplicate-addresses.js'

export type { Placed }

/**
 * No address is used twice: pools, pinned addresses, container networks, segments and endpoints keep clear of
 * each other.
 */
export const checkClaims = (
  placed: readonly Placed[],
  clients: readonly PlacedClient[],
  segments: readonly Claim[],
  settings: Settings,
  report: Report,
): void => {
  const pools = poolClaims(settings)
  const networks = placed.flatMap(networkClaims)
  const all = [...meshClaims(placed, clients, settings, pools, networks), ...segments]
  const reported = new Set<Claim>()
  for (const pair of [...overlappingClaims(all), ...overlappingClaims(networks)]) {
    const [late, early] = pair[0].derived && !pair[1].derived ? [pair[1], pair[0]] : pair
    // Two networks outside the pools meet in both sweeps, and one on a pool meets all that is in it.
    if (reported.has(late) || reported.has(early)) continue
    reported.add(late)
    reportOverlap(late, early, report, '', late.lan && early.lan ? sameLan : '')
  }
  // Where two pools meet, so do the addresses that come from them.
  if (!pools.some(pool => reported.has(pool))) checkUnique(placed, clients, report)
  checkEndpoints(placed, [...all, ...networks], report)
}

/** The mesh's own addresses: its pools, and what nodes have outside of them. */
export const meshClaims = (
  placed: readonly Placed[],
  clients: readonly PlacedClient[],
  settings: Settings,
  pools = poolClaims(settings),
  networks = placed.flatMap(networkClaims),
): Claim[] => {
  const pinned = placed.flatMap(placed => [
    ...pinClaims(placed, settings),
    ...overlayClaims(placed, settings),
  ])
  pinned.push(...clients.flatMap(client => clientClaims(client, settings)))
  // One address written twice is for checkUnique to say.
  const pins = [...new Map(pinned.reverse().map(claim => [claim.prefix, claim])).values()]
  const containerPools = [settings.containerPools.ipv4?.prefix, settings.containerPools.ipv6?.prefix]
  const outside = networks.filter(({ prefix }) => !containerPools.some(pool => pool && covers(pool, prefix)))
  return [...pools, ...outside, ...pins, ...placed.flatMap(allowedClaims), ...placed.flatMap(lanClaims)]
}

/** With the `cause`, where two ranges may be alike elsewhere, and the `way` out that it has. */
export const reportOverlap = (late: Claim, early: Claim, report: Report, cause = '', way = ''): void =>
  report.error(
    'overlap',
    `${late.what} (${late.prefix}) overlaps ${early.what} (${early.prefix})${cause}`,
    late.span,
    `use another range for one of them${way}`,
    { message: `${early.what} is here`, span: early.span },
  )

const poolClaims = (settings: Settings): Claim[] => {
  const claim = (key: 'underlay' | 'overlay' | 'containers', prefix: Prefix | null | undefined): Claim[] =>
    prefix
      ? [{ prefix, what: `the ${key === 'containers' ? 'container' : key} pool`, span: settings.spanOf(key) }]
      : []
  const { underlay, overlay, containerPools } = settings
  return [
    ...claim('underlay', underlay.ipv4),
    ...claim('underlay', underlay.ipv6),
    ...claim('overlay', overlay.ipv4),
    ...claim('overlay', overlay.ipv6),
    ...claim('containers', containerPools.ipv4?.prefix),
    ...claim('containers', containerPools.ipv6?.prefix),
  ]
}

const networkClaims = ([node, spec]: Placed): Claim[] =>
  node.networks.flatMap(({ bridge, prefixes }) =>
    prefixes.map(prefix => ({
      prefix,
      what: `a container network of ${node.name}`,
      span: networkSpan(spec, bridge),
      derived: !isPinned(spec, bridge),
    })),
  )

/** Where the node names the bridge, or its id, which the network is derived from. */
export const networkSpan = ({ keys, span }: IdentifiedNode, bridge: InterfaceName): Span => {
  const at = keys.containers?.value.findIndex(network => network.bridge === bridge) ?? -1
  return keys.containers?.each?.[at] ?? keys.containers?.span ?? keys.id?.span ?? span
}

const isPinned = ({ keys }: IdentifiedNode, bridge: InterfaceName): boolean =>
  keys.containers?.value.some(network => network.bridge === bridge && network.prefixes !== null) ?? false

/** Underlay addresses outside their pool. */
const pinClaims = ([node, spec]: Placed, settings: Settings): Claim[] =>
  node.underlay
    .map(addressPart)
    .filter(address => !inPool(settings.underlay[familyOf(address)], address))
    .map(address => ({
      prefix: hostPrefix(address),
      what: `the underlay address of ${node.name}`,
      span: spec.keys['underlay-address']?.span ?? spec.span,
    }))

/** Addresses of clients outside the pool. */
const clientClaims = ([client, spec]: PlacedClient, settings: Settings): Claim[] =>
  client.addresses
    .filter(prefix => !inPool(settings.underlay[familyOf(prefix)], addressPart(prefix)))
    .map(prefix => ({
      prefix,
      what: `the address of ${client.name}`,
      span: spec.keys['underlay-address']?.span ?? spec.span,
    }))

/** Networks of overlay addresses with a length of their own; where one holds the pool, only the address. */
const overlayClaims = ([node, spec]: Placed, settings: Settings): Claim[] =>
  node.overlay.flatMap(address => {
    const pool = settings.overlay[familyOf(address)]
    if (inPool(pool, addressPart(address))) return []
    const network = networkOfInterface(address)
    return [
      {
        prefix: pool && covers(network, pool) ? hostPrefix(addressPart(address)) : network,
        what: `the overlay address of ${node.name}`,
        span: spec.keys['overlay-address']?.span ?? spec.span,
      },
    ]
  })

const allowedClaims = ([node, spec]: Placed): Claim[] =>
  node.allowedIps.map(prefix => ({
    prefix,
    what: `the allowed IPs of ${node.name}`,
    span: spec.keys['allowed-ips']?.span ?? spec.span,
  }))

/** Two of them are two networks that happen to be numbered alike, or one. */
const sameLan =
  ': renumber it, or rewrite its addresses there and say what they look like from here; two nodes that are on one LAN do not both say it: take the line out of one'

const lanClaims = ([node, { keys, span }]: Placed): Claim[] =>
  node.lans.flatMap(({ interface: name, prefixes }, at) =>
    prefixes.map(
      (prefix): Claim => ({
        prefix,
        what: `the LAN behind ${name} of ${node.name}`,
        span: keys.lan?.each?.[at] ?? span,
        lan: true,
      }),
    ),
  )

const inPool = (pool: Prefix | null, address: Address): boolean => pool !== null && contains(pool, address)

/** An endpoint inside the mesh would route the tunnel into itself. */
const checkEndpoints = (placed: readonly Placed[], claims: readonly Claim[], report: Report): void => {
  const claimOn = claimFinder(claims)
  /** What each site sees, and those that are in none: by endpoint whose it is. */
  const views = new Map<string | null, Map<string, string>>()
  for (const place of placed)
    for (const { site, endpoint, span } of writtenEndpoints(place)) {
      const seen = views.get(site) ?? new Map<string, string>()
      views.set(site, seen)
      const { endpoint: text } = endpoint
      const owner = seen.get(text)
      if (owner && owner !== place[0].name)
        report.error(
          'duplicate-endpoint',
          `${text} is the endpoint of ${owner} too`,
          span,
          'two nodes behind one address need different ports: write HOST:PORT and forward each',
        )
      seen.set(text, place[0].name)
      const literal = literalIn(endpoint)
      const claim = literal && claimOn(literal)
      // Whoever dials it by that is there itself, or next to it.
      if (claim && !(claim.lan && site !== null))
        report.error(
          'endpoint-inside',
          `the endpoint ${literal} lies in ${claim.what} (${claim.prefix})`,
          span,
          'write the address that the node has outside the mesh',
          { message: `${claim.what} is here`, span: claim.span },
        )
    }
}

/** Those for everybody, and those for a site. */
const writtenEndpoints = ([node, { keys, span }]: Placed) => {
  const of = (site: string | null, endpoints: readonly MeshEndpoint[], each: readonly Span[] | undefined) =>
    endpoints.map((endpoint, at) => ({ site, endpoint, span: each?.[at] ?? span }))
  return [
    ...of(null, node.endpoints, keys.endpoint?.each),
    ...localKeysIn(keys).flatMap(([site, { each }]) => of(site, node.endpointsAt.get(site) ?? [], each)),
  ]
}

/** The address of an endpoint that is no name. */
export const literalIn = ({ endpoint, named }: MeshEndpoint): Address | null =>
  named ? null : (endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '') as Address)
