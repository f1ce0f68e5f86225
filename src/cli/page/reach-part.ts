/// <reference lib="dom" />
import type { Ask } from './ask.js'
import { choice, h, listOf } from './dom.js'
import type { Reach } from './protocol.js'
import type { Part } from './tabs.js'

const nobody = 'all nodes are on'
const meanings: Readonly<Record<string, string>> = {
  y: 'reaches all networks of',
  n: 'reaches no network of',
  s: 'reaches some networks of',
  '.': 'is off, or is asked of one that is off:',
  ' ': 'has nothing to reach at',
}
/** Edge of a node's field. */
const field = (nodes: number): number => (nodes <= 40 ? 22 : nodes <= 120 ? 8 : 4)

/** Who reaches whom, by what `verify` reads in the files, and what is lost where a node is off. */
export const reachPart = (ask: Ask): Part => {
  const element = h('div')
  const answer = h('div')
  let [stale, names] = [true, [] as readonly string[]]
  let select = h('select')
  const open = async (): Promise<void> => {
    if (!stale) return
    stale = false
    const off = select.value === nobody ? [] : [select.value]
    answer.replaceChildren(h('p', { role: 'status' }, 'reading the files of all nodes …'))
    const reach = await ask('reach', off)
    if (stale) return
    answer.replaceChildren(
      ...(off.length > 0
        ? [
            h('h2', {}, `Lost without ${off.join(' and ')}`),
            listOf(reach.lost, 'Nothing between the others.'),
          ]
        : []),
      matrix(reach),
      h('h2', {}, 'Findings'),
      listOf(reach.findings, 'The files fit together.'),
      h(
        'details',
        {},
        h('summary', {}, 'What is not looked at'),
        listOf([...new Set(reach.unread.filter(line => !line.includes('its private key is not')))], ''),
      ),
    )
  }
  return {
    title: 'Reach',
    element,
    open: () => void open(),
    show: mesh => {
      stale = true
      names = mesh.nodes.map(({ name }) => name)
      const [label, made] = choice('Switch off:', [nobody, ...names], nobody)
      select = made
      select.id = 'off'
      select.addEventListener('change', () => {
        stale = true
        void open()
      })
      element.replaceChildren(h('p', {}, label), answer)
    },
  }
}

/** One element, whatever the number of nodes: a canvas, with what it says in words under the pointer and by arrows. */
const matrix = ({ nodes, rows }: Reach): HTMLElement => {
  const edge = field(nodes.length)
  const names = nodes.length <= 40
  const room = names ? 16 + 7.3 * Math.max(...nodes.map(name => short(name).length)) : 0
  const size = room + edge * nodes.length
  const canvas = h('canvas', { width: size, height: size, tabindex: 0, role: 'img', class: 'matrix' })
  const said = h(
    'p',
    { role: 'status', class: 'said' },
    'Point at a field, or go with the arrows: a row reaches a column.',
  )
  const count = (letter: string): number => rows.reduce((sum, row) => sum + row.split(letter).length - 1, 0)
  canvas.setAttribute(
    'aria-label',
    `who reaches whom: ${count('y')} pairs all networks, ${count('s')} some, ${count('n')} none`,
  )
  const look = getComputedStyle(document.body)
  const colors: Readonly<Record<string, string>> = {
    y: look.getPropertyValue('--yes'),
    n: look.getPropertyValue('--no'),
    s: look.getPropertyValue('--some'),
    '-': look.getPropertyValue('--line'),
    '.': look.getPropertyValue('--off'),
    ' ': 'transparent',
  }
  const paint = canvas.getContext('2d')
  /** Not by color alone. */
  const strike = (on: CanvasRenderingContext2D, x: number, y: number): void => {
    on.strokeStyle = look.getPropertyValue('--paper')
    on.beginPath()
    on.moveTo(room + x * edge + 5, room + y * edge + 5)
    on.lineTo(room + x * edge + edge - 6, room + y * edge + edge - 6)
    on.stroke()
  }
  const draw = (): void => {
    if (!paint) return
    paint.clearRect(0, 0, size, size)
    paint.font = '12px monospace'
    paint.textBaseline = 'middle'
    const gap = edge > 4 ? 1 : 0
    rows.forEach((row, y) => {
      for (const { letter, from, length } of runsOf(row)) {
        paint.fillStyle = colors[letter] ?? 'transparent'
        // Without gaps a run is one field; of 200 nodes there are 40,000 otherwise.
        if (gap === 0) paint.fillRect(room + from * edge, room + y * edge, length * edge, edge)
        else
          for (let x = from; x < from + length; x++) {
            paint.fillRect(room + x * edge, room + y * edge, edge - gap, edge - gap)
            if (letter === 'n' && edge > 8) strike(paint, x, y)
          }
      }
      if (!names) return
      paint.fillStyle = look.getPropertyValue('--ink')
      paint.textAlign = 'right'
      paint.fillText(short(nodes[y] ?? ''), room - 6, room + y * edge + edge / 2)
      paint.save()
      paint.translate(room + y * edge + edge / 2, room - 6)
      paint.rotate(-Math.PI / 2)
      paint.textAlign = 'left'
      paint.fillText(short(nodes[y] ?? ''), 0, 0)
      paint.restore()
    })
  }
  draw()
  let [x, y] = [0, 0]
  const say = (): void => {
    const letter = rows[y]?.[x] ?? ' '
    said.textContent = letter === '-' ? `${nodes[y]} itself` : `${nodes[y]} ${meanings[letter]} ${nodes[x]}`
  }
  canvas.addEventListener('mousemove', event => {
    const at = (pixel: number): number => Math.floor((pixel - room) / edge)
    ;[x, y] = [at(event.offsetX), at(event.offsetY)]
    if (rows[y]?.[x] !== undefined) say()
  })
  canvas.addEventListener('keydown', event => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key]
    if (!step) return
    event.preventDefault()
    x = Math.min(nodes.length - 1, Math.max(0, x + (step[0] ?? 0)))
    y = Math.min(nodes.length - 1, Math.max(0, y + (step[1] ?? 0)))
    say()
  })
  return h(
    'figure',
    {},
    h('figcaption', {}, `${count('y')} pairs reach all networks, ${count('s')} some, ${count('n')} none.`),
    h('div', { class: 'scroll' }, canvas),
    said,
  )
}

/** The same letter, as often as it stands in a row. */
const runsOf = (row: string): { letter: string; from: number; length: number }[] =>
  [...row.matchAll(/(.)\1*/g)].map(({ 0: run, 1: letter = ' ', index }) => ({
    letter,
    from: index,
    length: run.length,
  }))

const short = (name: string): string => (name.length > 15 ? `${name.slice(0, 7)}…${name.slice(-7)}` : name)
