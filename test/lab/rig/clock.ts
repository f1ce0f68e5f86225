import { setTimeout } from 'node:timers/promises'

/** Waits; the event loop turns meanwhile, so that the test runner hears from us. */
export const sleep = (seconds: number): Promise<void> => setTimeout(seconds * 1000)

/** A stopwatch: call it for the seconds since it was made. */
export const stopwatch = (): (() => number) => {
  const start = performance.now()
  return () => (performance.now() - start) / 1000
}

/**
 * Repeats `lacking` until it finds nothing lacking, and returns the seconds that took. When `limit`
 * seconds have passed, what is lacking still becomes the error's text.
 */
export const until = async (
  what: string,
  limit: number,
  lacking: () => readonly string[],
  pause = 0.5,
): Promise<number> => {
  const elapsed = stopwatch()
  for (;;) {
    const missing = lacking()
    if (missing.length === 0) return elapsed()
    if (elapsed() > limit) {
      const shown = missing.slice(0, 12).join('\n  ')
      throw new Error(`${what}: after ${limit} s ${missing.length} lacking:\n  ${shown}`)
    }
    await sleep(pause)
  }
}
