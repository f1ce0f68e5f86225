import type { MeshNode } from '../model/mesh.js'
import { planner } from '../plan/plan.js'
import { chosenTargets } from '../render/chosen.js'
import type { OwnInterruption, Target } from '../render/target.js'
import type { MeshChange } from './changes.js'

/** What a node's tools interrupt while they bring it from one state to another. */
export type OnNode = (before: MeshNode, after: MeshNode) => readonly OwnInterruption[]

/** What a change interrupts on a node itself, in its tools' own words; of a tool that it had not before, nothing. */
export const onNode = (change: MeshChange, targets: readonly Target[]): OnNode => {
  const [planBefore, planAfter] = [planner(change.before), planner(change.after)]
  return (before, after) => {
    const [old, now] = [planBefore(before), planAfter(after)]
    const kept = new Set(chosenTargets(old, targets))
    return chosenTargets(now, targets)
      .filter(target => kept.has(target))
      .flatMap(target => target.interrupts?.(old, now) ?? [])
  }
}
