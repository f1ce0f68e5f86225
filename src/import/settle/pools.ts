import {
  type Address,
  type AddressFamily,
  addressOf,
  addressPart,
  bitsOf,
  contains,
  covers,
  familyOf,
  hostPrefix,
  type InterfaceAddress,
  integerOf,
  lengthPart,
  networkOf,
  networkOfInterface,
  overlaps,
  type Prefix,
} from '../../net/index.js'
import { reservedIn } from '../../resolve/addresses/known-ranges.js'
import { defaults } from '../../resolve/defaults.js'
import type { Findings } from '../finding.js'
import { dialledAt, type FoundMesh, type FoundNode } from '../found.js'
import { poolFor, sparePool } from './candidates.js'

const families: readonly AddressFamily[] = ['ipv4', 'ipv6']

/** The pools that the nodes' addresses on the overlay came from, or new ones. */
export const overlayPools = (found: FoundMesh, nodes: readonly FoundNode[], findings: Findings): Prefix[] => {
  const addresses = nodes.flatMap(({ overlay }) => overlay)
  const pools = families.map(family => poolFor(family, found.pools, addresses))
  for (const pool of found.pools) {
    if (pools.includes(pool)) continue
    const chosen = pools[families.indexOf(familyOf(pool))]
    findings.broken(
      'pool',
      null,
      reservedIn(pool)
        ? `the pool ${pool} is one that no host can do without`
        : `no node has its address from the pool ${pool}; ${chosen} is taken for it, which most have`,
    )
  }
  const [ipv4, ipv6] = pools
  if (ipv4) return [ipv4, ipv6].filter(pool => pool !== null && pool !== undefined)
  // A tunnel's network that is too wide to be a pool makes room.
  const underlay = nodes.flatMap(node => node.underlay.map(networkOfInterface))
  const taken = [
    ...underlay.filter(network => lengthPart(network) >= widest[familyOf(network)]),
    ...nodes.flatMap(node => node.underlay.map(address => hostPrefix(addressPart(address)))),
    ...nodes.flatMap(({ allowedIps, routed }) => [...(allowedIps ?? []), ...(routed ?? [])]).filter(isNarrow),
    ...addresses.map(networkOfInterface),
    ...endpointsOf(nodes),
  ]
  const fresh = sparePool(defaults.overlay.ipv4, taken)
  findings.wire(
    'overlay-route',
    null,
    `the nodes have no IPv4 addresses on the overlay, which BGP needs: they get new ones from ${fresh}`,
  )
  return ipv6 ? [fresh, ipv6] : [fresh]
}

/** Networks that tunnels are seldom as wide as; a wider one leaves no room for anything else. */
const widest: Readonly<Record<AddressFamily, number>> = { ipv4: 16, ipv6: 48 }

/** As narrow as people make them. */
const narrowest: Readonly<Record<AddressFamily, number>> = { ipv4: 24, ipv6: 64 }

/** The pools that the nodes' addresses in the tunnel came from, as narrow as what else there is makes it; or a spare one. */
export const underlayPools = (
  found: FoundMesh,
  nodes: readonly FoundNode[],
  overlay: readonly Prefix[],
  findings: Findings,
): Prefix[] => {
  const addresses = nodes.flatMap(({ underlay }) => underlay)
  const endpoints = endpointsOf(nodes)
  const free = (pool: Prefix): boolean =>
    !reservedIn(pool) &&
    overlay.every(other => familyOf(other) !== familyOf(pool) || !overlaps(other, pool)) &&
    !endpoints.some(endpoint => familyOf(endpoint) === familyOf(pool) && covers(pool, endpoint))
  // A node with a /32 has the tunnel's network in its peers' allowed IPs, if anywhere.
  const accepted = found.views
    .flatMap(({ allowedIps }) => allowedIps)
    .filter(
      prefix => isNarrow(prefix) && isNetwork(prefix) && addresses.some(address => holds(prefix, address)),
    )
  const [ipv4, ipv6] = families.map(family => {
    const wide = poolFor(family, [], addresses) ?? poolFor(family, accepted, addresses)
    if (wide === null) return null
    const pool = lengthPart(wide) < widest[family] || !free(wide) ? narrowed(wide, addresses) : wide
    if (!free(pool)) return null
    if (pool !== wide)
      findings.wire(
        'route',
        null,
        `all of ${wide}, the tunnel's network in the files, went into the tunnel: ${pool} is the pool now, and what is outside is routed alone`,
      )
    return pool
  })
  const taken = [
    ...overlay,
    ...endpoints,
    ...addresses.map(networkOfInterface),
    ...nodes.flatMap(({ allowedIps }) => allowedIps ?? []),
  ].filter(network => !reservedIn(network))
  return [ipv4 ?? sparePool(defaults.underlay.ipv4, taken), ...(ipv6 ? [ipv6] : [])]
}

const isNetwork = (prefix: Prefix): boolean => lengthPart(prefix) <= bitsOf(familyOf(prefix)) - 2

/** Routes to everything fill every pool. */
const isNarrow = (prefix: Prefix): boolean => lengthPart(prefix) >= 8

const endpointsOf = (nodes: readonly FoundNode[]): Prefix[] =>
  nodes.flatMap(node =>
    dialledAt(node).flatMap(({ host, family }) => (family ? [hostPrefix(host as Address)] : [])),
  )

const holds = (prefix: Prefix, address: InterfaceAddress): boolean =>
  familyOf(prefix) === familyOf(address) && contains(prefix, addressPart(address))

/** The smallest network, of those that people make, with all addresses of the pool in it. */
const narrowed = (pool: Prefix, addresses: readonly InterfaceAddress[]): Prefix => {
  const family = familyOf(pool)
  const inside = addresses.filter(address => holds(pool, address)).map(addressPart)
  const [first] = inside
  if (first === undefined) return pool
  for (let length = Math.max(narrowest[family], lengthPart(pool)); length > lengthPart(pool); length--) {
    const network = networkOf(addressOf(family, integerOf(first)), length)
    if (inside.every(address => contains(network, address))) return network
  }
  return pool
}
