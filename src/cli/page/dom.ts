/// <reference lib="dom" />
import type { SvgElement } from '../../draw/element.js'

/** What stands in an element: text is only ever text. */
export type Child = Node | string | null | false

/** An element with its attributes and what it holds. */
export const h = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] => {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(name, value === true ? '' : String(value))
  made.append(...children.filter(child => child !== null && child !== false))
  return made
}

/** A picture's data as elements of the page. */
export const drawn = ({ tag, attributes, children }: SvgElement): Element => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes))
    if (name !== 'xmlns') made.setAttribute(name, String(value))
  made.append(...children.map(child => (typeof child === 'string' ? child : drawn(child))))
  return made
}

/** A list with an item for each text, or a sentence where there is none. */
export const listOf = (texts: readonly string[], none: string, most = 200): HTMLElement =>
  texts.length === 0
    ? h('p', {}, none)
    : h(
        'ul',
        {},
        ...texts.slice(0, most).map(text => h('li', {}, text)),
        texts.length > most && h('li', {}, `and ${texts.length - most} more`),
      )

/** A field to choose one of some names. */
export const choice = (
  label: string,
  names: readonly string[],
  value: string,
): readonly [HTMLElement, HTMLSelectElement] => {
  const select = h('select', {}, ...names.map(name => h('option', { value: name }, name)))
  select.value = value
  return [h('label', {}, `${label} `, select), select]
}

/** A place for files: to drop them on, or to choose them. */
export const dropZone = (
  id: string,
  label: string,
  attributes: Readonly<Record<string, string | boolean>>,
  take: (files: readonly File[]) => void,
): HTMLElement => {
  const input = h('input', { type: 'file', id, ...attributes })
  const zone = h('div', { class: 'drop' }, h('label', { for: id }, label), input)
  input.addEventListener('change', () => {
    take([...(input.files ?? [])])
    // So that the same file can be chosen again when it has changed.
    input.value = ''
  })
  // What a drop does, the page decides for all of it.
  zone.addEventListener('dragover', () => zone.classList.add('over'))
  for (const end of ['dragleave', 'drop']) zone.addEventListener(end, () => zone.classList.remove('over'))
  return zone
}
