import { type Result, resultOf } from '../diagnostics/index.js'
import { renameInExpect } from './expectations.js'
import { setKey } from './keys.js'
import {
  isBlank,
  isComment,
  type Lines,
  lineAt,
  lineEndIn,
  linesOf,
  sectionOf,
  spliced,
  without,
} from './lines.js'
import { forgetNode, renameMentions } from './mentions.js'
import { written } from './value.js'

/** Keys and values of a new section, in the order they are written. */
export type Entries = readonly (readonly [key: string, value: string])[]

/** Width that keys of a new node are padded to: the longest one `add-node` writes. */
const keyWidth = 'public-key'.length

/** A section about a machine. */
export type Machine = 'node' | 'client'

/** The text with a `[node NAME]` or `[client NAME]` section at its end, after one blank line. */
export const appendNode = (
  text: string,
  name: string,
  entries: Entries,
  kind: Machine = 'node',
): Result<string> => {
  const end = lineEndIn(text)
  const block = [`[${kind} ${name}]`]
  for (const [key, value] of entries) {
    const line = written(key, value)
    if (!line.ok) return line
    block.push(`${key.padEnd(keyWidth)} = ${line.value}`)
  }
  const section = block.join(end)
  if (text === '') return resultOf([], () => section + end)
  // A file without a final line end keeps that habit, so that removing the node restores it.
  return resultOf([], () =>
    text.endsWith('\n') ? `${text}${end}${section}${end}` : `${text}${end}${end}${section}`,
  )
}

/**
 * The text without a node or client: its section with the comments directly above it, and every mention of it.
 * Where it had the highest id, `next-id` is left behind so that its addresses go to nobody else.
 */
export const removeNode = (text: string, name: string, kind: Machine = 'node'): Result<string> => {
  const read = linesOf(text)
  const section = sectionOf(read, `${kind} ${name}`)
  if (!section) return resultOf([], () => text)
  const [first, last] = blockOf(read, section.index)
  const dropped = new Set(spareBlank(read, first, last))
  for (let index = first; index <= last; index++) dropped.add(index)
  const highest = highestId(read)
  const left = without(read, dropped)
  const shorter = kind === 'node' ? forgetNode(left, name) : left
  if (highest === null || idOf(read, kind, name) !== highest || nextIdKey(read) > highest)
    return resultOf([], () => shorter)
  return setKey(shorter, 'mesh', 'next-id', [`${highest + 1}`])
}

/** The text with a node or client renamed wherever it is named. */
export const renameNode = (text: string, from: string, to: string, kind: Machine = 'node'): string => {
  const read = linesOf(text)
  const section = sectionOf(read, `${kind} ${from}`)
  if (!section) return text
  const line = lineAt(read, section.index)
  const column = line.indexOf(from, line.indexOf(kind) + kind.length)
  const renamed = spliced(read, section.index, column, from.length, to)
  return kind === 'node' ? renameMentions(renamed, from, to) : renameInExpect(renamed, kind, from, to)
}

/** The id `add-node` gives: one more than the highest there is, and than any that was given away. */
export const nextId = (text: string): number => {
  const read = linesOf(text)
  return Math.max((highestId(read) ?? 0) + 1, nextIdKey(read))
}

/** Names of the nodes as written, in order; hostile text included. */
export const nodeNames = (text: string): string[] => machineNames(text, ['node'])

/** The same of all kinds, or of some: of whoever has a key. */
export const machineNames = (text: string, kinds: readonly Machine[] = ['node', 'client']): string[] =>
  linesOf(text).sections.flatMap(({ header }) => {
    const kind = kinds.find(kind => header.startsWith(`${kind} `))
    return kind ? [header.slice(kind.length + 1)] : []
  })

/** Of two blank lines that would meet, or one that would open or end the file, the one to drop. */
const spareBlank = ({ lines }: Lines, first: number, last: number): number[] => {
  const below = last + 1 === lines.length || isBlank(lines[last + 1])
  if (isBlank(lines[first - 1]) && below) return [first - 1]
  return first === 0 && isBlank(lines[last + 1]) ? [last + 1] : []
}

/** First and last line of a section, comments above and directly below included. */
const blockOf = (read: Lines, header: number): [first: number, last: number] => {
  let first = header
  while (isComment(read.lines[first - 1])) first--
  const entries = read.sections.find(section => section.index === header)?.entries ?? []
  let last = entries.at(-1)?.index ?? header
  let end = last
  while (isComment(read.lines[end + 1])) end++
  // Comments that touch the next header are about what comes next.
  if (!/^\s*\[/.test(read.lines[end + 1] ?? '')) last = end
  return [first, last]
}

const numberIn = (read: Lines, header: string, key: string): number | null => {
  const value = sectionOf(read, header)?.entries.find(entry => entry.key === key)?.value ?? ''
  return /^[0-9]{1,9}$/.test(value) ? Number(value) : null
}

const idOf = (read: Lines, kind: Machine, name: string): number | null =>
  numberIn(read, `${kind} ${name}`, 'id')
const nextIdKey = (read: Lines): number => numberIn(read, 'mesh', 'next-id') ?? 0

const highestId = (read: Lines): number | null => {
  let highest: number | null = null
  for (const { header, entries } of read.sections) {
    const value = /^(node|client) /.test(header)
      ? entries.find(entry => entry.key === 'id')?.value
      : undefined
    if (value !== undefined && /^[0-9]{1,9}$/.test(value)) highest = Math.max(highest ?? 0, Number(value))
  }
  return highest
}
