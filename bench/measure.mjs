import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const cli = fileURLToPath(new URL('../bin/ciab-gen.js', import.meta.url))
const usage = new URL('./usage.mjs', import.meta.url).href

/** Runs a whole process; wall-clock milliseconds, and for node processes the processor's and the peak memory in MB. */
export const run = (command, args, { memory = false } = {}) => {
  const start = process.hrtime.bigint()
  const child = spawnSync(command, memory ? ['--import', usage, ...args] : args, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  })
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  if (child.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${child.stderr}`)
  const [kilobytes, microseconds] = memory ? child.output[3].toString().split(' ').map(Number) : []
  return { milliseconds, processor: microseconds / 1000, megabytes: kilobytes / 1024 }
}

/** The middle one of an odd number of runs. */
export const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Wall-clock and processor's milliseconds of a whole process, its end included, as bash's `time` says them. */
export const timed = (command, args, cwd) => {
  const child = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1 || echo failed >&2', 'bash', command, ...args],
    { encoding: 'utf8', cwd },
  )
  if (!/^[\d. ]+$/.test(child.stderr.trim())) throw new Error(`${command} ${args.join(' ')}: ${child.stderr}`)
  const [clock, user, system] = child.stderr.trim().split(' ').map(Number)
  return { clock: clock * 1000, processor: (user + system) * 1000 }
}
