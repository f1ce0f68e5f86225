import type { Target } from '../../src/index.js'
import type { Blueprint } from './blueprint.js'

/** The mesh with a target chosen by every node for all that it can do. */
export const choosing = (blueprint: Blueprint, target: Pick<Target, 'name' | 'concerns'>): Blueprint => ({
  ...blueprint,
  nodes: blueprint.nodes.map(node => ({
    ...node,
    targets: {
      ...node.targets,
      ...Object.fromEntries(target.concerns.map(concern => [keyOf(concern), target.name])),
    },
  })),
})

/** In a node's section `containers` is the key for its networks. */
const keyOf = (concern: string): string => (concern === 'containers' ? 'container-runtime' : concern)
