import type { Span } from '../../diagnostics/index.js'
import type { MeshContainerNetwork } from '../../model/mesh.js'
import type { PinnedContainer } from '../../model/plan.js'
import type { PinnedContainerSpec } from '../../model/spec.js'
import {
  type Address,
  addressOf,
  addressPart,
  contains,
  familyOf,
  integerOf,
  type Prefix,
  rangeOf,
} from '../../net/index.js'
import type { Report } from '../report.js'
import type { IdentifiedNode } from './ids.js'

/** The networks with the containers that mesh.ini gives addresses on them. */
export const withPinned = (
  networks: readonly MeshContainerNetwork[],
  node: IdentifiedNode,
  report: Report,
): MeshContainerNetwork[] => {
  const written = node.keys['container-address']
  const pins = (written?.value ?? []).flatMap((spec, at): Pin[] => {
    const span = written?.each?.[at] ?? node.span
    const network = networkFor(spec, networks, node.name, span, report)
    return network ? [{ ...spec, network, span }] : []
  })
  checkApart(pins, report)
  return networks.map(network => {
    const own = pins.filter(pin => pin.network === network)
    const leased = { ...network, dhcp6: network.existing ? null : leased6(network, own) }
    for (const pin of own) for (const address of pin.addresses) checkFree(address, leased, pin.span, report)
    return { ...leased, pinned: own.map(({ name, addresses }) => ({ name, addresses })) }
  })
}

interface Pin extends PinnedContainer {
  readonly network: MeshContainerNetwork
  readonly span: Span
}

const networkFor = (
  { addresses }: PinnedContainerSpec,
  networks: readonly MeshContainerNetwork[],
  node: string,
  span: Span,
  report: Report,
): MeshContainerNetwork | null => {
  const homes = addresses.map(address => networks.find(network => prefixIn(network, address)))
  const prefixes = networks.flatMap(network => network.prefixes)
  const stray = addresses[homes.indexOf(undefined)]
  if (stray)
    report.error(
      'container-address',
      `${stray} lies in no container network of ${node}`,
      span,
      prefixes.length === 0 ? 'give the node a container network' : `write one in ${prefixes.join(' or ')}`,
    )
  else if (new Set(homes).size > 1)
    report.error(
      'container-address',
      `${addresses.join(' and ')} lie on different bridges`,
      span,
      'write a line for each bridge',
    )
  else return homes[0] ?? null
  return null
}

const prefixIn = ({ prefixes }: MeshContainerNetwork, address: Address): Prefix | undefined =>
  prefixes.find(prefix => contains(prefix, address))

/**
 * The upper half of the IPv6 network, where any address in it is to be fixed: the daemons give fixed ones
 * by DHCPv6 alone, which then leases the others too.
 */
const leased6 = ({ prefixes }: MeshContainerNetwork, pins: readonly Pin[]): [Address, Address] | null => {
  const prefix = prefixes.find(prefix => familyOf(prefix) === 'ipv6')
  if (!prefix || !pins.some(({ addresses }) => addresses.some(address => familyOf(address) === 'ipv6')))
    return null
  const [first, last] = rangeOf(prefix)
  return [addressOf('ipv6', (first + last + 1n) / 2n), addressOf('ipv6', last)]
}

/** Fixed addresses lie beside those that are leased, or a container could find its own taken. */
const checkFree = (address: Address, network: MeshContainerNetwork, span: Span, report: Report): void => {
  const family = familyOf(address)
  const prefix = prefixIn(network, address)
  if (!prefix) return
  const [first, last] = rangeOf(prefix)
  const integer = integerOf(address)
  const own = network.addresses.find(own => familyOf(own) === family)
  const leases = family === 'ipv4' ? network.dhcp : network.dhcp6
  const [low, high] = (leases ?? []).map(integerOf)
  const fault =
    own && addressPart(own) === address
      ? 'is what the bridge itself has'
      : integer === first || (family === 'ipv4' && integer === last)
        ? `is the network or broadcast address of ${prefix}`
        : low !== undefined && high !== undefined && low <= integer && integer <= high
          ? 'may be leased to any container'
          : null
  if (fault) report.error('container-address', `${address} ${fault}`, span, freeHint(prefix, low))
}

/** Below the leases, from the second address on: the first is the bridge's. */
const freeHint = (prefix: Prefix, low: bigint | undefined): string => {
  if (low === undefined) return `write another address in ${prefix}`
  const from = rangeOf(prefix)[0] + 2n
  if (low <= from) return `${prefix} has no room beside what is leased: give the bridge a shorter prefix`
  const family = familyOf(prefix)
  return `write one from ${addressOf(family, from)} to ${addressOf(family, low - 1n)}`
}

/** One address for each container of a network and family, and none for two; names differ in DNS as well. */
const checkApart = (pins: readonly Pin[], report: Report): void => {
  const seen = new Map<string, Pin>()
  for (const pin of pins) {
    const name = pin.name.toLowerCase()
    for (const claim of [...pin.addresses, `${pin.network.bridge} ${name}`, name]) {
      const first = seen.get(claim)
      if (!first) seen.set(claim, pin)
      // One container may have an address on each bridge.
      else if (claim !== name || first.name !== pin.name) {
        const [message, hint] = apartness(claim, first, pin)
        report.error('container-address', message, pin.span, hint, {
          message: 'the other is here',
          span: first.span,
        })
        break
      }
    }
  }
}

const apartness = (claim: string, first: Pin, pin: Pin): [message: string, hint: string] => {
  if (pin.addresses.some(address => address === claim))
    return [`${claim} belongs to the container "${first.name}"`, 'write another']
  return first.name === pin.name
    ? [
        `the container "${pin.name}" stands twice for ${pin.network.bridge}`,
        'write the IPv4 and the IPv6 address in one line: NAME ADDRESS, ADDRESS6',
      ]
    : [`"${pin.name}" and "${first.name}" differ only in case`, 'rename one']
}
