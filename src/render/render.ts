import type { MeshPlan, NodePlan } from '../model/plan.js'
import { type Concern, concerns } from '../model/spec.js'
import { checker } from './checked.js'
import { chosenTargets } from './chosen.js'
import { applyData, applyProgram } from './program.js'
import { StanzaCache } from './stanzas.js'
import type { OutputFile, Target } from './target.js'

/**
 * The files of one node. Total for what {@link planner} gives and the targets that the mesh was made with: a target that
 * the node chose and that is not there, a value with a control character, and two files at one path are exceptions.
 */
export const render = (plan: NodePlan, targets: readonly Target[]): OutputFile[] => renderer(targets)(plan)

/** Renders the nodes of a mesh one at a time, and the text about each peer once for all of them. */
export const renderer = (targets: readonly Target[]): ((plan: NodePlan) => OutputFile[]) => {
  const stanzas = new StanzaCache()
  const program = applyProgram(targets)
  const check = checker()
  return plan => {
    check(plan)
    refuseMissing(plan.name, plan.targets, targets)
    const chosen = chosenTargets(plan, targets)
    const files = chosen.flatMap(target => target.files(plan, stanzas))
    return unique([
      ...files,
      ...(plan.targets.installer === 'none' ? [] : [program, applyData(plan, chosen)]),
    ])
  }
}

/** The files that belong to no single node. */
export const renderMesh = (plan: MeshPlan, targets: readonly Target[]): OutputFile[] => {
  checker()(plan)
  return unique(
    targets
      .filter(({ name }) => plan.targets.includes(name))
      .flatMap(target => target.meshFiles?.(plan) ?? []),
  )
}

/** Nothing that a node chose is left out in silence because it is not among the targets given. */
export const refuseMissing = (
  node: string,
  chosen: Readonly<Record<Concern, string>>,
  targets: readonly Target[],
): void => {
  for (const concern of concerns) {
    const name = chosen[concern]
    if (name === 'none' || concern === 'installer') continue
    if (!targets.some(target => target.name === name && target.concerns.includes(concern)))
      throw new Error(`${node} has ${name} for ${concern}, which is not among the targets that were given`)
  }
}

const unique = (files: readonly OutputFile[]): OutputFile[] => {
  const paths = new Set<string>()
  for (const { path } of files) {
    if (paths.has(path)) throw new Error(`two targets write ${path}`)
    paths.add(path)
  }
  return [...files]
}
