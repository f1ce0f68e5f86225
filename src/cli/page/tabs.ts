/// <reference lib="dom" />
import { h } from './dom.js'
import type { Loaded } from './protocol.js'

/** A part of the page, which is told of each mesh that is looked at. */
export interface Part {
  readonly title: string
  readonly element: HTMLElement
  /** Another mesh. */
  show(mesh: NonNullable<Loaded['mesh']>): void
  /** The part is looked at: what takes long it does then. */
  open?(): void
}

/** A part that files can be dropped for. */
export interface Taking extends Part {
  take(files: readonly File[]): void
}

/** Parts of which one is shown, as the ARIA practices have tabs: arrows go from one to the next. */
export const withTabs = (parts: readonly Part[]) => {
  const slug = ({ title }: Part): string => title.toLowerCase().replace(/\W+/g, '-')
  const tabs = parts.map(part =>
    h(
      'button',
      { type: 'button', role: 'tab', id: `tab-${slug(part)}`, 'aria-controls': `part-${slug(part)}` },
      part.title,
    ),
  )
  const panels = parts.map(part =>
    h(
      'section',
      { role: 'tabpanel', id: `part-${slug(part)}`, 'aria-labelledby': `tab-${slug(part)}` },
      part.element,
    ),
  )
  let shown = 0
  const show = (at: number): void => {
    shown = at
    tabs.forEach((tab, other) => {
      tab.setAttribute('aria-selected', String(other === at))
      tab.tabIndex = other === at ? 0 : -1
    })
    panels.forEach((panel, other) => {
      panel.hidden = other !== at
    })
    parts[at]?.open?.()
  }
  tabs.forEach((tab, at) => {
    tab.addEventListener('click', () => show(at))
    tab.addEventListener('keydown', event => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
      if (to === undefined) return
      event.preventDefault()
      const next = (to + tabs.length) % tabs.length
      show(next)
      tabs[next]?.focus()
    })
  })
  show(0)
  return {
    element: h(
      'main',
      {},
      h('div', { role: 'tablist', 'aria-label': 'what to look at' }, ...tabs),
      ...panels,
    ),
    open: (part: Part): void => show(parts.indexOf(part)),
    refresh: (): void => parts[shown]?.open?.(),
  }
}
