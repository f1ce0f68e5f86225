import type { Span } from '../../diagnostics/index.js'
import type { NodeKeys, OverlayPin, SectionSpec } from '../../model/spec.js'
import {
  addressPart,
  contains,
  familyOf,
  hostPrefix,
  type InterfaceAddress,
  integerOf,
  interfaceAddress,
  lengthPart,
  type Mac,
  networkOfInterface,
  type Prefix,
  rangeOf,
} from '../../net/index.js'
import { derivedMac } from '../addresses/derived.js'
import { hostIn, lastIdIn, moreAddresses } from '../addresses/pools.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { IdentifiedNode } from './ids.js'

/** A node's own addresses on the tunnel and on the overlay. */
export interface NodeAddresses {
  readonly underlay: readonly InterfaceAddress[]
  readonly overlay: readonly InterfaceAddress[]
  readonly mac: Mac
}

/** What is pinned, and for the rest: address = pool + id. */
export const addressNode = (node: IdentifiedNode, settings: Settings, report: Report): NodeAddresses => ({
  underlay: underlayOf(node, settings, report),
  overlay: overlayOf(node, settings, report),
  mac: node.keys.mac?.value ?? derivedMac(`${settings.name} ${settings.vni}`, node.id),
})

type PoolName = 'underlay' | 'overlay'

const families = ['ipv4', 'ipv6'] as const

/** A node or a client. */
interface Addressed extends SectionSpec<Pick<NodeKeys, 'id' | 'underlay-address'>> {
  readonly id: number
}

/** A pinned underlay address may lie anywhere, and outside the pool it is routed alone. */
export const underlayOf = (node: Addressed, settings: Settings, report: Report): InterfaceAddress[] =>
  families.flatMap(family => {
    const written = node.keys['underlay-address']
    const pool = settings.underlay[family]
    const pin = written?.value.find(address => familyOf(address) === family)
    if (!written || !pin) return derived('underlay', node, pool, settings, report) ?? []
    if (!pool || !contains(pool, pin)) return [hostPrefix(pin) as string as InterfaceAddress]
    return insideOf(pool, interfaceAddress(pin, lengthPart(pool)), written.span, report) ?? []
  })

/** Pinned overlay addresses, those in the pool first: sessions and routes start from the first of a family. */
const overlayOf = (node: IdentifiedNode, settings: Settings, report: Report): InterfaceAddress[] =>
  (settings.mode === 'l3' ? [] : families).flatMap(family => {
    const written = node.keys['overlay-address']
    const pool = settings.overlay[family]
    const pins = written?.value.filter(({ address }) => familyOf(address) === family) ?? []
    if (!written || pins.length === 0) return derived('overlay', node, pool, settings, report) ?? []
    const inPool = ({ address }: OverlayPin): boolean => pool !== null && contains(pool, address)
    return [...pins.filter(inPool), ...pins.filter(pin => !inPool(pin))].flatMap(
      pin => overlayAddress(pin, pool, written.span, report) ?? [],
    )
  })

const derived = (
  name: PoolName,
  node: Addressed,
  pool: Prefix | null,
  settings: Settings,
  report: Report,
): InterfaceAddress | null => {
  if (!pool) return null
  const address = hostIn(pool, node.id)
  if (address) return interfaceAddress(address, lengthPart(pool))
  if (report.isNew(`${name} ${pool}`))
    report.error(
      'pool-too-small',
      `the ${name} pool ${pool} has no address for ids above ${lastIdIn(pool)}`,
      node.keys.id?.span ?? node.span,
      moreAddresses(name, pool, Math.max(settings.highestId, node.id)),
      { message: 'the pool is here', span: settings.spanOf(name) },
    )
  return null
}

/** One with a length of its own may lie outside the pool, where the others route it alone. */
const overlayAddress = (
  { address, length }: OverlayPin,
  pool: Prefix | null,
  span: Span,
  report: Report,
): InterfaceAddress | null => {
  const own = length === null ? null : interfaceAddress(address, length)
  if (pool && contains(pool, address))
    return insideOf(pool, own ?? interfaceAddress(address, lengthPart(pool)), span, report)
  if (own) return insideOf(networkOfInterface(own), own, span, report)
  const hint = pool
    ? `pick an address in ${pool}, or write it with a length of its own: ${address}/${familyOf(address) === 'ipv4' ? 24 : 64}`
    : 'add a pool that holds it to [mesh] overlay, or write it with a length of its own'
  report.error('outside-pool', `${address} is not in the overlay pool`, span, hint)
  return null
}

/** The address, unless it is the one of the network itself, or in IPv4 the broadcast one. */
const insideOf = (
  network: Prefix,
  address: InterfaceAddress,
  span: Span,
  report: Report,
): InterfaceAddress | null => {
  const [first, last] = rangeOf(network)
  const integer = integerOf(addressPart(address))
  const wide = last - first > 1n
  if (!wide || (integer !== first && (familyOf(network) === 'ipv6' || integer !== last))) return address
  report.error(
    'pool-edge',
    `${addressPart(address)} is the network or broadcast address of ${network}`,
    span,
    `pick an address inside ${network}`,
  )
  return null
}
