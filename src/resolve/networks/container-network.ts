import type { MeshContainerNetwork } from '../../model/mesh.js'
import {
  type Address,
  addressOf,
  familyOf,
  type InterfaceAddress,
  type InterfaceName,
  interfaceAddress,
  lengthPart,
  networkOfInterface,
  type Prefix,
  rangeOf,
} from '../../net/index.js'

const nothingPinned = { dhcp6: null, pinned: [] }

/** A bridge of ours for containers, with these prefixes. */
export const newNetwork = (bridge: InterfaceName, prefixes: readonly Prefix[]): MeshContainerNetwork => {
  const ipv4 = prefixes.find(prefix => familyOf(prefix) === 'ipv4')
  return {
    ...nothingPinned,
    bridge,
    existing: false,
    addresses: prefixes.map(firstAddress),
    prefixes,
    dhcp: ipv4 ? leases(ipv4) : null,
  }
}

/** The operator's own bridge, with the addresses it has. */
export const existingNetwork = (
  bridge: InterfaceName,
  addresses: readonly InterfaceAddress[],
): MeshContainerNetwork => ({
  ...nothingPinned,
  bridge,
  existing: true,
  addresses,
  prefixes: addresses.map(networkOfInterface),
  dhcp: null,
})

/** The bridge takes the network's first address, as LXD does for `auto`. */
export const firstAddress = (prefix: Prefix): InterfaceAddress =>
  interfaceAddress(addressOf(familyOf(prefix), rangeOf(prefix)[0] + 1n), lengthPart(prefix))

/** The upper part of the network, from .100 in a /24, so that the lower is free for fixed addresses. */
export const leases = (prefix: Prefix): readonly [Address, Address] => {
  const [first, last] = rangeOf(prefix)
  const size = last - first + 1n
  const skipped = (size * 100n) / 256n
  const start = first + (skipped > 100n ? 100n : skipped < 2n ? 2n : skipped)
  return [addressOf('ipv4', start), addressOf('ipv4', last - 1n)]
}
