import { afterAll, afterEach, beforeAll, describe, test } from 'vitest'
import { type Agreement, agreement, numbersOf } from './rig/agreement.js'
import { stopwatch } from './rig/clock.js'
import { describeHosts } from './rig/describe-hosts.js'
import { fall } from './rig/fall.js'
import { everyUplink, Lab, type Shape } from './rig/lab.js'
import { report, sizes, thorough } from './rig/numbers.js'
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
  /**
   * Nodes that fall at the end of the long form, one after the other, when what `verify` says of the files on the nodes has been held against
   * what pings see.
   */
  readonly falling?: readonly string[]
}

/**
 * A scenario: the same steps, one after the other, in a fresh lab of each size. A failed step shows what
 * a person would look at on the nodes. Where the lab cannot run, the scenario says so and is skipped.
 */
export const scenario = (
  title: string,
  start: Start,
  steps: (run: Run) => void,
  { uplinks = everyUplink, reflectors = [], edit = () => {}, size = 'each', falling }: Stage = {},
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
      if (!falling || !thorough) return

      let last: Agreement | null = null
      test('at last pings are answered exactly where verify says so of the files on the nodes', async () => {
        const elapsed = stopwatch()
        last = await agreement(run.lab)
        run.report('pings as verify says', numbersOf(last))
        run.report('for which it took', elapsed())
      })
      for (const [at, node] of falling.entries())
        test(`${node} falls, and what the others lose was foretold`, async () => {
          if (!last) throw new Error('it is not known what there was to lose')
          const fallen = falling.slice(0, at).map(name => run.lab.host(name))
          run.report(
            `${node} fell; of what the others had they lost`,
            await fall(run.lab, last, run.lab.host(node), fallen),
          )
        })
    })
  }
}
