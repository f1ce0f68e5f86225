import { type Diagnostic, type Result, resultOf, type Span } from '../../diagnostics/index.js'
import type { Source } from '../../parse/parse.js'

/** One `Key = value` line. */
export interface WgEntry {
  /** In lower case: wg and wg-quick do not tell cases apart. */
  readonly key: string
  readonly value: string
  readonly span: Span
}

export interface WgSection {
  readonly kind: 'interface' | 'peer'
  readonly span: Span
  readonly entries: readonly WgEntry[]
  /** Comments in the section and, on the lines right above it, before it. */
  readonly comments: readonly string[]
}

export interface WgFile {
  readonly file: string
  readonly sections: readonly WgSection[]
  /** Every comment, in order, without its `#`. */
  readonly comments: readonly string[]
}

const interfaceKeys = new Set([
  ...['privatekey', 'listenport', 'fwmark', 'address', 'dns', 'mtu', 'table', 'saveconfig'],
  ...['preup', 'postup', 'predown', 'postdown'],
])
const peerKeys = new Set(['publickey', 'presharedkey', 'allowedips', 'endpoint', 'persistentkeepalive'])

const largest = 8 * 1024 * 1024

/** Reads the lines of a file for wg-quick(8). What wg or wg-quick would refuse is refused here too. */
export const readLines = ({ file, text }: Source): Result<WgFile> => {
  const diagnostics: Diagnostic[] = []
  const sections: { kind: WgSection['kind']; span: Span; entries: WgEntry[]; comments: string[] }[] = []
  const comments: string[] = []
  let above: string[] = []
  const refuse = (message: string, span: Span, hint: string): void => {
    if (diagnostics.length < 20)
      diagnostics.push({ severity: 'error', code: 'import-syntax', message, span, hint })
  }
  const lines = text.length > largest ? [] : text.split(/\r?\n/)
  if (text.length > largest)
    refuse('the file is far too large for wg-quick', spanIn(file, 0, ''), 'give a file of /etc/wireguard')
  lines.forEach((raw, index) => {
    const span = spanIn(file, index, raw)
    const hash = raw.indexOf('#')
    const line = (hash < 0 ? raw : raw.slice(0, hash)).trim()
    const comment =
      hash < 0
        ? null
        : raw
            .slice(hash + 1)
            .replace(/^#+/, '')
            .trim()
    const section = sections.at(-1)
    if (comment !== null) {
      comments.push(comment)
      above.push(comment)
    }
    if (line === '' && comment !== null) return
    const header = /^\[(\w+)\]$/.exec(line)?.[1]?.toLowerCase()
    if (header === 'interface' || header === 'peer') {
      sections.push({ kind: header, span, entries: [], comments: above })
      above = []
      return
    }
    // Comments with no header right below them belong to what they stand in.
    section?.comments.push(...above)
    above = []
    if (line === '') return
    const equals = line.indexOf('=')
    const name = line.slice(0, Math.max(0, equals)).trimEnd()
    const value = equals < 0 ? '' : line.slice(equals + 1).trimStart()
    const key = name.toLowerCase()
    const known = section?.kind === 'peer' ? peerKeys : interfaceKeys
    if (!section) refuse('the line stands before [Interface]', span, 'begin the file with [Interface]')
    else if (!known.has(key))
      refuse('wg-quick does not know the line', span, 'correct it, or delete it where it does nothing')
    else if (value === '') refuse(`${name} has no value`, span, 'write its value, or delete the line')
    else section.entries.push({ key, value, span })
  })
  if (diagnostics.length === 0 && sections.filter(({ kind }) => kind === 'interface').length !== 1) {
    const message = 'the file is not one for wg-quick, with one [Interface]'
    const hint = 'give the /etc/wireguard/<mesh>.conf of each node, and a master file to "import vwgen"'
    const span = spanIn(file, 0, text.split('\n')[0] ?? '')
    diagnostics.push({ severity: 'error', code: 'import-kind', message, span, hint })
  }
  return resultOf(diagnostics, () => ({ file, sections, comments }))
}

const spanIn = (file: string, index: number, line: string): Span => ({
  file,
  line: index + 1,
  column: 1,
  length: Math.max(1, line.trimEnd().length),
})

/** All values of a key, lists taken apart. */
export const valuesOf = (section: WgSection, key: string): string[] =>
  section.entries
    .filter(entry => entry.key === key)
    .flatMap(({ value }) => value.split(',').map(part => part.trim()))

export const lastValue = (section: WgSection, key: string): string | null =>
  section.entries.filter(entry => entry.key === key).at(-1)?.value ?? null
