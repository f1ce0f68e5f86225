import type { Mesh } from '../model/mesh.js'
import type { PrefixRange } from '../model/plan.js'
import { bitsOf, covers, familyOf, lengthPart, type Prefix } from '../net/index.js'
import { announcedBehind } from './behind.js'
import { prefixesIn } from './pools.js'

/**
 * All that nodes announce in as few words as it takes: the parts of each pool, which a node added later only is one
 * more of, then the networks of segments, and what nodes have that is no such part. Clients are single addresses of
 * the underlay.
 */
export const containerRanges = (mesh: Mesh): PrefixRange[] => {
  const pools = [mesh.containerPools.ipv4, mesh.containerPools.ipv6].filter(pool => pool !== null)
  const isPart = (prefix: Prefix): boolean =>
    pools.some(pool => covers(pool.prefix, prefix) && lengthPart(prefix) === pool.length)
  const shared = mesh.segments.flatMap(({ tenant, prefixes }) => (tenant === null ? prefixes : []))
  const own = mesh.nodes.flatMap(node => node.networks.flatMap(network => network.prefixes))
  const clients = mesh.nodes.flatMap(node => announcedBehind(mesh, node))
  const homes = prefixesIn(mesh.underlay).filter(pool => clients.some(client => covers(pool, client)))
  const single = (pool: Prefix): number => bitsOf(familyOf(pool))
  return [
    ...pools.map(({ prefix, length }) => ({ prefix, from: length, to: length })),
    ...[...shared, ...own.filter(prefix => !isPart(prefix))].map(exactly),
    ...homes.map(prefix => ({ prefix, from: single(prefix), to: single(prefix) })),
    ...clients.filter(client => !homes.some(pool => covers(pool, client))).map(exactly),
  ]
}

const exactly = (prefix: Prefix): PrefixRange => ({
  prefix,
  from: lengthPart(prefix),
  to: lengthPart(prefix),
})
