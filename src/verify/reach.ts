import type { Pair } from './pairs.js'

/** Who reaches whom, for a picture of it. */
export interface ReachTable {
  readonly nodes: readonly string[]
  /**
   * For each node, as a row, a letter for each other, as a column: `y` it reaches all networks of that one, `n` none,
   * `s` some, `-` it is itself, `.` one of the two is off, a blank where there is nothing to reach.
   */
  readonly rows: readonly string[]
}

/**
 * The pairs of a {@link Verdict} as a table of all nodes.
 *
 * @param nodes names of all, in their order
 * @param off names of those that were off when the pairs were decided
 */
export const reachTable = (
  nodes: readonly string[],
  pairs: readonly Pair[],
  off: readonly string[] = [],
): ReachTable => {
  const places = new Map(nodes.map((name, at) => [name, at]))
  const counts = nodes.map(() => nodes.map(() => [0, 0] as [number, number]))
  for (const { from, to, passes } of pairs) {
    const cell = counts[places.get(from) ?? -1]?.[places.get(to) ?? -1]
    if (cell) cell[passes ? 0 : 1]++
  }
  const gone = new Set(off)
  return {
    nodes,
    rows: counts.map((row, at) =>
      row
        .map(([yes, no], other) => {
          if (at === other) return '-'
          if (gone.has(nodes[at] as string) || gone.has(nodes[other] as string)) return '.'
          if (yes === 0) return no === 0 ? ' ' : 'n'
          return no === 0 ? 'y' : 's'
        })
        .join(''),
    ),
  }
}
