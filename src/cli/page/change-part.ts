/// <reference lib="dom" />
import type { Ask } from './ask.js'
import { h, listOf } from './dom.js'
import type { Part } from './tabs.js'

/** A mesh.ini is a few hundred kilobytes at most. */
const largest = 4 * 1024 * 1024

/** What has changed since an older mesh.ini, which is dropped here. */
export const changePart = (ask: Ask): Part => {
  const input = h('input', { type: 'file', id: 'older' })
  const zone = h(
    'div',
    { class: 'drop' },
    h('label', { for: 'older' }, 'Drop the older mesh.ini here, or choose it: '),
    input,
  )
  const answer = h('div', { 'aria-live': 'polite' })
  const compare = async (file: File | null | undefined): Promise<void> => {
    if (!file) return
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
  input.addEventListener('change', () => void compare(input.files?.[0]))
  zone.addEventListener('dragover', event => {
    event.preventDefault()
    zone.classList.add('over')
  })
  zone.addEventListener('dragleave', () => zone.classList.remove('over'))
  zone.addEventListener('drop', event => {
    event.preventDefault()
    zone.classList.remove('over')
    void compare(event.dataTransfer?.files[0])
  })
  return { title: 'Change', element: h('div', {}, zone, answer), show: () => answer.replaceChildren() }
}
