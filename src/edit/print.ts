import { type Diagnostic, type Result, resultOf } from '../diagnostics/index.js'
import { type ExpectSpec, expectFlowText, expectLossText } from '../model/expect.js'
import type { Located, MeshSpec, Written } from '../model/spec.js'
import type { Field, FieldsOf } from '../parse/fields.js'
import {
  clientFields,
  groupFields,
  meshFields,
  nodeFields,
  segmentFields,
  targetFields,
  tenantFields,
} from '../parse/schema.js'
import { fieldOf } from '../parse/section.js'
import { exactly } from './value.js'

/**
 * The text of a mesh.ini that says what a spec says, in one order and without comments: `parse` reads the same spec
 * from it, but for the places. What cannot be written is a hook with both kinds of quotes in an odd mixture.
 */
export const printMesh = (spec: MeshSpec): Result<string> => {
  const { mesh, nodes, clients, groups, segments, tenants, exclude, targets, expect } = spec
  const faults: Diagnostic[] = []
  const section = <Keys>(
    header: string,
    keys: Written<Keys>,
    fields: FieldsOf<Keys>,
    more: readonly Line[] = [],
  ): string => sectionText(header, [...linesOf(keys, fields as Fields), ...more], faults)
  const texts = [
    section('mesh', mesh.keys, meshFields),
    ...(Object.keys(targets).length > 0 ? [section('targets', targets, targetFields)] : []),
    ...groups.map(({ name, keys, members }) =>
      section(`group ${name}`, keys, groupFields, members.length > 0 ? named('members', members) : []),
    ),
    ...nodes.map(({ name, keys }) => section(`node ${name}`, keys, nodeFields)),
    ...clients.map(({ name, keys }) => section(`client ${name}`, keys, clientFields)),
    ...segments.map(({ name, keys, nodes }) =>
      section(`segment ${name}`, keys, segmentFields, named('nodes', nodes)),
    ),
    ...tenants.map(({ name, keys, nodes, share }) =>
      section(`tenant ${name}`, keys, tenantFields, [
        ...named('nodes', nodes),
        ...(share.length > 0 ? named('share', share) : []),
      ]),
    ),
    ...(exclude.length > 0 ? [sectionText('exclude', pairs(exclude), faults)] : []),
    ...(expect ? [sectionText('expect', expected(expect), faults)] : []),
  ]
  return resultOf(faults, () => texts.join('\n'))
}

type Fields = Readonly<Record<string, Field<unknown>>>

/** A key, and a text for each line that it has. */
type Line = readonly [key: string, texts: readonly string[]]

const linesOf = (keys: Written<unknown>, fields: Fields): Line[] =>
  Object.entries(keys as Readonly<Record<string, Located<unknown>>>).map(([key, { value }]) => [
    key,
    (fieldOf(fields, key) as Field<unknown>).print(value),
  ])

/** Names, of which there may be none; no line where nothing is said of them. */
const named = (key: string, names: readonly Located<string>[] | null): Line[] =>
  names === null ? [] : [[key, [names.map(({ value }) => value).join(', ') || 'none']]]

const expected = ({ reach, isolate, survive }: ExpectSpec): Line[] => {
  const lines: Line[] = [
    ['reach', reach.map(expectFlowText)],
    ['isolate', isolate.map(expectFlowText)],
    ['survive', survive.map(({ value }) => expectLossText(value))],
  ]
  return lines.filter(([, texts]) => texts.length > 0)
}

/** In their order: a name that comes back after others stands several times. */
const pairs = (exclude: MeshSpec['exclude']): Line[] => {
  const runs: { readonly name: string; readonly others: string[] }[] = []
  for (const [{ value: name }, { value: other }] of exclude) {
    const last = runs.at(-1)
    if (last?.name === name) last.others.push(other)
    else runs.push({ name, others: [other] })
  }
  const again = (name: string): boolean => runs.filter(run => run.name === name).length > 1
  return runs.map(({ name, others }) => [again(name) ? `${name}[]` : name, [others.join(', ')]])
}

const sectionText = (header: string, lines: readonly Line[], faults: Diagnostic[]): string => {
  const written = lines.flatMap(([key, texts]) =>
    texts.map(text => {
      const value = exactly(text)
      if (value === null)
        faults.push({
          severity: 'error',
          code: 'ini-syntax',
          message: `the value for "${key}" in [${header}] cannot be written in an INI file`,
          span: null,
          hint: 'leave out the mixture of quotes',
        })
      return `${texts.length > 1 ? `${key}[]` : key} = ${value}\n`
    }),
  )
  return `[${header}]\n${written.join('')}`
}
