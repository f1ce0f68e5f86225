import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { describeHosts } from './rig/describe-hosts.js'
import { everyUplink, Lab } from './rig/lab.js'
import { counts, report } from './rig/numbers.js'
import { reasonToSkip } from './rig/requirements.js'

/** What the steps of a scenario work with. */
export interface Run {
  readonly count: number
  /** There from the first step on. */
  readonly lab: Lab
  /** Prints a measured number; fractions are seconds. */
  report(what: string, value: number | string): void
}

/** Brings a lab whose trees are generated and deployed to where the scenario begins. */
export type Start = (run: Run) => Promise<void>

/**
 * A scenario: the same steps, one after the other, in a fresh lab of each size. A failed step shows what
 * a person would look at on the nodes. Where the lab cannot run, the scenario says so and is skipped.
 */
export const scenario = (
  title: string,
  start: Start,
  steps: (run: Run) => void,
  uplinks = everyUplink,
): void => {
  const reason = reasonToSkip()
  const suite = reason === null ? describe : describe.skip
  for (const count of counts) {
    const name = `${title}, ${count} nodes`
    suite(reason === null ? name : `${name} (skipped: ${reason})`, () => {
      let lab: Lab | null = null
      const run: Run = {
        count,
        get lab() {
          if (!lab) throw new Error('the lab is not open')
          return lab
        },
        report: (what, value) => report(name, what, value),
      }
      beforeAll(async () => {
        lab = await Lab.open(count, uplinks)
        for (const host of lab.hosts) host.deploy(lab.operator)
        await start(run)
      })
      afterEach(({ task }) => {
        if (task.result?.state === 'fail' && lab) console.error(describeHosts(lab.hosts))
      })
      afterAll(() => lab?.close())
      steps(run)
    })
  }
}
