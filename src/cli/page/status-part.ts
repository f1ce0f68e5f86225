/// <reference lib="dom" />
import type { FleetFinding } from '../../fleet/index.js'
import type { Ask } from './ask.js'
import { dropZone, h, listOf } from './dom.js'
import type { PicturePart } from './picture-part.js'
import type { ReportFile } from './protocol.js'
import type { Taking } from './tabs.js'

/** A report of a node with a thousand peers is half a megabyte. */
const largest = 16 * 1024 * 1024

const findingOf = ({ cause, message, hint, explains }: FleetFinding): HTMLElement =>
  h(
    'li',
    { 'data-cause': cause },
    h('b', {}, message),
    h('br'),
    `What to do: ${hint}.`,
    explains.length > 0 &&
      h('details', {}, h('summary', {}, `What follows from it: ${explains.length}`), listOf(explains, '')),
  )

/** What is wrong with the nodes, by the reports that are dropped here: in words, and on the picture. */
export const statusPart = (ask: Ask, picture: PicturePart): Taking => {
  const answer = h('div', { 'aria-live': 'polite' })
  let held: readonly ReportFile[] = []
  let refused: readonly string[] = []
  let [stale, turn, count] = [false, 0, 0]
  const judge = async (): Promise<void> => {
    stale = false
    const mine = ++turn
    if (count === 0) {
      answer.replaceChildren(h('p', { class: 'bad' }, 'There is no mesh yet: mesh.ini has errors.'))
      return
    }
    answer.replaceChildren(h('p', {}, 'reading the reports …'))
    const { findings, faults, heard, mute } = await ask('status', held)
    if (mine !== turn) return
    const wrong = [...refused, ...faults]
    const sound = findings.length === 0 && wrong.length === 0
    answer.replaceChildren(
      h(
        'div',
        {},
        h(
          'p',
          { class: sound ? 'good' : 'bad', id: 'state' },
          `${count} nodes, ${heard} with a report, ${findings.length === 0 ? 'nothing' : findings.length} wrong.`,
        ),
        wrong.length > 0 && listOf(wrong, ''),
        findings.length > 0 && h('ol', { class: 'findings' }, ...findings.map(findingOf)),
        mute.length > 0 && h('p', {}, `Not looked at: ${mute.join(', ')}, without apply.sh.`),
        h(
          'p',
          {},
          'Not looked at: whether the nodes run the files of this mesh.ini, whose sums need its keys. "ciab-gen status" does that.',
        ),
        findings.length > 0 && h('div', { class: 'picture' }, picture.troubled(findings) ?? ''),
      ),
    )
  }
  const take = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return
    const mine = ++turn
    const bad: string[] = []
    const read: ReportFile[] = []
    for (const file of files) {
      if (file.size > largest) {
        bad.push(`${file.name} is no report of a node: it is far too large`)
        continue
      }
      try {
        read.push({
          file: file.name,
          at: Math.floor(file.lastModified / 1000),
          text: await file.text(),
        })
      } catch {
        bad.push(`${file.name} cannot be read: drop the files, not their directory`)
      }
    }
    if (mine !== turn) return
    ;[held, refused] = [read, bad]
    await judge()
  }
  return {
    title: 'Status',
    element: h(
      'div',
      {},
      dropZone(
        'reports',
        'Drop what apply.sh --status --json said on the nodes here, all files at once, or choose them: ',
        { multiple: true, accept: '.json' },
        files => void take(files),
      ),
      answer,
    ),
    show: mesh => {
      count = mesh.nodes.length
      stale = held.length > 0 || refused.length > 0
    },
    open: () => {
      if (stale) void judge()
    },
    take: files => void take(files),
  }
}
