import fc from 'fast-check'
import type { Blueprint, ClientBlueprint, LanBlueprint } from './blueprint.js'
import { anyMesh } from './meshes.js'

/** IPv6 goes where BGP has next hops for it. */
const carries6 = ({ mesh }: Blueprint): boolean =>
  (mesh.mode === 'l3' ? mesh.underlay.ipv6 : mesh.overlay.ipv6) !== null

/** A mesh with clients and LANs behind some of its nodes; one has to be there for clients to dial. */
export const meshWithBehind: fc.Arbitrary<Blueprint> = fc
  .tuple(anyMesh, fc.nat({ max: 3 }), fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), fc.boolean())
  .filter(([{ nodes, hidden }]) => !hidden && nodes.some(dialedInAllFamilies))
  .map(([blueprint, count, places, pinned]) => {
    const { nodes } = blueprint
    const highest = Math.max(...nodes.map(({ id }) => id))
    const able = nodes.filter(dialedInAllFamilies)
    const clients = Array.from(
      { length: count },
      (_, at): ClientBlueprint => ({
        name: `client${at}`,
        id: highest + 1 + at,
        via: pinned ? (able[at % able.length]?.name ?? null) : null,
      }),
    )
    const lans = places.map(
      (place, at): LanBlueprint => ({
        node: nodes[place % nodes.length]?.name ?? '',
        interface: `lan${at}`,
        prefixes: [`192.168.${at + 1}.0/24`, ...(carries6(blueprint) ? [`fd51:${at + 1}::/64`] : [])],
      }),
    )
    return { ...blueprint, maximumPrefix: null, behind: { clients, lans } }
  })

/** By whatever family a client comes. */
export const dialedInAllFamilies = ({ endpoints, families }: Blueprint['nodes'][number]): boolean =>
  endpoints.some(({ family }) => family === null || family === 'ipv4') && families === null
