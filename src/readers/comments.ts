import type { Span } from '../diagnostics/index.js'
import type { Comment } from './tunnel-file.js'

/** A line of a file in sections, as far as comments go. */
export interface Line {
  readonly header: boolean
  readonly key: string | null
  /** The section that it stands in or opens, by its number. */
  readonly section: number | null
  readonly comment: string | null
  readonly blank: boolean
  readonly span: Span
}

const mark = /[#;\s]/

/** A comment without its marks: `### begin a ###` is `begin a`. In one pass, however long a line somebody else wrote. */
export const withoutMarks = (raw: string): string => {
  let [from, to] = [0, raw.length]
  while (from < to && mark.test(raw.charAt(from))) from++
  while (to > from && mark.test(raw.charAt(to - 1))) to--
  return raw.slice(from, to)
}

/** Comments that end what another began are not the next section's. */
const closing = /^end([_ ]|$)/i

/**
 * To which section a comment belongs. One between two sections is the nearer one's; as near to both, it is the next one's,
 * for it is a heading then. What closes a section, `END_PEER a`, stays with it.
 */
export const attachComments = (
  lines: readonly Line[],
  sections: number,
): { readonly above: Comment[][]; readonly inside: Comment[][]; readonly all: Comment[] } => {
  const above = Array.from({ length: sections }, (): Comment[] => [])
  const inside = Array.from({ length: sections }, (): Comment[] => [])
  const all: Comment[] = []
  const commentOf = ({ comment, header, key, span }: Line): Comment => ({
    text: comment as string,
    behind: header ? 'header' : key,
    span,
  })
  let block: { readonly end: number; readonly heads: number | null } = { end: 0, heads: null }
  for (const [index, line] of lines.entries()) {
    if (isAlone(line) && index >= block.end) block = blockFrom(lines, index)
    if (line.comment === null) continue
    const comment = commentOf(line)
    all.push(comment)
    if (line.header || line.key !== null) {
      if (line.section !== null) inside[line.section]?.push(comment)
      continue
    }
    const next = block.heads
    if (next === null || closing.test(line.comment)) {
      if (line.section !== null) inside[line.section]?.push(comment)
    } else above[next]?.push(comment)
  }
  return { above, inside, all }
}

/** Comments on lines of their own, from their first to behind their last, and the section whose heading they are, or `null`. */
const blockFrom = (lines: readonly Line[], start: number): { end: number; heads: number | null } => {
  let end = start
  while (isAlone(lines[end])) end++
  let after = end
  while (lines[after]?.blank) after++
  // Another block of comments, or an entry, stands between it and the next header.
  if (!lines[after]?.header) return { end, heads: null }
  const beneathEntry = start > 0 && !lines[start - 1]?.blank
  return { end, heads: beneathEntry && after > end ? null : (lines[after]?.section ?? null) }
}

const isAlone = (line: Line | undefined): boolean =>
  line !== undefined && line.comment !== null && !line.header && line.key === null
