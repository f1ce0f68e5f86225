import { linesOf, placeOf, spliced } from './lines.js'

/**
 * The text with a node or client called otherwise in every line of `[expect]`: `node NAME`, `NAME/INTERFACE` and
 * `client NAME`. Lines about one that goes stay: what was expected of it is for its author to decide.
 */
export const renameInExpect = (text: string, kind: 'node' | 'client', from: string, to: string): string => {
  const read = linesOf(text)
  const name = from.replace(/[^\w-]/g, '\\$&')
  const named = new RegExp(`(^|[\\s,>"'])(${kind}\\s+)${name}(?![\\w-])`, 'g')
  const before = new RegExp(`(^|[\\s,>"'])${name}(?=/)`, 'g')
  let renamed = text
  for (const entry of read.sections.find(({ header }) => header === 'expect')?.entries ?? []) {
    const lines = linesOf(renamed)
    const { column, length } = placeOf(lines, entry)
    const old = (lines.lines[entry.index] as string).slice(column, column + length)
    const word = old.replace(named, `$1$2${to}`)
    const value = kind === 'node' ? word.replace(before, `$1${to}`) : word
    if (value !== old) renamed = spliced(lines, entry.index, column, length, value)
  }
  return renamed
}
