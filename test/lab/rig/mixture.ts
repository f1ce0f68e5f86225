import { sleep, stopwatch } from './clock.js'
import type { Machine, Setup } from './machine.js'

/** A machine with what it has always run, and with what was made of that. */
export interface Mover {
  readonly machine: Machine
  readonly old: Setup
  readonly fresh: Setup
}

/** A way that packets go, or not. */
export interface Way {
  readonly from: Machine
  readonly to: string
  /** Both ends, as a person reads them. */
  readonly text: string
}

/** What became of a machine that changed its files. */
export interface Change {
  readonly mover: Mover
  readonly moves: boolean
  /** Why its tunnel did not start, or nothing. */
  readonly fault: string
}

/**
 * Goes through every set of machines that have their new files, one change from set to set (a Gray code); all of them old
 * is where it begins. The first, which others dial, changes once: who dialled it takes a while to notice (WireGuard's
 * whitepaper, section 6.1: a new handshake 15 seconds after nothing came back).
 */
export function* everyMixture(
  movers: readonly Mover[],
): Generator<{ readonly change: Change; readonly moved: readonly Mover[] }> {
  const bitOf = (place: number): number => 1 << (movers.length - 1 - place)
  let now = 0
  for (let step = 1; step < 1 << movers.length; step++) {
    const next = step ^ (step >> 1)
    const mover = movers.find((_, place) => (now ^ next) === bitOf(place)) as Mover
    const moves = next > now
    const fault = mover.machine.change(moves ? mover.fresh : mover.old)
    now = next
    yield { change: { mover, moves, fault }, moved: movers.filter((_, place) => (now & bitOf(place)) !== 0) }
  }
}

/** The ways that nothing comes through, after the patience that new handshakes need. */
export const closed = async (ways: readonly Way[], seconds = 45): Promise<Way[]> => {
  const elapsed = stopwatch()
  let left = [...ways]
  for (;;) {
    const open = await Promise.all(left.map(({ from, to }) => from.reaches(to)))
    left = left.filter((_, index) => !open[index])
    if (left.length === 0 || elapsed() > seconds) return left
    await sleep(0.5)
  }
}
