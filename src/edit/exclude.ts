import { type Result, resultOf } from '../diagnostics/index.js'
import type { ScannedEntry } from '../parse/scan.js'
import { setKey } from './keys.js'
import { inserted, isBlank, type Lines, lineAt, linesOf, sectionOf, without } from './lines.js'
import { membersOf, withMember, withoutMember } from './members.js'

const header = 'exclude'

/** Whether `[exclude]` keeps two nodes from peering, whichever of them it names first. */
export const isExcluded = (text: string, one: string, other: string): boolean =>
  entriesIn(linesOf(text)).some(entry => says(entry, one, other) || says(entry, other, one))

/** The text with a node excluded from others, on its own line of `[exclude]`; what is said already stays. */
export const addExclusions = (text: string, node: string, others: readonly string[]): Result<string> => {
  const news = others.filter(other => !isExcluded(text, node, other))
  const own = entriesIn(linesOf(text)).filter(entry => entry.key === node)
  const last = own.at(-1)
  if (news.length === 0) return resultOf([], () => text)
  if (!last) return setKey(text, header, node, [news.join(', ')])
  return resultOf([], () =>
    news.reduce((changed, other) => {
      const read = linesOf(changed)
      const line = entriesIn(read).findLast(entry => entry.key === node) as ScannedEntry
      return line.list ? likeItself(read, line, other) : withMember(read, line, other)
    }, text),
  )
}

/** The text with a node no longer excluded from others; a section that is left bare goes too. */
export const removeExclusions = (text: string, node: string, others: readonly string[]): string => {
  const left = others.reduce(
    (changed, other) => withoutPair(withoutPair(changed, node, other), other, node),
    text,
  )
  return left === text ? text : withoutBareSection(left)
}

const entriesIn = (read: Lines): readonly ScannedEntry[] => sectionOf(read, header)?.entries ?? []

const says = (entry: ScannedEntry, key: string, member: string): boolean =>
  entry.key === key && membersOf(entry).includes(member)

const withoutPair = (text: string, key: string, member: string): string => {
  const read = linesOf(text)
  const entry = entriesIn(read).find(entry => says(entry, key, member))
  if (!entry) return text
  const alone = membersOf(entry).every(other => other === member)
  const left = alone ? without(read, new Set([entry.index])) : withoutMember(read, entry, member)
  return withoutPair(left, key, member)
}

/** A `key[] = value` line once more, with another value. */
const likeItself = (read: Lines, entry: ScannedEntry, value: string): string => {
  const line = lineAt(read, entry.index)
  return inserted(read, entry.index, `${line.slice(0, line.indexOf('=') + 1)} ${value}`)
}

/** A header followed by nothing of its own, and the blank line that set it apart. */
const withoutBareSection = (text: string): string => {
  const read = linesOf(text)
  const section = sectionOf(read, header)
  if (!section || section.entries.length > 0) return text
  const below = read.lines.slice(section.index + 1).find(line => !isBlank(line))
  if (below !== undefined && !/^\s*\[/.test(below)) return text
  const dropped = new Set([section.index])
  if (isBlank(read.lines[section.index - 1])) dropped.add(section.index - 1)
  return without(read, dropped)
}
