import { element, type SvgElement, tenth } from './element.js'
import { markAt } from './said/block.js'
import { sizes, widthOf } from './said/lettering.js'
import type { Mark } from './said/marks.js'
import { arrowHead, nodeShape, path } from './shapes.js'

/** A sign and what it means. */
export interface LegendEntry {
  readonly text: string
  /** The sign, around a point. */
  sign(x: number, y: number): readonly SvgElement[]
}

const [row, signWidth, space] = [24, 38, 24]
/** More segments and tenants than this are counted. */
const mostMarks = 30

/** Lines of a kind; with the head of an arrow where only one side dials. */
export const lineEntry = (of: string, text: string, arrow?: string): LegendEntry => ({
  text,
  sign: (x, y) => [
    ...path(of, [`M${tenth(x - 15)} ${tenth(y)}L${tenth(x + 15)} ${tenth(y)}`]),
    ...(arrow === undefined ? [] : path(arrow, [arrowHead({ x: x - 15, y }, { x: x + 15, y }, 0, 8)])),
  ],
})

/** What nodes of a kind look like. */
export const nodeEntry = (
  text: string,
  roles: {
    readonly nat?: boolean
    readonly reflector?: boolean
    readonly relays?: readonly [] | readonly [never]
  },
  radius = 7,
): LegendEntry => ({
  text,
  sign: (x, y) => [
    element(
      'g',
      { class: roles.nat ? 'node nat' : 'node' },
      ...nodeShape({ x, y }, radius, {
        reflector: roles.reflector ?? false,
        relays: (roles.relays ?? []) as never,
      }),
    ),
  ],
})

/** The segments and tenants. */
export const markEntries = (marks: readonly Mark[]): LegendEntry[] => [
  ...marks
    .slice(0, mostMarks)
    .map(mark => ({ text: mark.legend, sign: (x: number, y: number) => [markAt(mark, x - 7.5, y - 7.5)] })),
  ...(marks.length > mostMarks
    ? [{ text: `and ${marks.length - mostMarks} more segments and tenants`, sign: () => [] }]
    : []),
]

/** The widest entry, for a picture that is to hold the legend. */
export const legendWidth = (entries: readonly LegendEntry[]): number =>
  Math.max(0, ...entries.map(({ text }) => signWidth + widthOf(text, 'text')))

/** Entries one after the other, in rows that are as wide as the picture. */
export const legendOf = (
  entries: readonly LegendEntry[],
  left: number,
  top: number,
  width: number,
): { readonly elements: readonly SvgElement[]; readonly height: number } => {
  let [x, y] = [left, top]
  const elements = entries.flatMap(({ text, sign }) => {
    const taken = signWidth + widthOf(text, 'text')
    if (x > left && x + taken > left + width) [x, y] = [left, y + row]
    const here = x
    x += taken + space
    return [
      ...sign(here + 15, y + row / 2),
      element(
        'text',
        { x: tenth(here + signWidth), y: tenth(y + row / 2 + 4), 'font-size': sizes.text },
        text,
      ),
    ]
  })
  return { elements, height: entries.length === 0 ? 0 : y + row - top }
}
