import type { MeshPlan, NodePlan } from '../model/plan.js'
import { concerns } from '../model/spec.js'
import { applyData, applyProgram } from './program.js'
import { StanzaCache } from './stanzas.js'
import type { OutputFile, Target } from './target.js'

/** The files of one node. Total; two files at one path are a bug of ours. */
export const render = (plan: NodePlan, targets: readonly Target[]): OutputFile[] => renderer(targets)(plan)

/** Renders the nodes of a mesh one at a time, and the text about each peer once for all of them. */
export const renderer = (targets: readonly Target[]): ((plan: NodePlan) => OutputFile[]) => {
  const stanzas = new StanzaCache()
  const program = applyProgram(targets)
  return plan => {
    const chosen = chosenTargets(plan, targets)
    const files = chosen.flatMap(target => target.files(plan, stanzas))
    return unique([
      ...files,
      ...(plan.targets.installer === 'none' ? [] : [program, applyData(plan, chosen)]),
    ])
  }
}

/** The files that belong to no single node. */
export const renderMesh = (plan: MeshPlan, targets: readonly Target[]): OutputFile[] =>
  unique(
    targets
      .filter(({ name }) => plan.targets.includes(name))
      .flatMap(target => target.meshFiles?.(plan) ?? []),
  )

/** The targets that the node names, each once. */
export const chosenTargets = (plan: NodePlan, targets: readonly Target[]): Target[] => {
  const names = new Set(concerns.map(concern => plan.targets[concern]))
  return targets.filter(target => names.has(target.name))
}

const unique = (files: readonly OutputFile[]): OutputFile[] => {
  const paths = new Set<string>()
  for (const { path } of files) {
    if (paths.has(path)) throw new Error(`two targets write ${path}`)
    paths.add(path)
  }
  return [...files]
}
