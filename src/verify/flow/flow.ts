import type { End } from './ends.js'
import type { Net } from './net.js'
import type { Trip, Why } from './trip.js'
import { echo, walk } from './walk.js'

/** Whether an echo request of one end is answered by another. */
export interface Flow {
  readonly from: End
  readonly to: End
  readonly verdict: Trip['verdict']
  /** What keeps the request or its answer; `null` where both pass. */
  readonly why: Why | null
  readonly there: Trip
  /** `null` where nothing arrives that could be answered. */
  readonly back: Trip | null
}

/** Follows a request and its answer. */
export const flowOf = (net: Net, from: End, to: End, trace = false): Flow => {
  const there = walk(net, echo(from.address, to.address, 'new'), from, to, trace)
  const back =
    there.verdict === 'fails'
      ? null
      : walk(net, echo(to.address, there.source, 'established'), to, from, trace)
  const worse = there.verdict !== 'passes' || !back ? there : back
  return { from, to, verdict: worse.verdict, why: worse.why, there, back }
}
