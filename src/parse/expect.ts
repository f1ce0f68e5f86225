import { type Diagnostic, nearest } from '../diagnostics/index.js'
import {
  type ExpectEnd,
  type ExpectFlow,
  type ExpectKeys,
  type ExpectKind,
  type ExpectLoss,
  type ExpectSpec,
  expectEndText,
  expectLossText,
  type Placed,
} from '../model/expect.js'
import {
  accepted,
  type Parsed,
  parseAddress,
  parseInterfaceName,
  parseLabel,
  parsePrefix,
  parseSegmentName,
  parseSiteName,
  parseTenantName,
  quoted,
  refused,
} from '../net/index.js'
import { type FieldsOf, list, many } from './fields.js'
import type { ScannedEntry, ScannedSection } from './scan.js'
import { readSection } from './section.js'

/** The kinds that are a word and a name. */
const words: Readonly<Record<string, (text: string) => Parsed<string>>> = {
  node: parseLabel,
  tenant: parseTenantName,
  segment: parseSegmentName,
  client: parseLabel,
  site: parseSiteName,
}

const vocabulary =
  'write node NAME, NAME/INTERFACE, lan NAME/INTERFACE, tenant NAME, segment NAME, client NAME, site NAME, internet, or an address'

/** One side of the arrow. */
export const expectEnd = (text: string): Parsed<ExpectEnd> => {
  const [word = '', ...rest] = text.split(/\s+/)
  if (text === 'internet') return accepted({ kind: 'internet', name: '', interface: null })
  if (rest.length === 0) return alone(text)
  const [name = '', ...more] = rest
  if (more.length > 0) return refused('expect-syntax', `${quoted(text)} has too many words`, vocabulary)
  const parse = Object.hasOwn(words, word) ? words[word] : undefined
  if (parse) {
    const read = parse(name)
    return read.ok ? accepted({ kind: word as ExpectKind, name: read.value, interface: null }) : read
  }
  if (word === 'lan') {
    const read = onNode(name)
    return read.ok ? accepted({ ...read.value, kind: 'lan' }) : read
  }
  const meant = nearest(word, [...Object.keys(words), 'lan'])
  return refused(
    'expect-syntax',
    `${quoted(word)} is nothing that packets come from or go to`,
    meant ? `did you mean "${meant} ${name}"?` : vocabulary,
  )
}

/** Without a blank in it: an address, or an interface of a node. */
const alone = (text: string): Parsed<ExpectEnd> => {
  if (/[.:]/.test(text) && /^[0-9a-f.:/]+$/i.test(text)) {
    const read = (text.includes('/') ? parsePrefix : parseAddress)(text) as Parsed<string>
    return read.ok ? accepted({ kind: 'address', name: read.value, interface: null }) : read
  }
  if (text.includes('/')) return onNode(text)
  const label = parseLabel(text)
  return refused(
    'expect-syntax',
    `${quoted(text)} does not say what it is`,
    label.ok ? `write node ${text}, client ${text} or tenant ${text}, for example` : vocabulary,
  )
}

const onNode = (text: string): Parsed<ExpectEnd> => {
  const [node = '', device = '', ...more] = text.split('/')
  if (more.length > 0 || device === '')
    return refused(
      'expect-syntax',
      `${quoted(text)} is not a node and an interface`,
      'write NAME/INTERFACE, such as node1/ciabbr0',
    )
  const [name, own] = [parseLabel(node), parseInterfaceName(device)]
  if (!name.ok) return name
  return own.ok ? accepted({ kind: 'interface', name: name.value, interface: own.value }) : own
}

/** Two ends with an arrow between them. */
const flow = (text: string): Parsed<readonly [ExpectEnd, ExpectEnd]> => {
  const sides = text.split('->').map(side => side.trim())
  const [left = '', right = ''] = sides
  if (sides.length !== 2 || left === '' || right === '' || left.endsWith('<'))
    return refused(
      'expect-syntax',
      `${quoted(text)} is not FROM -> TO`,
      left.endsWith('<')
        ? 'write a line for each direction'
        : 'write two ends with one arrow between, such as tenant blue -> tenant red',
    )
  const [from, to] = [expectEnd(left), expectEnd(right)]
  if (!from.ok) return from
  return to.ok ? accepted([from.value, to.value]) : to
}

/** What may be gone. */
const loss = (text: string): Parsed<ExpectLoss> => {
  const [word = '', name = '', ...more] = text.split(/\s+/)
  if (more.length === 0) {
    if (word === '1' && (name === 'node' || name === 'site'))
      return accepted({ kind: `any ${name}`, name: '' })
    if ((word === 'node' || word === 'site') && name !== '') {
      const read = (words[word] as (text: string) => Parsed<string>)(name)
      return read.ok ? accepted({ kind: word, name: read.value }) : read
    }
  }
  const several = /^[0-9]+$/.test(word) && /^(node|site)s?$/.test(name)
  return refused(
    'expect-syntax',
    several ? `${quoted(text)} is more than is tried` : `${quoted(text)} is nothing that can be gone`,
    several
      ? `write 1 ${name.replace(/s$/, '')}: any one at a time`
      : 'write 1 node, 1 site, node NAME or site NAME',
  )
}

const flowText = (text: string): Parsed<string> => {
  const read = flow(text)
  return read.ok ? accepted(read.value.map(expectEndText).join(' -> ')) : read
}

const lossText = (text: string): Parsed<string> => {
  const read = loss(text)
  return read.ok ? accepted(expectLossText(read.value)) : read
}

const each = (texts: readonly string[]): readonly string[] => texts

export const expectFields = {
  reach: many(list(flowText), each),
  isolate: many(list(flowText), each),
  survive: many(list(lossText), each),
} satisfies FieldsOf<ExpectKeys>

/** `[expect]` */
export const expectMeanings = {
  reach: {
    default: 'none',
    meaning: '`FROM -> TO`: packets pass, and their answers, between all of the one and all of the other',
  },
  isolate: { default: 'none', meaning: '`FROM -> TO`: no packet of the one arrives at the other' },
  survive: {
    default: 'none',
    meaning:
      '`1 node`, `1 site`, `node NAME` or `site NAME`: when these are gone, all others still reach each other as before; any one of them with `1`',
  },
} satisfies Readonly<Record<keyof ExpectKeys, { readonly default: string; readonly meaning: string }>>

/** Reads the section; what is wrong goes to `diagnostics`. */
export const readExpect = (section: ScannedSection, diagnostics: Diagnostic[]): ExpectSpec => {
  const before = diagnostics.length
  readSection<ExpectKeys>(section, expectFields, diagnostics)
  const whole = diagnostics.length === before
  const entries = (key: keyof ExpectKeys): ScannedEntry[] =>
    whole ? section.entries.filter(entry => entry.key === key) : []
  return {
    span: section.span,
    reach: entries('reach').flatMap(flowsIn),
    isolate: entries('isolate').flatMap(flowsIn),
    survive: entries('survive').flatMap(entry =>
      partsOf(entry, entry.value, 0, ',').flatMap(part => {
        const read = loss(part.value)
        return read.ok ? [{ value: read.value, span: part.span }] : []
      }),
    ),
  }
}

const flowsIn = (entry: ScannedEntry): ExpectFlow[] =>
  partsOf(entry, entry.value, 0, ',').flatMap(part => {
    const [from, to] = partsOf(entry, part.value, part.at, '->')
    const [left, right] = [from && expectEnd(from.value), to && expectEnd(to.value)]
    return from && to && left?.ok && right?.ok
      ? [
          {
            from: { value: left.value, span: from.span },
            to: { value: right.value, span: to.span },
            span: part.span,
          },
        ]
      : []
  })

/** Parts of a value, each with its own place; `at` is where in the value the text begins. */
const partsOf = (
  entry: ScannedEntry,
  text: string,
  at: number,
  between: string,
): (Placed<string> & { readonly at: number })[] => {
  // In quotes the text begins one further in.
  const quote = entry.valueSpan.length > entry.value.length ? 1 : 0
  let offset = at
  return text.split(between).map(part => {
    const value = part.trim()
    const start = offset + part.indexOf(value)
    offset += part.length + between.length
    const column = entry.valueSpan.column + quote + start
    return { value, at: start, span: { ...entry.valueSpan, column, length: Math.max(1, value.length) } }
  })
}
