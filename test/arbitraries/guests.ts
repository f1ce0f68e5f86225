import fc from 'fast-check'
import { dialedInAllFamilies } from './behind.js'
import type { Blueprint, ClientBlueprint, TenantBlueprint } from './blueprint.js'
import { meshWithNetworks } from './meshes.js'

/** Whether a node has the tenant's routing table: for its own sake, or for one that shares with it. */
const isOn = ({ tenants, nodes }: Blueprint, tenant: TenantBlueprint, name: string): boolean => {
  const able = nodes.filter(({ targets }) => targets.routing !== 'none' && targets.evpn !== 'none')
  return tenants
    .filter(
      other => other === tenant || other.share.includes(tenant.name) || tenant.share.includes(other.name),
    )
    .some(one => (one.nodes ?? able.map(node => node.name)).includes(name))
}

const choice = fc.record({
  carrier: fc.nat(),
  tenant: fc.nat(),
  /** Two, where their addresses differ. */
  more: fc.boolean(),
  whole: fc.boolean(),
  segments: fc.array(fc.nat({ max: 2 }), { maxLength: 2 }),
})

/** A mesh with tenants and with clients, some of which enter some of that: what it is, each says its node by name. */
export const meshWithGuests: fc.Arbitrary<Blueprint> = fc
  .tuple(meshWithNetworks, fc.array(choice, { minLength: 2, maxLength: 3 }))
  .filter(([{ nodes, tenants, hidden }]) => !hidden && tenants.length > 0 && nodes.some(dialedInAllFamilies))
  .map(([blueprint, choices]) => {
    const { nodes, tenants, segments } = blueprint
    const able = nodes.filter(dialedInAllFamilies)
    const highest = Math.max(...nodes.map(({ id }) => id))
    const differ = tenants.some(({ share }) => share.length > 0)
    const clients = choices.map(({ carrier, tenant: first, more, whole, segments: some }, at) => {
      const via = able[carrier % able.length]?.name ?? ''
      const there = tenants.filter(tenant => isOn(blueprint, tenant, via))
      const chosen = [first, ...(more && differ ? [first + 1] : [])].flatMap(
        place => there[place % there.length] ?? [],
      )
      const within = segments.filter(
        ({ tenant, subnet }, place) =>
          some.includes(place) && subnet !== null && chosen.some(({ name }) => name === tenant),
      )
      const reach = [...(whole ? chosen : []), ...within].map(({ name }) => name)
      return { name: `client${at}`, id: highest + 1 + at, via, reach: [...new Set(reach)] }
    })
    return {
      ...blueprint,
      maximumPrefix: null,
      behind: { clients: clients satisfies ClientBlueprint[], lans: [] },
    }
  })
