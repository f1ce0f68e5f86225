/** Reads a picture back, by its text alone: nothing here knows how it was drawn. */

/** A rectangle with what stands in it. */
export interface Box {
  readonly what: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Of the fonts that the picture asks for none is wider. */
const perLetter = 0.605

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]
const number = (tag: string, name: string): number => {
  const value = Number(attribute(tag, name))
  if (!Number.isFinite(value)) throw new Error(`${tag} has no ${name}`)
  return value
}

/** The text of an element without its tags. */
const plain = (text: string): string =>
  text.replace(/<[^>]*>/g, '').replace(/&(\w+);/g, (_, name: string) => entities[name] ?? `?${name}?`)

/** Every text of the picture, and the marks that have a letter. */
export const labelsOf = (svg: string): Box[] => {
  const marks = [...svg.matchAll(/<g class="mark [^"]*">\s*(<rect [^>]*>)\s*<text[^>]*>([^<]*)<\/text>/g)]
  const rest = marks.reduce((text, [mark]) => text.replace(mark, ''), svg)
  return [
    ...marks.map(([, rect = '', letter = '']) => ({
      what: `mark ${letter}`,
      left: number(rect, 'x'),
      right: number(rect, 'x') + number(rect, 'width'),
      top: number(rect, 'y'),
      bottom: number(rect, 'y') + number(rect, 'height'),
    })),
    ...[...rest.matchAll(/(<text[^>]*>)([\s\S]*?)<\/text>/g)].map(([, tag = '', inner = '']) => {
      const [what, size, x, y] = [plain(inner), number(tag, 'font-size'), number(tag, 'x'), number(tag, 'y')]
      const width = [...what].length * size * perLetter
      const left = attribute(tag, 'text-anchor') === 'end' ? x - width : x
      return { what, left, right: left + width, top: y - size * 0.76, bottom: y + size * 0.22 }
    }),
  ]
}

/** The picture's own edges. */
export const frameOf = (svg: string): Box => {
  const [left = 0, top = 0, width = 0, height = 0] = (attribute(svg, 'viewBox') ?? '').split(' ').map(Number)
  return { what: 'the picture', left, right: left + width, top, bottom: top + height }
}

/** Labels that lie upon each other, or beyond the edge of the picture. */
export const misplaced = (svg: string): string[] => {
  const labels = labelsOf(svg)
  const frame = frameOf(svg)
  return labels.flatMap((one, at) => [
    ...labels
      .slice(at + 1)
      .filter(
        other =>
          one.left < other.right &&
          other.left < one.right &&
          one.top < other.bottom &&
          other.top < one.bottom,
      )
      .map(other => `${one.what} lies upon ${other.what}`),
    ...(one.left < frame.left || one.right > frame.right || one.top < frame.top || one.bottom > frame.bottom
      ? [`${one.what} leaves the picture`]
      : []),
  ])
}

type Segment = readonly [x1: number, y1: number, x2: number, y2: number]

/** The straight lines of all paths of a class. */
export const segmentsOf = (svg: string, of: string): Segment[] =>
  [...svg.matchAll(new RegExp(`<path class="${of}(?: [a-z0-9]+)?" d="([^"]*)"`, 'g'))].flatMap(([, d = '']) =>
    [...d.matchAll(/M(\S+) ([^\sLQHVA]+)L(\S+) ([^\sLQZ]+)/g)].map(
      ([, ...numbers]) => numbers.map(Number) as unknown as Segment,
    ),
  )

/** Labels that a line runs through. */
export const crossed = (svg: string): string[] => {
  const lines = ['tunnels', 'sessions', 'relayed', 'apart'].flatMap(of => segmentsOf(svg, of))
  return labelsOf(svg)
    .filter(box => lines.some(line => meets(line, box)))
    .map(({ what }) => what)
}

/** By clipping the line to the box (Liang and Barsky). */
const meets = ([x1, y1, x2, y2]: Segment, { left, right, top, bottom }: Box): boolean => {
  let [from, to] = [0, 1]
  for (const [step, room] of [
    [x1 - x2, x1 - left],
    [x2 - x1, right - x1],
    [y1 - y2, y1 - top],
    [y2 - y1, bottom - y1],
  ] as const) {
    if (step === 0) {
      if (room < 0) return false
      continue
    }
    const at = room / step
    if (step < 0) from = Math.max(from, at)
    else to = Math.min(to, at)
    if (from > to) return false
  }
  return true
}

/** Whether each element ends where it must, and every `<` and `&` is one of the picture's own. */
export const isWellFormed = (svg: string): boolean => {
  const open: string[] = []
  const rest = svg
    .replace(/<!--[^<>]*-->/, '')
    .replace(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g, (_, end, tag, __, empty) => {
      if (end === '/') {
        if (open.pop() !== tag) open.push('wrong')
      } else if (empty !== '/') open.push(tag)
      return ''
    })
  return open.length === 0 && !/[<]|&(?!(amp|lt|gt|quot);)/.test(rest)
}
