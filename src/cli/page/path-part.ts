/// <reference lib="dom" />
import type { Ask } from './ask.js'
import { choice, h } from './dom.js'
import type { PicturePart } from './picture-part.js'
import type { Way } from './protocol.js'
import type { Part } from './tabs.js'

const nobody = 'nobody'

const classes = { passes: 'good', fails: 'bad', unknown: 'bad' } as const

const verdictOf = ({ verdict, why }: Way, to: string): string =>
  verdict === 'passes'
    ? `It arrives at ${to}, and the answer too.`
    : `${verdict === 'fails' ? 'It does not arrive' : 'Nobody knows whether it arrives'}: ${why}.`

const hops = (steps: Way['there']): HTMLElement =>
  h(
    'ol',
    { class: 'hops' },
    ...steps.map(({ node, text, span }) =>
      h('li', {}, h('b', {}, node), ` ${text}${span ? `, ${span.file}:${span.line}` : ''}`),
    ),
  )

/** Two nodes, and what a packet between their containers meets, hop by hop; with a node off, if one likes. */
export const pathPart = (ask: Ask, picture: PicturePart): Part => {
  const form = h('form')
  const answer = h('div', { 'aria-live': 'polite' })
  let asked = 0
  return {
    title: 'Path',
    element: h('div', {}, form, answer),
    show: mesh => {
      const names = mesh.nodes.map(({ name }) => name)
      const [fromLabel, from] = choice('From', names, names[0] ?? '')
      const [toLabel, to] = choice('to', names, names[1] ?? names[0] ?? '')
      const [offLabel, off] = choice('without', [nobody, ...names], nobody)
      from.id = 'from'
      to.id = 'to'
      off.id = 'without'
      form.replaceChildren(fromLabel, ' ', toLabel, ' ', offLabel)
      const find = async (): Promise<void> => {
        const turn = ++asked
        if (from.value === to.value) {
          answer.replaceChildren(h('p', {}, 'Choose two nodes.'))
          return
        }
        answer.replaceChildren(h('p', {}, 'reading the files of all nodes …'))
        const without = off.value === nobody ? [] : [off.value]
        const way = await ask('way', from.value, to.value, without)
        if (turn !== asked) return
        answer.replaceChildren(
          hops(way.there),
          h('p', { class: classes[way.verdict] }, verdictOf(way, to.value)),
          ...(way.back.length > 0 ? [h('h3', {}, 'And the answer'), hops(way.back)] : []),
          h(
            'p',
            {},
            way.carried.length > 0
              ? `By the files, as verify reads them, ${from.value} reaches ${way.carried.join(' and ')}${way.lost.length > 0 ? `, and not ${way.lost.join(' and ')}` : ''}.`
              : way.lost.length > 0
                ? `By the files, as verify reads them, ${from.value} does not reach ${way.lost.join(' and ')}.`
                : `No network of ${to.value} is asked of the files.`,
          ),
          h('div', { class: 'picture' }, picture.marked(way.nodes, without) ?? ''),
        )
      }
      for (const select of [from, to, off]) select.addEventListener('change', () => void find())
      answer.replaceChildren(
        h('p', {}, 'Choose two nodes: the way from one to the other is told hop by hop.'),
      )
    },
  }
}
