/// <reference lib="dom" />
import { drawn, h } from './dom.js'
import type { Loaded } from './protocol.js'
import type { Part } from './tabs.js'

/** The picture, on which others mark a way and nodes that are off. */
export interface PicturePart extends Part {
  /** Calls back with the node that was chosen on it. */
  onNode(chosen: (name: string) => void): void
  /** A copy with a way over some nodes, and others off. */
  marked(way: readonly string[], off: readonly string[]): Element | null
}

export const picturePart = (): PicturePart => {
  const element = h('div', { class: 'picture' })
  let mesh: NonNullable<Loaded['mesh']> | null = null
  let chosen: (name: string) => void = () => {}
  element.addEventListener('click', event => {
    const name = (event.target as Element).closest('[data-node]')?.getAttribute('data-node')
    if (name) chosen(name)
  })
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
      if (!mesh) return null
      const svg = drawn(mesh.picture)
      // The ids of title and description are the first picture's.
      for (const one of svg.querySelectorAll('[id]')) one.removeAttribute('id')
      svg.removeAttribute('aria-labelledby')
      svg.setAttribute('aria-label', way.length > 1 ? `the way ${way.join(', ')}` : 'no way')
      const places = new Map(mesh.places.map(([name, x, y, radius]) => [name, { x, y, radius }]))
      const points = way.flatMap(name => places.get(name) ?? [])
      const of = (tag: string, attributes: Record<string, string | number>) =>
        drawn({ tag, attributes, children: [] })
      svg.append(
        of('path', {
          class: 'way',
          d: points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join(''),
        }),
        ...points.map(({ x, y, radius }) => of('circle', { class: 'way', cx: x, cy: y, r: radius + 5 })),
        ...off.flatMap(name => {
          const place = places.get(name)
          if (!place) return []
          const { x, y, radius } = place
          const r = radius + 6
          return [
            of('path', {
              class: 'off',
              d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`,
            }),
          ]
        }),
      )
      return svg
    },
  }
}
