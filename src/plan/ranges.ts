import type { Mesh } from '../model/mesh.js'
import type { PrefixRange } from '../model/plan.js'
import { covers, lengthPart, type Prefix } from '../net/index.js'

/**
 * All container networks of the mesh in as few words as it takes: each pool with the lengths that its parts
 * have, so that a node added to the pool changes nothing, and what is pinned outside the pools.
 */
export const containerRanges = (mesh: Mesh): PrefixRange[] => {
  const prefixes = [
    ...mesh.nodes.flatMap(node => node.containers.flatMap(network => network.prefixes)),
    ...mesh.segments.flatMap(({ tenant, prefixes }) => (tenant === null ? prefixes : [])),
  ]
  const pools = [mesh.containers.ipv4, mesh.containers.ipv6].filter(pool => pool !== null)
  const outside = prefixes.filter(prefix => !pools.some(pool => covers(pool, prefix)))
  return [
    ...pools.flatMap(pool => rangeWithin(pool, prefixes)),
    ...outside.map(prefix => ({ prefix, from: lengthPart(prefix), to: lengthPart(prefix) })),
  ]
}

const rangeWithin = (pool: Prefix, prefixes: readonly Prefix[]): PrefixRange[] => {
  const lengths = prefixes.filter(prefix => covers(pool, prefix)).map(lengthPart)
  if (lengths.length === 0) return []
  let [from, to] = [128, 0]
  for (const length of lengths) {
    from = Math.min(from, length)
    to = Math.max(to, length)
  }
  return [{ prefix: pool, from, to }]
}
