import type { Host } from './host.js'
import type { PairFlow } from './pairs.js'
import type { Typed } from './paste.js'

/** What `impact --format json` has of it. */
export interface Foretold {
  readonly gaps: readonly {
    readonly between: readonly [readonly string[], readonly string[]]
    readonly until: readonly string[]
    readonly both: boolean
    readonly longer: number | null
    readonly most: number | null
  }[]
}

/** Seconds: times are those of answers, which take theirs on a machine that has much to do. */
const slack = 0.5

/** A machine that has much to do loses a ping now and then, of hundreds. */
const lone = 1

/** When a pair may be silent, by what was foretold and by when which node was brought in line; and for how long. */
interface Window {
  readonly from: number
  readonly to: number
  readonly most: number
}

const windowsOf = ({ gaps }: Foretold, pair: readonly [string, string], typed: readonly Typed[]): Window[] =>
  gaps
    .filter(({ between: [some, others] }) => {
      const [one, other] = pair
      return (some.includes(one) && others.includes(other)) || (some.includes(other) && others.includes(one))
    })
    .flatMap(({ until, both, longer, most }) => {
      const nodes = both ? [...until, ...pair] : until
      const runs = typed.filter(
        ({ node, command }) => nodes.includes(node) && command.includes(' /etc/ciab/apply.sh'),
      )
      if (runs.length === 0) return []
      return [
        {
          from: Math.min(...runs.map(({ from }) => from)) - slack,
          to: Math.max(...runs.map(({ to }) => to)) + (longer ?? Number.POSITIVE_INFINITY) + slack,
          most: (most ?? Number.POSITIVE_INFINITY) + slack,
        },
      ]
    })

const isIn = (time: number, { from, to }: Window): boolean => from <= time && time <= to

/** How long the silence was that these losses are: from the first to the last. */
const length = (lost: readonly number[]): number =>
  lost.length === 0 ? 0 : (lost.at(-1) as number) - (lost[0] as number)

/** Of each pair that lost more than was foretold: what. */
export const unforeseen = (
  foretold: Foretold,
  flows: readonly PairFlow[],
  typed: readonly Typed[],
  nameOf: (host: Host) => string,
): string[] =>
  flows.flatMap(({ between, lost }) => {
    const pair = [nameOf(between[0]), nameOf(between[1])] as const
    const windows = windowsOf(foretold, pair, typed)
    const wide = windows.filter(({ most }) => most === Number.POSITIVE_INFINITY)
    const brief = windows.filter(window => !wide.includes(window))
    const rest = lost.filter(time => !wide.some(window => isIn(time, window)))
    const outside = rest.filter(
      time =>
        !brief.some(
          window => isIn(time, window) && length(rest.filter(other => isIn(other, window))) <= window.most,
        ),
    )
    if (outside.length <= lone) return []
    const begin = Math.min(...typed.map(({ from }) => from))
    const at = (time: number): string => (time - begin).toFixed(1)
    const allowed = windows.map(
      ({ from, to, most }) =>
        `${at(from)} to ${at(to)} s${most < Number.POSITIVE_INFINITY ? `, ${most} s of it` : ''}`,
    )
    return [
      `${pair.join(' and ')}: ${outside.length} lost, at ${at(outside[0] as number)} to ${at(
        outside.at(-1) as number,
      )} s; foretold ${allowed.join(' and ') || 'none'}`,
    ]
  })
