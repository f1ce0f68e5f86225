import type { NodePlan, OverlayPlan } from '../../model/plan.js'

/** The VXLAN device of a node, where it is this target's to make. */
export const overlayMadeBy =
  (target: string): ((node: NodePlan) => OverlayPlan | null) =>
  ({ targets, overlay }) =>
    targets.overlay === target ? overlay : null
