/// <reference lib="dom" />
import type { FleetFinding } from '../../fleet/index.js'
import { drawn, h } from './dom.js'
import type { Loaded } from './protocol.js'
import type { Part } from './tabs.js'

/** The picture, on which others mark a way and nodes that are off. */
export interface PicturePart extends Part {
  /** Calls back with the node that was chosen on it. */
  onNode(chosen: (name: string) => void): void
  /** A copy with a way over some nodes, and others off. */
  marked(way: readonly string[], off: readonly string[]): Element | null
  /** A copy with the nodes and pairs of findings. */
  troubled(findings: readonly Pick<FleetFinding, 'nodes'>[]): Element | null
}

const of = (tag: string, attributes: Record<string, string | number>): Element =>
  drawn({ tag, attributes, children: [] })

/** The number of a finding, as in the list of them. */
const numbered = (number: number, { x, y }: { readonly x: number; readonly y: number }): Element[] => [
  of('circle', { class: 'badge', cx: x, cy: y, r: 11 }),
  drawn({
    tag: 'text',
    attributes: { class: 'badge', x, y: y + 4, 'text-anchor': 'middle', 'font-size': 12 },
    children: [String(number)],
  }),
]

export const picturePart = (): PicturePart => {
  const element = h('div', { class: 'picture' })
  let mesh: NonNullable<Loaded['mesh']> | null = null
  let chosen: (name: string) => void = () => {}
  element.addEventListener('click', event => {
    const name = (event.target as Element).closest('[data-node]')?.getAttribute('data-node')
    if (name) chosen(name)
  })
  const copyOf = (label: string) => {
    if (!mesh) return null
    const svg = drawn(mesh.picture)
    // The ids of title and description are the first picture's.
    for (const one of svg.querySelectorAll('[id]')) one.removeAttribute('id')
    svg.removeAttribute('aria-labelledby')
    svg.setAttribute('aria-label', label)
    const places = new Map(mesh.places.map(([name, x, y, radius]) => [name, { x, y, radius }]))
    return { svg, at: (names: readonly string[]) => names.flatMap(name => places.get(name) ?? []) }
  }
  return {
    title: 'Picture',
    element,
    show: loaded => {
      mesh = loaded
      element.replaceChildren(drawn(loaded.picture))
    },
    onNode: then => {
      chosen = then
    },
    marked: (way, off) => {
      const copy = copyOf(way.length > 1 ? `the way ${way.join(', ')}` : 'no way')
      if (!copy) return null
      const points = copy.at(way)
      copy.svg.append(
        of('path', {
          class: 'way',
          d: points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join(''),
        }),
        ...points.map(({ x, y, radius }) => of('circle', { class: 'way', cx: x, cy: y, r: radius + 5 })),
        ...copy.at(off).map(({ x, y, radius }) => {
          const r = radius + 6
          return of('path', {
            class: 'off',
            d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`,
          })
        }),
      )
      return copy.svg
    },
    troubled: findings => {
      const copy = copyOf(`what is wrong: ${findings.map(({ nodes }) => nodes.join(' and ')).join('; ')}`)
      if (!copy) return null
      copy.svg.append(
        ...findings.flatMap(({ nodes: [first, ...others] }) =>
          others.map(other =>
            of('path', {
              class: 'trouble pair',
              'data-pair': `${first} ${other}`,
              d: copy
                .at([first ?? '', other])
                .map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`)
                .join(''),
            }),
          ),
        ),
        // Where it has to be mended first.
        ...[...new Set(findings.flatMap(({ nodes }) => nodes[0] ?? []))].flatMap(name =>
          copy
            .at([name])
            .map(({ x, y, radius }) =>
              of('circle', { class: 'trouble', 'data-at': name, cx: x, cy: y, r: radius + 6 }),
            ),
        ),
        ...findings.flatMap(({ nodes }, index) => {
          const [one, other] = copy.at(nodes.length === 2 ? nodes : nodes.slice(0, 1))
          if (!one) return []
          const at = other
            ? { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }
            : { x: one.x - one.radius - 14, y: one.y - one.radius - 10 }
          return numbered(index + 1, at)
        }),
      )
      return copy.svg
    },
  }
}
