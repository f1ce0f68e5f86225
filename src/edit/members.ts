import type { ScannedEntry } from '../parse/scan.js'
import { type Lines, lineAt, placeOf, spliced } from './lines.js'

/** The comma-separated members of a line's value. */
export const membersOf = (entry: ScannedEntry): string[] => entry.value.split(',').map(part => part.trim())

/** The text with one more member at the end of a line's value, its quotes and trailing comment kept. */
export const withMember = (read: Lines, entry: ScannedEntry, name: string): string => {
  const { column, length } = placeOf(read, entry)
  const quoted = /["']$/.test(lineAt(read, entry.index).slice(0, column + length)) ? 1 : 0
  return spliced(read, entry.index, column + length - quoted, 0, `, ${name}`)
}

/** A member without blanks and the quotes that may stand at the ends of the whole list. */
const unquoted = (part: string): string =>
  part
    .trim()
    .replace(/^["']|["']$/g, '')
    .trim()

/** Where a member stands in its line; `null` where it is written with escapes. */
export const memberIn = (read: Lines, entry: ScannedEntry, name: string) => {
  const { column, length } = placeOf(read, entry)
  const parts = lineAt(read, entry.index)
    .slice(column, column + length)
    .split(',')
  const index = parts.findIndex(part => unquoted(part) === name)
  if (index < 0) return null
  const from = column + parts.slice(0, index).join(',').length + (index > 0 ? 1 : 0)
  const part = parts[index] as string
  const start = from + part.indexOf(name)
  return { index, from, start, end: from + part.length }
}

/** The text with a member, and the comma that it needs, left out of a line. */
export const withoutMember = (read: Lines, entry: ScannedEntry, name: string): string => {
  const member = memberIn(read, entry, name)
  const others = membersOf(entry).filter(other => other !== name)
  if (!member) return rewritten(read, entry, others)
  const { index, from, start, end } = member
  const line = lineAt(read, entry.index)
  // Behind another member its comma goes with it, and a closing quote stays.
  if (index > 0) {
    const rest = line.slice(start + name.length, end).trim()
    return spliced(read, entry.index, from - 1, end - from + 1, rest)
  }
  const next = end + 1 + (line.slice(end + 1).match(/^\s*/)?.[0].length ?? 0)
  return spliced(read, entry.index, start, next - start, '')
}

/** The text with a line's members written anew. */
export const rewritten = (read: Lines, entry: ScannedEntry, members: readonly string[]): string => {
  const { column, length } = placeOf(read, entry)
  return spliced(read, entry.index, column, length, members.join(', '))
}
