import { type Result, resultOf } from '../diagnostics/index.js'
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

/** The text with a `[node NAME]` section at its end, after one blank line. */
export const appendNode = (text: string, name: string, entries: Entries): Result<string> => {
  const end = lineEndIn(text)
  const block = [`[node ${name}]`]
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
 * The text without a node: its section with the comments directly above it, and every mention of it.
 * Where it had the highest id, `next-id` is left behind so that its addresses go to nobody else.
 */
export const removeNode = (text: string, name: string): Result<string> => {
  const read = linesOf(text)
  const section = sectionOf(read, `node ${name}`)
  if (!section) return resultOf([], () => text)
  const [first, last] = blockOf(read, section.index)
  const dropped = new Set(spareBlank(read, first, last))
  for (let index = first; index <= last; index++) dropped.add(index)
  const highest = highestId(read)
  const shorter = forgetNode(without(read, dropped), name)
  if (highest === null || idOf(read, name) !== highest || nextIdKey(read) > highest)
    return resultOf([], () => shorter)
  return setKey(shorter, 'mesh', 'next-id', [`${highest + 1}`])
}

/** The text with a node renamed wherever it is named. */
export const renameNode = (text: string, from: string, to: string): string => {
  const read = linesOf(text)
  const section = sectionOf(read, `node ${from}`)
  if (!section) return text
  const line = lineAt(read, section.index)
  const column = line.indexOf(from, line.indexOf('node') + 'node'.length)
  return renameMentions(spliced(read, section.index, column, from.length, to), from, to)
}

/** The id `add-node` gives: one more than the highest there is, and than any that was given away. */
export const nextId = (text: string): number => {
  const read = linesOf(text)
  return Math.max((highestId(read) ?? 0) + 1, nextIdKey(read))
}

/** Names of the nodes as written, in order; hostile text included. */
export const nodeNames = (text: string): string[] =>
  linesOf(text).sections.flatMap(({ header }) =>
    header.startsWith('node ') ? [header.slice('node '.length)] : [],
  )

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

const idOf = (read: Lines, name: string): number | null => numberIn(read, `node ${name}`, 'id')
const nextIdKey = (read: Lines): number => numberIn(read, 'mesh', 'next-id') ?? 0

const highestId = (read: Lines): number | null => {
  let highest: number | null = null
  for (const { header, entries } of read.sections) {
    const value = header.startsWith('node ') ? entries.find(entry => entry.key === 'id')?.value : undefined
    if (value !== undefined && /^[0-9]{1,9}$/.test(value)) highest = Math.max(highest ?? 0, Number(value))
  }
  return highest
}
