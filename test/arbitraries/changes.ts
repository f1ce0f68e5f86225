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
})

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
