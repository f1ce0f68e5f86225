import { element, type SvgElement, tenth } from './element.js'
import type { Roles } from './said/roles.js'

/** A point of the picture. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** What a node looks like: filled where it can be dialled, a diamond where it reflects, with a ring where it relays. */
export const nodeShape = (
  { x, y }: Point,
  radius: number,
  roles: Pick<Roles, 'reflector' | 'relays'>,
): SvgElement[] => [
  ...(roles.relays.length > 0
    ? [element('circle', { class: 'ring', cx: tenth(x), cy: tenth(y), r: tenth(radius * 1.3 + 3) })]
    : []),
  roles.reflector
    ? element('path', { class: 'body', d: diamond({ x, y }, radius * 1.3) })
    : element('circle', { class: 'body', cx: tenth(x), cy: tenth(y), r: tenth(radius) }),
]

const diamond = ({ x, y }: Point, radius: number): string =>
  `M${tenth(x)} ${tenth(y - radius)}L${tenth(x + radius)} ${tenth(y)}L${tenth(x)} ${tenth(y + radius)}L${tenth(x - radius)} ${tenth(y)}Z`

/** A line between two points, short of both by so much. */
export const between = (a: Point, b: Point, short: number, shortEnd = short): string => {
  const length = distance(a, b)
  if (length <= short + shortEnd) return ''
  const at = (from: number): string =>
    `${tenth(a.x + ((b.x - a.x) * from) / length)} ${tenth(a.y + ((b.y - a.y) * from) / length)}`
  return `M${at(short)}L${at(length - shortEnd)}`
}

/** The head of an arrow that comes from `a` and ends so far from the middle of `b`. */
export const arrowHead = (a: Point, b: Point, short: number, size: number): string => {
  const length = distance(a, b)
  if (length <= short + size) return ''
  const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length]
  const [tipX, tipY] = [b.x - dx * short, b.y - dy * short]
  const [backX, backY] = [tipX - dx * size, tipY - dy * size]
  const half = size * 0.42
  return `M${tenth(tipX)} ${tenth(tipY)}L${tenth(backX - dy * half)} ${tenth(backY + dx * half)}L${tenth(backX + dy * half)} ${tenth(backY - dx * half)}Z`
}

/** A line from one point nearly to a third and on to the other, round where it turns; each turn has a place of its own. */
export const byWayOf = (a: Point, b: Point, relay: Point, turns: number): string => {
  const inward = 0.93 - 0.05 * turns
  const turn = { x: relay.x * inward, y: relay.y * inward }
  const toward = (end: Point): string => {
    const length = distance(end, turn)
    const part = length === 0 ? 0 : Math.min(0.5, 50 / length)
    return `${tenth(turn.x + (end.x - turn.x) * part)} ${tenth(turn.y + (end.y - turn.y) * part)}`
  }
  return `M${tenth(a.x)} ${tenth(a.y)}L${toward(a)}Q${tenth(turn.x)} ${tenth(turn.y)} ${toward(b)}L${tenth(b.x)} ${tenth(b.y)}`
}

const distance = (a: Point, b: Point): number => Math.sqrt((b.x - a.x) ** 2 + (b.y - a.y) ** 2)

/** Lines as one element, each in a line of its own. */
export const path = (of: string, lines: readonly string[]): SvgElement[] => {
  const drawn = lines.filter(line => line !== '')
  return drawn.length === 0 ? [] : [element('path', { class: of, d: drawn.join('\n') })]
}
