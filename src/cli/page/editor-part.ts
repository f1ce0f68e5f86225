/// <reference lib="dom" />
import type { Diagnostic } from '../../diagnostics/index.js'
import type { Ask } from './ask.js'
import { h } from './dom.js'
import type { Loaded } from './protocol.js'
import type { Part } from './tabs.js'

/** After the last key, until it is checked. */
const pause = 150

/** mesh.ini, with what is wrong at its place as one types; what is sound is drawn and told on the other parts. */
export const editorPart = (ask: Ask, text: string, look: (text: string) => Promise<Loaded>): Part => {
  const area = h('textarea', {
    id: 'editor',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    wrap: 'off',
    'aria-describedby': 'faults',
    'aria-label': 'mesh.ini',
  })
  // Behind the letters: the same text, with its faults marked.
  const behind = h('pre', { class: 'behind', 'aria-hidden': 'true' })
  const faults = h('ol', { id: 'faults', 'aria-live': 'polite' })
  const apply = h('button', { type: 'button' }, 'Look at this mesh')
  const state = h('span', { role: 'status' })
  area.value = text
  const mark = (found: readonly Diagnostic[]): void => {
    const starts = startsOf(area.value)
    const spans = found
      .flatMap(({ span, severity }) =>
        span
          ? [
              {
                from: (starts[span.line - 1] ?? 0) + span.column - 1,
                length: Math.max(1, span.length),
                severity,
              },
            ]
          : [],
      )
      .sort((a, b) => a.from - b.from)
    behind.replaceChildren()
    let at = 0
    for (const { from, length, severity } of spans) {
      if (from < at) continue
      behind.append(
        area.value.slice(at, from),
        h('mark', { class: severity }, area.value.slice(from, from + length)),
      )
      at = from + length
    }
    behind.append(`${area.value.slice(at)}\n`)
    faults.replaceChildren(
      ...found.slice(0, 100).map(({ severity, span, message, hint }) => {
        const place = h('button', { type: 'button', class: 'link' }, span ? `line ${span.line}` : 'mesh.ini')
        place.addEventListener('click', () => {
          const from = span ? (starts[span.line - 1] ?? 0) + span.column - 1 : 0
          area.focus()
          area.setSelectionRange(from, from + (span?.length ?? 0))
        })
        return h(
          'li',
          { class: severity },
          place,
          ` ${severity}: ${message}`,
          hint !== undefined && h('small', {}, ` ${hint}`),
        )
      }),
    )
    const errors = found.filter(({ severity }) => severity === 'error').length
    state.textContent = errors === 0 ? 'no errors' : errors === 1 ? '1 error' : `${errors} errors`
    area.setAttribute('aria-invalid', String(errors > 0))
    apply.disabled = errors > 0
    align()
  }
  const align = (): void => {
    behind.scrollTop = area.scrollTop
    behind.scrollLeft = area.scrollLeft
  }
  area.addEventListener('scroll', align)
  let timer = 0
  let turn = 0
  const check = async (): Promise<void> => {
    const mine = ++turn
    const found = await ask('check', area.value)
    if (mine === turn) mark(found)
  }
  area.addEventListener('input', () => {
    // Old marks would stand at wrong places.
    behind.replaceChildren(`${area.value}\n`)
    state.textContent = 'checking …'
    clearTimeout(timer)
    timer = setTimeout(() => void check(), pause) as unknown as number
  })
  apply.addEventListener('click', async () => {
    state.textContent = 'drawing …'
    mark((await look(area.value)).diagnostics)
  })
  return {
    title: 'Edit',
    element: h('div', {}, h('p', {}, apply, ' ', state), h('div', { class: 'editor' }, behind, area), faults),
    show: () => {},
    open: () => void check(),
  }
}

/** Where each line begins. */
const startsOf = (text: string): number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
