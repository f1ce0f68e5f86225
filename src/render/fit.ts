import type { Diagnostic, Span } from '../diagnostics/index.js'
import type { NodePlan } from '../model/plan.js'
import { type Concern, concerns } from '../model/spec.js'
import { chosenTargets } from './chosen.js'
import type { Ability } from './target.js'

/** What the node's tools have no words for, as errors at its place. Empty for a plan that can be rendered. */
export const fit = (
  plan: NodePlan,
  targets: readonly Ability[],
  placeOf: (node: string, path: string, served: readonly Concern[]) => Span | null,
): Diagnostic[] =>
  chosenTargets(plan, targets).flatMap(target => {
    const served = concerns.filter(concern => plan.targets[concern] === target.name)
    return target.supports(plan).map(
      ({ path, fact }): Diagnostic => ({
        severity: 'error',
        code: 'unsupported',
        subject: `${target.name} ${path} ${fact}`,
        message: `${target.name} cannot express ${path} of ${plan.name}: ${fact}`,
        span: placeOf(plan.name, path, served),
        hint: hintFor(plan, target, served, targets),
      }),
    )
  })

/** The targets that would take it, by the keys that choose them. */
const hintFor = (
  plan: NodePlan,
  refusing: Ability,
  served: readonly Concern[],
  targets: readonly Ability[],
): string => {
  const able = targets.filter(target => {
    if (target === refusing || !served.every(concern => target.concerns.includes(concern))) return false
    const chosen = Object.fromEntries(served.map(concern => [concern, target.name]))
    return target.supports({ ...plan, targets: { ...plan.targets, ...chosen } }).length === 0
  })
  const ways = able.map(({ name }) => served.map(concern => `${keyOf(concern)} = ${name}`).join(' and '))
  return ways.length > 0
    ? `write ${ways.join(', or ')} for ${plan.name}, or take this out`
    : 'change this or take it out: no other tool for it can either'
}

/** `containers` of a node are its networks. */
const keyOf = (concern: Concern): string => (concern === 'containers' ? 'container-runtime' : concern)

/** Of faults that one line is to blame for on many nodes the first, and how many more nodes have it. */
export const eachOnce = (faults: readonly Diagnostic[]): Diagnostic[] => {
  const alike = new Map<string, { readonly fault: Diagnostic; count: number }>()
  for (const fault of faults) {
    const { span, subject } = fault
    const fact = `${span?.line}:${span?.column} ${subject}`
    const seen = alike.get(fact)
    if (seen) seen.count++
    else alike.set(fact, { fault, count: 1 })
  }
  return [...alike.values()].map(({ fault, count }) =>
    count === 1
      ? fault
      : { ...fault, message: `${fault.message} (and ${count - 1} more ${count === 2 ? 'node' : 'nodes'})` },
  )
}
