import type { Mesh } from '../model/mesh.js'
import type { Pools } from '../model/spec.js'
import type { Prefix } from '../net/index.js'

/** IPv4 first. */
export const prefixesIn = ({ ipv4, ipv6 }: Pools): Prefix[] => [ipv4, ipv6].filter(pool => pool !== null)

/** All that the mesh's own addresses come from: underlay, overlay, containers. */
export const poolPrefixes = ({ underlay, overlay, containerPools }: Mesh): Prefix[] => [
  ...prefixesIn(underlay),
  ...prefixesIn(overlay),
  ...prefixesIn({ ipv4: containerPools.ipv4?.prefix ?? null, ipv6: containerPools.ipv6?.prefix ?? null }),
]
