import type { Span } from '../diagnostics/index.js'
import { type Line, withoutMarks } from './comments.js'

/** A section of systemd.syntax(7), its keys as written, a key as often as it stands. */
export interface UnitSection {
  readonly header: string
  readonly span: Span
  readonly entries: readonly { readonly key: string; readonly value: string; readonly span: Span }[]
}

/** Reads a file of systemd's: sections, keys, and comments on lines of their own. */
export const readUnit = (
  file: string,
  text: string,
): { readonly sections: readonly UnitSection[]; readonly lines: readonly Line[] } => {
  const sections: { header: string; span: Span; entries: { key: string; value: string; span: Span }[] }[] = []
  const lines: Line[] = []
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim()
    const span = { file, line: index + 1, column: 1, length: Math.max(1, raw.trimEnd().length) }
    const comment = /^[#;]/.test(line) ? withoutMarks(line) : null
    const header = /^\[(.+)\]$/.exec(line)?.[1]
    const equals = line.indexOf('=')
    const key =
      comment === null && header === undefined && equals > 0 ? line.slice(0, equals).trimEnd() : null
    if (header !== undefined) sections.push({ header, span, entries: [] })
    else if (key !== null) sections.at(-1)?.entries.push({ key, value: line.slice(equals + 1).trim(), span })
    const section = sections.length === 0 ? null : sections.length - 1
    lines.push({ header: header !== undefined, key, section, comment, blank: line === '', span })
  }
  return { sections, lines }
}

/** All values of a key; an empty one forgets those before it (systemd.syntax(7)). */
export const unitValues = ({ entries }: UnitSection, key: string): string[] => {
  const values = entries.filter(entry => entry.key === key).map(({ value }) => value)
  return values.slice(values.lastIndexOf('') + 1)
}
