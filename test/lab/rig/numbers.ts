/** Whether to play what takes long, too: `npm run lab:long`. */
export const thorough = process.env.LAB_LONG === '1'

/** Node counts to run with: `LAB_NODES=3,5`. */
export const counts: readonly number[] = (process.env.LAB_NODES ?? (thorough ? '3,5' : '3'))
  .split(',')
  .map(text => {
    const count = Number(text)
    if (!Number.isInteger(count) || count < 3 || count > 100)
      throw new Error(`LAB_NODES: ${text} is not 3 to 100`)
    return count
  })

/** The sizes of a lab that a scenario is about: each, or only the smallest or largest where size adds nothing. */
export const sizes = {
  each: counts,
  smallest: [Math.min(...counts)],
  largest: [Math.max(...counts)],
} as const

/** Prints what a scenario measured, as a line of its own among the test runner's. */
export const report = (scenario: string, what: string, value: number | string): void => {
  const text = typeof value === 'number' && !Number.isInteger(value) ? `${value.toFixed(1)} s` : String(value)
  console.info(`  ${scenario}: ${what}: ${text}`)
}
