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
  for (const [index, line] of lines.entries()) {
    if (line.comment === null) continue
    const comment = commentOf(line)
    all.push(comment)
    if (line.header || line.key !== null) {
      if (line.section !== null) inside[line.section]?.push(comment)
      continue
    }
    const next = headedBy(lines, index)
    if (next === null || closing.test(line.comment)) {
      if (line.section !== null) inside[line.section]?.push(comment)
    } else above[next]?.push(comment)
  }
  return { above, inside, all }
}

/** The section whose heading a comment on a line of its own is, or `null`. */
const headedBy = (lines: readonly Line[], index: number): number | null => {
  let after = index + 1
  while (lines[after]?.comment != null && isAlone(lines[after])) after++
  let gapAfter = 0
  while (lines[after]?.blank) {
    after++
    gapAfter++
  }
  // Another block of comments, or an entry, stands between it and the next header.
  if (!lines[after]?.header) return null
  let before = index - 1
  while (before >= 0 && isAlone(lines[before])) before--
  const beneathEntry = before >= 0 && !lines[before]?.blank
  if (beneathEntry && gapAfter > 0) return null
  return lines[after]?.section ?? null
}

const isAlone = (line: Line | undefined): boolean =>
  line !== undefined && line.comment !== null && !line.header && line.key === null
