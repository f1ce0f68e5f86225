import type { FileText } from '../../readers/index.js'
import { type Fact, shown } from './fact.js'

/** Lines that no reader takes: settings, by their key where they have one. `taken` are those that one did. */
export const lineFacts = (
  node: string,
  path: string,
  { file, text }: FileText,
  taken: ReadonlySet<number>,
): Fact[] =>
  text.split('\n').flatMap((raw, index): Fact[] => {
    const line = raw.trim()
    if (taken.has(index + 1) || line === '' || /^[#;!]/.test(line)) return []
    // Headers and keys that only hold others.
    if (/^\[.*\]$/.test(line) || /^-?\s*[\w./"-]*:?$/.test(line)) return []
    const [, key, value] = /^(?:- )?([\w.-]+)\s*[=:]\s*(.*)$/.exec(line) ?? []
    const own = key === undefined ? line : key
    return [
      {
        key: `line ${path} ${own}`,
        value: value ?? '',
        under: null,
        group: `line ${path}`,
        span: { file, line: index + 1, column: 1, length: Math.max(1, raw.trimEnd().length) },
        has: `${node}'s ${path} has "${shown(line)}"`,
        lacks: `${node}'s ${path} lacks "${shown(line)}"`,
      },
    ]
  })
