import { heightOf, type Line, lineWidth } from './said/block.js'

/** Something on the circle, with what stands beside it. */
export interface Item {
  /** The place that it stands in, which is said where its items begin, or `null`. */
  readonly site: string | null
  readonly radius: number
  /** Room below it. */
  readonly gap: number
  readonly lines: readonly Line[]
}

/** Where an item is, and where its lines begin; the circle's middle is 0, 0. */
export interface Placed<Of extends Item> {
  readonly item: Of
  readonly x: number
  readonly y: number
  /** Whether its lines stand to the left of it, and end where they begin. */
  readonly left: boolean
  readonly textX: number
  readonly textTop: number
  readonly textHeight: number
  /** Where the name of the site stands, or `null`: the one before has it. */
  readonly headingTop: number | null
}

/** Items around a circle. */
export interface Circle<Of extends Item> {
  readonly radius: number
  readonly placed: readonly Placed<Of>[]
}

/** Room for the name of a site, and beside an item. */
const [heading, beside] = [26, 16]
/** Beyond the circle: the mark of a site. */
export const siteBand = 9
const smallest = 130

/**
 * Half of the items down the left side, the others down the right one. Each stands on the circle at the height of its
 * lines, so that no two lines ever meet, and none needs to be led to from far away.
 */
export const circleOf = <Of extends Item>(items: readonly Of[]): Circle<Of> => {
  const half = items.length < 2 ? items.length : middleOf(items)
  const sides = [items.slice(0, half), items.slice(half)]
  const stacks = sides.map(stacked)
  const largest = Math.max(...items.map(item => item.radius), 0)
  const most = Math.max(...stacks.map(({ height }) => height))
  const radius = items.length < 2 ? 0 : Math.max(smallest + largest, most / 2)
  const placed = stacks.flatMap(({ rows, height }, side) => {
    const spare = rows.length === 0 ? 0 : Math.max(0, 2 * radius - height) / rows.length
    return rows.map(({ item, top, height, headed }, at): Placed<Of> => {
      const from = top - (radius === 0 ? (rows[0]?.height ?? 0) : 2 * radius) / 2 + spare * (at + 0.5)
      const y = from + height / 2
      const clear = halfWidth(
        radius + item.radius + (item.site === null ? 4 : siteBand + 6),
        nearest(from, from + height),
      )
      const x = halfWidth(radius, y)
      const textX = Math.max(clear, x + item.radius) + beside
      const left = side === 0 && items.length > 1
      return {
        item,
        x: left ? -x : x,
        y,
        left,
        textX: left ? -textX : textX,
        textTop: y - textHeightOf(item) / 2,
        textHeight: textHeightOf(item),
        headingTop: headed ? from - heading + 4 : null,
      }
    })
  })
  return { radius, placed }
}

/** The height nearest to the circle's middle that lies between two. */
const nearest = (from: number, to: number): number =>
  from <= 0 && to >= 0 ? 0 : Math.min(Math.abs(from), Math.abs(to))

const halfWidth = (radius: number, y: number): number => Math.sqrt(Math.max(0, radius * radius - y * y))

const textHeightOf = ({ lines }: Item): number => lines.reduce((sum, one) => sum + heightOf(one), 0)

const rowHeight = (item: Item): number => Math.max(textHeightOf(item), 2 * item.radius) + item.gap

const stacked = <Of extends Item>(items: readonly Of[]) => {
  let height = 0
  const rows = items.map((item, at) => {
    const headed = item.site !== null && item.site !== items[at - 1]?.site
    const top = height + (headed ? heading : 0)
    height = top + rowHeight(item)
    return { item, top, height: rowHeight(item), headed }
  })
  return { rows, height }
}

/** Where both sides are about equally high; better between two sites than within one. */
const middleOf = (items: readonly Item[]): number => {
  const heights = items.map(rowHeight)
  const all = heights.reduce((sum, one) => sum + one, 0)
  let above = 0
  let best = { at: 1, cost: Number.POSITIVE_INFINITY }
  for (let at = 1; at < items.length; at++) {
    above += heights[at - 1] as number
    const site = items[at]?.site ?? null
    const within = site !== null && site === items[at - 1]?.site
    // The left side, which is read first, is the fuller one of two that are as good.
    const cost = Math.abs(all - 2 * above) + (within ? all / 6 : 0) - (2 * above >= all ? 0.5 : 0)
    if (cost < best.cost) best = { at, cost }
  }
  return best.at
}

/** How far the lines of an item go beyond where they begin. */
export const reachOf = ({ lines }: Item): number => Math.max(0, ...lines.map(lineWidth))
