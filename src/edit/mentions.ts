import { type Result, resultOf } from '../diagnostics/index.js'
import type { ScannedEntry } from '../parse/scan.js'
import { renameInExpect } from './expectations.js'
import { setKey } from './keys.js'
import { type Lines, linesOf, sectionOf, spliced, without } from './lines.js'
import { memberIn, membersOf, rewritten, withMember, withoutMember } from './members.js'

/** The text with a node left out of every `[exclude]` line, every list of nodes, the name servers and the clients. */
export const forgetNode = (text: string, name: string): string => {
  let left = text
  for (;;) {
    const read = linesOf(left)
    const found = mentioning(read).find(mention => names(mention, name))
    if (!found) return left
    const { entry } = found
    const alone = isKey(found, name) || membersOf(entry).every(member => member === name)
    if (!alone) left = withoutMember(read, entry, name)
    // Without its last line a segment or tenant would be on all nodes.
    else if (found.open) left = rewritten(read, entry, ['none'])
    else left = without(read, new Set([entry.index]))
  }
}

/** The text with a node called otherwise in `[exclude]`, every list of nodes, the name servers, the clients and `[expect]`. */
export const renameMentions = (text: string, from: string, to: string): string => {
  let renamed = text
  for (;;) {
    const read = linesOf(renamed)
    const found = mentioning(read).find(mention => names(mention, from))
    if (!found) return renameInExpect(renamed, 'node', from, to)
    const { entry } = found
    if (isKey(found, from)) renamed = spliced(read, entry.index, entry.keySpan.column - 1, from.length, to)
    else {
      const member = memberIn(read, entry, from)
      const list = membersOf(entry).map(name => (name === from ? to : name))
      renamed = member
        ? spliced(read, entry.index, member.start, from.length, to)
        : rewritten(read, entry, list)
    }
  }
}

/** The text with a node among the members of a group. */
export const joinGroup = (text: string, group: string, name: string): Result<string> => {
  const read = linesOf(text)
  const header = `group ${group}`
  const members = sectionOf(read, header)?.entries.filter(isMembers) ?? []
  const last = members.at(-1)
  if (last?.list) return setKey(text, header, 'members', [...members.map(entry => entry.value), name])
  if (!last || last.value === '') return setKey(text, header, 'members', [name])
  return resultOf([], () => withMember(read, last, name))
}

interface Mention {
  readonly entry: ScannedEntry
  /** In `[exclude]` the key names a node too. */
  readonly exclude: boolean
  /** Whether the section means all nodes without this line. */
  readonly open: boolean
}

const mentioning = ({ sections }: Lines): Mention[] =>
  sections.flatMap(({ header, entries }): Mention[] => {
    if (header === 'exclude') return entries.map(entry => ({ entry, exclude: true, open: false }))
    const [kind = ''] = header.split(' ')
    const key = { mesh: 'name-servers', group: 'members', segment: 'nodes', tenant: 'nodes', client: 'via' }[
      kind
    ]
    const lines = entries.filter(entry => entry.key === key)
    const open = key === 'nodes' && lines.length === 1
    return lines.map(entry => ({ entry, exclude: false, open }))
  })

const isMembers = ({ key }: ScannedEntry): boolean => key === 'members'
const isKey = ({ entry, exclude }: Mention, name: string): boolean => exclude && entry.key === name
const names = (mention: Mention, name: string): boolean =>
  isKey(mention, name) || membersOf(mention.entry).includes(name)
