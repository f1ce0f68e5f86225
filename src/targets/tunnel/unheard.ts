import type { NodePlan } from '../../model/plan.js'

/**
 * A pause with the tunnel away that is long enough for neighbors to notice (RFC 5880, section 6.8.4). FRR on both
 * sides would otherwise go on with IPv6 next hops on a device that is another one now.
 */
export const unheard = ({ targets, routing: { bfd } }: NodePlan): string[] =>
  targets.routing === 'none' ? [] : [`sleep ${Math.ceil((bfd.interval * bfd.multiplier) / 1000) + 2}`]
