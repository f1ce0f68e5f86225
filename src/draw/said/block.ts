import { element, type SvgElement, tenth } from '../element.js'
import { type Size, sizes, widthOf } from './lettering.js'
import type { Mark } from './marks.js'

/** A piece of a line, with the class that it is drawn in. */
export interface Piece {
  readonly text: string
  readonly class: 'name' | 'value' | 'field'
}

/** A line of text beside a node, with marks behind it. */
export interface Line {
  readonly size: Size
  readonly pieces: readonly Piece[]
  readonly marks: readonly Mark[]
}

/** A line of one size. */
export const line = (size: Size, ...pieces: readonly Piece[]): Line => ({ size, pieces, marks: [] })
/** A field and its value. */
export const field = (size: Size, name: string, value: string): Line =>
  line(size, { text: `${name} `, class: 'field' }, { text: value, class: 'value' })

/** The edge of a mark, the way to the next, and to the first from the text. */
const [edge, step, apart] = [15, 19, 8]
/** More are counted. */
const mostMarks = 10

/** The height of a line. */
export const heightOf = ({ size, marks }: Line): number =>
  Math.max(marks.length > 0 ? step : 0, Math.round(sizes[size] * 1.36))

/** The width of a line. */
export const lineWidth = (one: Line): number => textWidth(one) + marksWidth(one.marks)

const textWidth = ({ size, pieces }: Line): number =>
  pieces.reduce((sum, { text }) => sum + widthOf(text, size), 0)

const marksWidth = (marks: readonly Mark[]): number =>
  marks.length === 0
    ? 0
    : apart + Math.min(marks.length, mostMarks) * step + widthOf(moreThan(marks), 'small')

const moreThan = (marks: readonly Mark[]): string =>
  marks.length > mostMarks ? `+${marks.length - mostMarks}` : ''

/** A mark: a square for a segment, a round one for a tenant. */
export const markAt = ({ kind, letter, color }: Mark, x: number, y: number): SvgElement =>
  element(
    'g',
    { class: `mark c${color}` },
    element('rect', {
      x: tenth(x),
      y: tenth(y),
      width: edge,
      height: edge,
      rx: kind === 'tenant' ? edge / 2 : 2,
    }),
    element(
      'text',
      { x: tenth(x + edge / 2), y: tenth(y + 11), 'font-size': sizes.letter, 'text-anchor': 'middle' },
      letter,
    ),
  )

/** Lines under each other, from `x` to the right, or to the left of it. */
export const drawnLines = (lines: readonly Line[], x: number, top: number, left: boolean): SvgElement[] => {
  let y = top
  return lines.flatMap(one => {
    const from = y
    y += heightOf(one)
    const { size, pieces, marks } = one
    const shown = marks.slice(0, mostMarks)
    const text = (at: number, of: Size, ...spans: readonly Piece[]): SvgElement =>
      element(
        'text',
        {
          x: tenth(at),
          y: tenth(from + sizes[of]),
          'font-size': sizes[of],
          ...(left ? { 'text-anchor': 'end' } : {}),
        },
        ...spans.map(span => element('tspan', { class: span.class }, span.text)),
      )
    const start = pieces.length === 0 ? 0 : textWidth(one) + apart
    const end = start + shown.length * step
    return [
      ...(pieces.length === 0 ? [] : [text(x, size, ...pieces)]),
      ...shown.map((mark, at) =>
        markAt(
          mark,
          left ? x - start - step * at - edge : x + start + step * at,
          from + sizes[size] / 2 - edge / 2 + 2,
        ),
      ),
      ...(moreThan(marks) === ''
        ? []
        : [text(left ? x - end : x + end, 'small', { text: moreThan(marks), class: 'field' })]),
    ]
  })
}
