import type { Mesh } from '../model/mesh.js'
import type { Pools } from '../model/spec.js'
import { addressPart, familyOf, lengthPart, networkOf, type Prefix } from '../net/index.js'

/** IPv4 first. */
export const prefixesIn = ({ ipv4, ipv6 }: Pools): Prefix[] => [ipv4, ipv6].filter(pool => pool !== null)

/** All that the mesh's own addresses come from: underlay, overlay, containers. */
export const poolPrefixes = ({ underlay, overlay, containerPools }: Mesh): Prefix[] => [
  ...prefixesIn(underlay),
  ...prefixesIn(overlay),
  ...prefixesIn({ ipv4: containerPools.ipv4?.prefix ?? null, ipv6: containerPools.ipv6?.prefix ?? null }),
]

/** Prefixes that no earlier one covers: an nftables interval set refuses elements that overlap. */
export const withoutCovered = (prefixes: readonly Prefix[]): Prefix[] => {
  const kept = new Set<Prefix>()
  // Few lengths occur, so one asks for the network of each rather than for every prefix before.
  const lengths = { ipv4: new Set<number>(), ipv6: new Set<number>() }
  for (const prefix of prefixes) {
    const [address, length] = [addressPart(prefix), lengthPart(prefix)]
    const shorter = [...lengths[familyOf(prefix)]].filter(other => other <= length)
    if (shorter.some(other => kept.has(networkOf(address, other)))) continue
    kept.add(prefix)
    lengths[familyOf(prefix)].add(length)
  }
  return [...kept]
}
