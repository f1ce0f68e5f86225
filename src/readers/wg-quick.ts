import { type Diagnostic, type Result, resultOf, type Span } from '../diagnostics/index.js'
import { attachComments, type Line, withoutMarks } from './comments.js'
import type { Comment, TunnelEntry, TunnelFile, TunnelSection } from './tunnel-file.js'

/** Keys that wg-quick(8) keeps for itself: it takes them without a value too. */
const quickKeys = new Set(
  ['address', 'dns', 'mtu', 'table', 'saveconfig'].concat('preup', 'postup', 'predown', 'postdown'),
)
/** What it hands on to wg(8). */
const interfaceKeys = new Set(['privatekey', 'listenport', 'fwmark'])
const peerKeys = new Set(['publickey', 'presharedkey', 'allowedips', 'endpoint', 'persistentkeepalive'])

const numbers: Readonly<Record<string, RegExp>> = {
  listenport: /^\d+$/,
  persistentkeepalive: /^(off|\d{1,5})$/i,
}

const largest = 8 * 1024 * 1024
const mostTold = 20

interface OpenSection {
  readonly kind: TunnelSection['kind']
  readonly span: Span
  readonly entries: TunnelEntry[]
}

/**
 * Reads a file for wg-quick(8). What wg or wg-quick refuse is refused here, and what they take is taken: empty
 * values of wg-quick's own keys, `[PEER ]`, several `[Interface]`, any case.
 */
export const readWgQuick = (file: string, text: string): Result<TunnelFile> => {
  const diagnostics: Diagnostic[] = []
  const refuse = (message: string, span: Span, hint: string): void => {
    if (diagnostics.length < mostTold)
      diagnostics.push({ severity: 'error', code: 'import-syntax', message, span, hint })
  }
  const raws = text.length > largest ? [] : text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (text.length > largest)
    refuse('the file is far too large for wg-quick', spanIn(file, 0, ''), 'give a file of /etc/wireguard')
  const other = otherFormat(file, raws)
  if (other) return resultOf([other], () => empty(file))
  const sections: OpenSection[] = []
  const lines: Line[] = []
  let number = -1
  for (const [index, raw] of raws.entries()) {
    const span = spanIn(file, index, raw)
    const hash = raw.indexOf('#')
    const line = (hash < 0 ? raw : raw.slice(0, hash)).trim()
    const comment = hash < 0 ? null : withoutMarks(raw.slice(hash))
    const header = /^\[(interface|peer)\]$/.exec(line.replace(/\s/g, '').toLowerCase())?.[1]
    if (header === 'interface' || header === 'peer') {
      // A second [Interface] goes on with the first.
      number = header === 'peer' ? -1 : sections.findIndex(({ kind }) => kind === 'interface')
      if (number < 0) number = sections.push({ kind: header, span, entries: [] }) - 1
    } else if (line !== '') takeLine(line, span, sections[number] ?? null, refuse)
    const section = number < 0 ? null : number
    lines.push({
      header: header !== undefined,
      key: keyIn(line),
      section,
      comment,
      blank: raw.trim() === '',
      span,
    })
  }
  if (diagnostics.length === 0 && !sections.some(({ kind }) => kind === 'interface')) {
    const message = 'the file is not one for wg-quick, with one [Interface]'
    const hint = 'give the /etc/wireguard/<mesh>.conf of each node, and a master file to "import vwgen"'
    diagnostics.push({
      severity: 'error',
      code: 'import-kind',
      message,
      span: spanIn(file, 0, raws[0] ?? ''),
      hint,
    })
  }
  return resultOf(diagnostics, () => {
    const attached = attachComments(lines, sections.length)
    return {
      ...empty(file),
      keyFile: keyFileIn(sections),
      sections: sections.map((section, index) => ({
        ...section,
        above: attached.above[index] as readonly Comment[],
        inside: attached.inside[index] as readonly Comment[],
      })),
      comments: attached.all,
    }
  })
}

const takeLine = (
  line: string,
  span: Span,
  section: OpenSection | null,
  refuse: (message: string, span: Span, hint: string) => void,
): void => {
  const equals = line.indexOf('=')
  const name = line.slice(0, Math.max(0, equals)).trimEnd()
  const key = name.toLowerCase()
  const value = equals < 0 ? '' : line.slice(equals + 1).trimStart()
  const quick = section?.kind === 'interface' && quickKeys.has(key)
  if (!section) refuse('the line stands before [Interface]', span, 'begin the file with [Interface]')
  else if (!quick && !(section.kind === 'peer' ? peerKeys : interfaceKeys).has(key))
    refuse('wg-quick does not know the line', span, 'correct it, or delete it where it does nothing')
  else if (value === '' && !quick) refuse(`${name} has no value`, span, 'write its value, or delete the line')
  else if (numbers[key]?.test(value) === false)
    refuse(`${name} = ${value} is no number that wg takes`, span, 'write a number, or delete the line')
  // wg(8) reads its own lines without any blanks.
  else if (value !== '') section.entries.push({ key, value: quick ? value : value.replace(/\s/g, ''), span })
}

/** `wg set %i private-key FILE`, as wg-quick(8) advises for keys that are not in the file. */
const keyFileIn = (sections: readonly OpenSection[]): string | null => {
  const entries = sections.flatMap(({ entries }) => entries)
  if (entries.some(({ key }) => key === 'privatekey')) return null
  const set = /\bwg set \S+ private-key (?:<\(\s*cat )?([^\s;&|)]+)/
  return (
    entries.map(({ key, value }) => (key.startsWith('p') ? set.exec(value)?.[1] : undefined)).find(Boolean) ??
    null
  )
}

const keyIn = (line: string): string | null => {
  const equals = line.indexOf('=')
  const name = equals < 0 ? line : line.slice(0, equals).trimEnd()
  return line === '' || line.startsWith('[') ? null : name.toLowerCase()
}

/** What is told of once and not line by line. */
const otherFormat = (file: string, lines: readonly string[]): Diagnostic | null => {
  const kind = (what: string, hint: string): Diagnostic => ({
    severity: 'error',
    code: 'import-kind',
    message: `the file is ${what}, not one of wg-quick`,
    span: spanIn(file, 0, ''),
    hint,
  })
  const first = lines.find(line => /^\s*[^\s#;]/.test(line))?.trim() ?? ''
  if (/^network\s*:/.test(first))
    return kind('one of netplan', 'write "import netplan" and the files of each node')
  if (lines.some(line => /^\s*(AddressPoolIPv[46]|VxlanID)\s*=|^\s*\[Node\./.test(line)))
    return kind('a master file of vwgen', 'write "import vwgen" and this file')
  if (/^\[(NetDev|Match|Network|WireGuard|WireGuardPeer)\]/.test(first))
    return kind(
      'one of systemd-networkd',
      'write "import networkd" and the .netdev and .network files of each node',
    )
  return null
}

const empty = (file: string): TunnelFile => ({
  file,
  name: null,
  sections: [],
  comments: [],
  keyFile: null,
  missing: [],
  devices: [],
  routes: [],
  rest: [],
})

const spanIn = (file: string, index: number, line: string): Span => ({
  file,
  line: index + 1,
  column: 1,
  length: Math.max(1, line.trimEnd().length),
})
