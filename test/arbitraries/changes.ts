import type { Blueprint, NodeBlueprint } from './blueprint.js'
import type { Arrange } from './print.js'

/** The mesh without one of its nodes. */
export const withoutNode = (blueprint: Blueprint, name: string): Blueprint => ({
  ...blueprint,
  nodes: blueprint.nodes.filter(node => node.name !== name),
  exclude: blueprint.exclude.filter(pair => !pair.includes(name)),
  groups: blueprint.groups
    .map(group => ({ ...group, members: group.members.filter(member => member !== name) }))
    .filter(group => group.members.length > 0),
  ...networksWithout(blueprint, name),
})

const networksWithout = (blueprint: Blueprint, name: string): Pick<Blueprint, 'segments' | 'tenants'> => {
  const tenants = left(blueprint.tenants, name)
  const names = tenants.map(tenant => tenant.name)
  return {
    tenants: tenants.map(tenant => ({
      ...tenant,
      share: tenant.share.filter(other => names.includes(other)),
    })),
    segments: left(blueprint.segments, name).filter(
      ({ tenant }) => tenant === null || names.includes(tenant),
    ),
  }
}

/** Without the node among those that they name, and without those that then name none. */
const left = <T extends { readonly nodes: readonly string[] | null }>(
  networks: readonly T[],
  name: string,
): T[] =>
  networks
    .map(network => ({ ...network, nodes: network.nodes?.filter(node => node !== name) ?? null }))
    .filter(({ nodes }) => nodes === null || nodes.length > 0)

export const withNode = (blueprint: Blueprint, name: string, change: Partial<NodeBlueprint>): Blueprint => ({
  ...blueprint,
  nodes: blueprint.nodes.map(node => (node.name === name ? { ...node, ...change } : node)),
})

/** The mesh with a node called otherwise; it keeps its keys. */
export const renamed = (blueprint: Blueprint, from: string, to: string): Blueprint => {
  const rename = (name: string): string => (name === from ? to : name)
  return {
    ...withNode(blueprint, from, { name: to }),
    exclude: blueprint.exclude.map(([a, b]) => [rename(a), rename(b)] as const),
    groups: blueprint.groups.map(group => ({ ...group, members: group.members.map(rename) })),
    segments: blueprint.segments.map(one => ({ ...one, nodes: one.nodes?.map(rename) ?? null })),
    tenants: blueprint.tenants.map(one => ({ ...one, nodes: one.nodes?.map(rename) ?? null })),
  }
}

/** Arrangements that put things in another order; each number is another one. */
export const shuffle = (seed: number): Arrange => {
  let state = seed >>> 0
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return items => {
    const shuffled = [...items]
    for (let at = shuffled.length - 1; at > 0; at--) {
      const other = next(at + 1)
      const moved = shuffled[at]
      shuffled[at] = shuffled[other] as (typeof shuffled)[number]
      shuffled[other] = moved as (typeof shuffled)[number]
    }
    return shuffled
  }
}
