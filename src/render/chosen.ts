import type { NodePlan } from '../model/plan.js'
import { concerns } from '../model/spec.js'
import type { Ability } from './target.js'

/** The targets that the node names, each once. */
export const chosenTargets = <Of extends Ability>(plan: NodePlan, targets: readonly Of[]): Of[] => {
  const names = new Set(concerns.map(concern => plan.targets[concern]))
  return targets.filter(target => names.has(target.name))
}
