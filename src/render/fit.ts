import type { Diagnostic, Span } from '../diagnostics/index.js'
import type { NodePlan } from '../model/plan.js'
import { chosenTargets } from './render.js'
import type { Target } from './target.js'

/** What the node's tools have no words for, as errors at `span`. Empty for a plan that can be rendered. */
export const fit = (plan: NodePlan, targets: readonly Target[], span: Span | null): Diagnostic[] =>
  chosenTargets(plan, targets).flatMap(target =>
    target.supports(plan).map(
      ({ path, fact }): Diagnostic => ({
        severity: 'error',
        code: 'unsupported',
        message: `${target.name} cannot express ${path} of ${plan.name}: ${fact}`,
        span,
        hint: 'choose another target for this node, or drop the setting',
      }),
    ),
  )
