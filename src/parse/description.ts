import { didYouMean, type Result, type Span } from '../diagnostics/index.js'
import type { MeshDescription } from '../model/description.js'
import type { MeshSpec } from '../model/spec.js'
import { quoted } from '../net/index.js'
import { expectFields } from './expect.js'
import type { Field } from './fields.js'
import { type GivenFault, isObject, isTexts, textsOf } from './given.js'
import { Reader } from './reader.js'
import { brief, mostFaults, type ScannedEntry, type ScannedSection } from './scan.js'
import {
  clientFields,
  groupFields,
  meshFields,
  nodeFields,
  segmentFields,
  targetFields,
  tenantFields,
} from './schema.js'
import { error, fieldOf } from './section.js'

/**
 * Reads a mesh that is given as typed objects as {@link parse} reads a text: the same keys, values checked by the
 * same parsers, and all that is wrong at once. The place of a diagnostic is a `field`: `nodes[1].endpoint`.
 *
 * Total: also what no type allows gives a spec or diagnostics.
 */
export const specOf = (description: MeshDescription): Result<MeshSpec> => new Described().read(description)

type Fields = Readonly<Record<string, Field<unknown>>>

/** The lists of a description: the kind of section that each member is, and its keys. */
const lists: Readonly<Record<string, readonly [kind: string, fields: Fields]>> = {
  groups: ['group', groupFields as Fields],
  nodes: ['node', nodeFields as Fields],
  clients: ['client', clientFields as Fields],
  segments: ['segment', segmentFields as Fields],
  tenants: ['tenant', tenantFields as Fields],
}

/** What there is once. */
const singles: Readonly<Record<string, Fields>> = {
  mesh: meshFields as Fields,
  targets: targetFields as Fields,
  expect: expectFields as Fields,
}

class Described {
  private readonly reader = new Reader([])
  /** Places are in the order of the description, and each is another. */
  private places = 0
  private readonly names = new Map<string, Span>()

  read(description: unknown): Result<MeshSpec> {
    if (!isObject(description)) {
      this.fault('value-choice', 'a mesh is an object', 'mesh', 'write { nodes: [...] }')
      return this.reader.result()
    }
    // There is one, be it that nothing is said in it.
    for (const [key, value] of Object.entries({ mesh: {}, ...description })) {
      if (this.reader.diagnostics.length >= mostFaults) break
      if (value !== undefined) this.part(key, value)
    }
    return this.reader.result()
  }

  private part(key: string, value: unknown): void {
    const list = Object.hasOwn(lists, key) ? lists[key] : undefined
    const fields = Object.hasOwn(singles, key) ? singles[key] : undefined
    if (fields) {
      if (isObject(value)) this.reader.section(key, undefined, this.section(key, key, value, fields))
      else this.fault('value-choice', `${key} is no object`, key, `write ${key}: { ... }`)
    } else if (!list && key !== 'exclude')
      this.fault(
        'unknown-key',
        `a mesh has no ${quoted(key)}`,
        key,
        didYouMean(key, [...Object.keys(singles), ...Object.keys(lists), 'exclude']),
      )
    else if (!Array.isArray(value))
      this.fault('value-choice', `${key} is no list`, key, `write ${key}: [...]`)
    else if (list) for (const [at, one] of value.entries()) this.member(key, list, one, at)
    else this.exclude(value)
  }

  private member(key: string, [kind, fields]: (typeof lists)[string], value: unknown, at: number): void {
    if (this.reader.diagnostics.length >= mostFaults) return
    const path = `${key}[${at}]`
    if (!isObject(value)) {
      this.fault('value-choice', `${path} is no object`, path, `write { name: ... } for each ${kind}`)
      return
    }
    const { name: given, ...keys } = value
    const name = typeof given === 'string' ? given : ''
    const section = this.section(path, `${kind} ${name}`, keys, fields)
    const named = { ...section, nameSpan: this.place(`${path}.name`) }
    const first = this.names.get(`${kind} ${name}`)
    if (name !== '' && first) {
      const message = `${kind} ${quoted(brief(name))} is there twice`
      const related = { message: 'it is here already', span: first }
      const hint = 'give it another name, or delete one'
      this.reader.diagnostics.push({ ...error('duplicate-section', message, named.nameSpan, hint), related })
    } else this.names.set(`${kind} ${name}`, named.nameSpan)
    this.reader.section(kind, name, named)
  }

  /** Pairs as `one[] = other`. */
  private exclude(pairs: readonly unknown[]): void {
    const entries: ScannedEntry[] = []
    pairs.forEach((pair, at) => {
      const path = `exclude[${at}]`
      const [one, other, ...more] = Array.isArray(pair) ? pair : []
      if (typeof one !== 'string' || typeof other !== 'string' || more.length > 0)
        this.fault('value-choice', `${path} is no pair of names`, path, "write ['node1', 'node4']")
      else entries.push({ ...this.entry(one, true, `${path}[1]`, other), keySpan: this.place(`${path}[0]`) })
    })
    this.reader.section('exclude', undefined, {
      header: 'exclude',
      span: this.place('exclude'),
      entries,
      index: 0,
    })
  }

  private section(
    path: string,
    header: string,
    keys: Readonly<Record<string, unknown>>,
    fields: Fields,
  ): ScannedSection {
    const span = this.place(path)
    const entries = Object.entries(keys).flatMap(([key, value]) =>
      value === undefined ? [] : this.entries(`${path}.${key}`, key, value, fieldOf(fields, key)),
    )
    return { header, span, entries, index: 0 }
  }

  /** The lines that a value would be; of a key that there is not, something for its reader to refuse. */
  private entries(
    path: string,
    key: string,
    value: unknown,
    field: Field<unknown> | undefined,
  ): ScannedEntry[] {
    if (!field) return [this.entry(key, false, path, '')]
    const texts = textsOf(field, value)
    if (!isTexts(texts)) {
      const { code, message, hint, at } = texts
      this.fault(code, `${path}${at} ${message}`, `${path}${at}`, hint)
      return []
    }
    const isList = Array.isArray(value)
    return texts.map((text, at) => ({
      ...this.entry(
        key,
        isList || texts.length > 1,
        isList && value.length > 0 ? `${path}[${at}]` : path,
        text,
      ),
      keySpan: this.place(path),
    }))
  }

  private entry(key: string, list: boolean, path: string, value: string): ScannedEntry {
    const span = this.place(path, value.length)
    return { key, list, keySpan: span, value, valueSpan: span, commented: false, index: 0 }
  }

  private place(field: string, length = 1): Span {
    return { file: '', line: ++this.places, column: 1, length: Math.max(1, length), field }
  }

  private fault(code: GivenFault['code'], message: string, path: string, hint: string): void {
    this.reader.diagnostics.push(error(code, message, this.place(path), hint))
  }
}
