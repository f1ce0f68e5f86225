import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { describeHosts } from './rig/describe-hosts.js'
import { everyUplink, Lab, type Shape } from './rig/lab.js'
import { report, sizes } from './rig/numbers.js'
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

/** Where a scenario is played. */
export interface Stage extends Partial<Shape> {
  /** One of the sizes, or a number of nodes of the scenario's own. */
  readonly size?: keyof typeof sizes | number
}

/**
 * A scenario: the same steps, one after the other, in a fresh lab of each size. A failed step shows what
 * a person would look at on the nodes. Where the lab cannot run, the scenario says so and is skipped.
 */
export const scenario = (
  title: string,
  start: Start,
  steps: (run: Run) => void,
  { uplinks = everyUplink, reflectors = [], edit = () => {}, size = 'each' }: Stage = {},
): void => {
  const reason = reasonToSkip()
  const suite = reason === null ? describe : describe.skip
  for (const count of typeof size === 'number' ? [size] : sizes[size]) {
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
        lab = await Lab.open(count, { uplinks, reflectors, edit })
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
