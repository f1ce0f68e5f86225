export { driftBetween } from './drift/drift.js'
export type { Names } from './drift/fact.js'
export type {
  Expectation,
  ExpectedFlow,
  ExpectedSurvival,
  Loss,
  Selector,
  WantedEnds,
} from './expect/expectation.js'
export { type Failure, failuresIn, failuresOf } from './failures/failures.js'
export { expectationsHeld, heldIn } from './failures/held.js'
export type { Point } from './failures/points.js'
export type { End } from './flow/ends.js'
export type { Flow } from './flow/flow.js'
export type { Trip, TripStep, Why } from './flow/trip.js'
export type { NodeFolder } from './node.js'
export type { Pair } from './pairs.js'
export { isRead } from './paths.js'
export { type ReachTable, reachTable } from './reach.js'
export {
  lostAmong,
  pairsIn,
  pathBetween,
  pathIn,
  type Study,
  studyOf,
  type Verdict,
  verdictOf,
  verify,
} from './verify.js'
