import { type Code, codes, type Diagnostic, type Sources } from '../../diagnostics/index.js'

/** Warnings of one code, in the order of the file. */
export interface Kind {
  readonly code: Code
  readonly warnings: readonly Diagnostic[]
}

/** By code, each where the first of it is. */
export const kindsOf = (warnings: readonly Diagnostic[]): Kind[] => {
  const kinds = new Map<Code, Diagnostic[]>()
  for (const warning of warnings) {
    const alike = kinds.get(warning.code)
    if (alike) alike.push(warning)
    else kinds.set(warning.code, [warning])
  }
  return [...kinds].map(([code, warnings]) => ({ code, warnings }))
}

/** What the code means, and of which nodes or other sections it is said: `a pool that …: node1, node2 and [mesh]`. */
export const summaryOf = ({ code, warnings }: Kind, sources: Sources): string => {
  const where = [
    ...new Set(warnings.flatMap(({ about, span }) => about ?? (span ? sectionAt(span, sources) : []))),
  ]
  return where.length > 0
    ? `${codes[code].replace(/ \(warning\)$/, '')}: ${listed(where)}`
    : `${warnings[0]?.message} (and ${warnings.length - 1} more)`
}

/** Most that are named. */
const mostNamed = 20

const listed = (names: readonly string[]): string =>
  names.length > mostNamed
    ? `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
    : names.join(', ')

/** The node that a place is in, or the header of another section. */
const sectionAt = ({ file, line }: NonNullable<Diagnostic['span']>, sources: Sources): string[] => {
  const lines = linesOf(sources, file)
  for (let at = Math.min(line, lines.length) - 1; at >= 0; at--) {
    const header = /^\s*\[\s*([^\]]+?)\s*\]/.exec(lines[at] as string)?.[1]?.replace(/\s+/g, ' ')
    if (header !== undefined)
      return [header.startsWith('node ') ? header.slice('node '.length) : `[${header}]`]
  }
  return []
}

/** Taken apart once for all warnings about it. */
const linesOf = (sources: Sources, file: string): readonly string[] => {
  const known = taken.get(sources) ?? new Map<string, readonly string[]>()
  taken.set(sources, known)
  const lines =
    known.get(file) ?? (Object.hasOwn(sources, file) ? (sources[file] as string) : '').split(/\r?\n/)
  known.set(file, lines)
  return lines
}

const taken = new WeakMap<Sources, Map<string, readonly string[]>>()
