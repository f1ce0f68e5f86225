import type { Mesh } from '../model/mesh.js'
import type { PrefixRange } from '../model/plan.js'
import { covers, lengthPart, type Prefix } from '../net/index.js'

/**
 * All container networks of the mesh in as few words as it takes: the parts of each pool, which a node added
 * later only is one more of, then the networks of segments, and what nodes have that is no such part.
 */
export const containerRanges = (mesh: Mesh): PrefixRange[] => {
  const pools = [mesh.containerPools.ipv4, mesh.containerPools.ipv6].filter(pool => pool !== null)
  const isPart = (prefix: Prefix): boolean =>
    pools.some(pool => covers(pool.prefix, prefix) && lengthPart(prefix) === pool.length)
  const shared = mesh.segments.flatMap(({ tenant, prefixes }) => (tenant === null ? prefixes : []))
  const own = mesh.nodes.flatMap(node => node.networks.flatMap(network => network.prefixes))
  return [
    ...pools.map(({ prefix, length }) => ({ prefix, from: length, to: length })),
    ...[...shared, ...own.filter(prefix => !isPart(prefix))].map(exactly),
  ]
}

const exactly = (prefix: Prefix): PrefixRange => ({
  prefix,
  from: lengthPart(prefix),
  to: lengthPart(prefix),
})
