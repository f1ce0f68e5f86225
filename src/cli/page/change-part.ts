/// <reference lib="dom" />
import type { Ask } from './ask.js'
import { dropZone, h, listOf } from './dom.js'
import type { Taking } from './tabs.js'

/** A mesh.ini is a few hundred kilobytes at most. */
const largest = 4 * 1024 * 1024

/** What has changed since an older mesh.ini, which is dropped here. */
export const changePart = (ask: Ask): Taking => {
  const answer = h('div', { 'aria-live': 'polite' })
  let there = false
  const compare = async (file: File | undefined): Promise<void> => {
    if (!file) return
    if (!there) {
      answer.replaceChildren(h('p', { class: 'bad' }, 'There is no mesh yet: mesh.ini has errors.'))
      return
    }
    if (file.size > largest) {
      answer.replaceChildren(h('p', { class: 'bad' }, `${file.name} is no mesh.ini: it is far too large.`))
      return
    }
    answer.replaceChildren(h('p', {}, 'comparing …'))
    const { diagnostics, lines, files } = await ask('change', await file.text())
    if (diagnostics.length > 0) {
      answer.replaceChildren(
        h('p', { class: 'bad' }, `${file.name} has errors.`),
        listOf(
          diagnostics.map(({ message, span }) => `${span ? `${span.line}:${span.column}: ` : ''}${message}`),
          '',
        ),
      )
      return
    }
    answer.replaceChildren(
      h('h2', {}, `Since ${file.name}`),
      h('pre', { class: 'lines' }, lines.join('\n')),
      h('details', {}, h('summary', {}, `${files.length} files`), listOf(files, 'No file differs.', 2000)),
    )
  }
  const take = (files: readonly File[]): void => void compare(files[0])
  return {
    title: 'Change',
    element: h(
      'div',
      {},
      dropZone('older', 'Drop the older mesh.ini here, or choose it: ', {}, take),
      answer,
    ),
    show: () => {
      there = true
      answer.replaceChildren()
    },
    take,
  }
}
