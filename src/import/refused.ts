import type { Diagnostic } from '../diagnostics/index.js'
import { load } from '../load.js'
import type { DraftNode } from './draft.js'
import type { Findings, Topic } from './finding.js'

/** What a draft can do without, and what stands in its stead. */
const optional: Readonly<Record<string, { readonly topic: Topic; readonly instead: string | null }>> = {
  'allowed-ips': { topic: 'allowed-ips', instead: null },
  endpoint: { topic: 'endpoint', instead: 'none' },
  'endpoint@': { topic: 'endpoint', instead: null },
  'underlay-address': { topic: 'address', instead: null },
  'overlay-address': { topic: 'address', instead: null },
  'listen-port': { topic: 'port', instead: null },
  mac: { topic: 'vxlan', instead: null },
  fwmark: { topic: 'fwmark', instead: null },
  families: { topic: 'families', instead: null },
  hostname: { topic: 'name', instead: null },
  'pre-up': { topic: 'hook', instead: null },
  'post-up': { topic: 'hook', instead: null },
  'pre-down': { topic: 'hook', instead: null },
  'post-down': { topic: 'hook', instead: null },
  vni: { topic: 'vxlan', instead: null },
  'vxlan-port': { topic: 'vxlan', instead: null },
}

/** Each round takes out what the one before found; a mesh of more faults than that is none. */
const mostRounds = 200

/**
 * The draft without what "ciab-gen check" refuses: one rule for what is written and for what is left out. What cannot be
 * left out stays, for check to say.
 *
 * @param nodes of which the report speaks by the names that they had
 */
export const withoutRefused = (
  text: string,
  nodes: readonly Pick<DraftNode, 'label' | 'found'>[],
  findings: Findings,
): string => {
  const found = new Map(nodes.map(node => [node.label, node.found]))
  let lines = text.split('\n')
  for (let round = 0; round < mostRounds; round++) {
    const mesh = load({ file: 'mesh.ini', text: lines.join('\n') }, 'hidden')
    if (mesh.ok) break
    const next = without(lines, mesh.diagnostics, found, findings)
    if (next === null) break
    lines = next
  }
  return lines.join('\n')
}

const without = (
  lines: readonly string[],
  diagnostics: readonly Diagnostic[],
  found: ReadonlyMap<string, string>,
  findings: Findings,
): string[] | null => {
  for (const { severity, span, message } of diagnostics) {
    if (severity !== 'error' || span === null) continue
    const line = lines[span.line - 1] ?? ''
    const [, head = '', key = '', value = ''] =
      /^(([\w-]+@?)(?:[\w-]*)(?:\[\])?\s*=\s*)(.*)$/.exec(line) ?? []
    const what = optional[key]
    if (!what) continue
    const [gone, rest] = partAt(value, span.column - 1 - head.length, span.length)
    const left = rest === '' ? what.instead : rest
    const node = nodeAt(lines, span.line - 1)
    findings.leftOut(what.topic, found.get(node ?? '') ?? node, `${key} ${gone}: ${message}`)
    return lines.flatMap((other, index) =>
      index !== span.line - 1 ? [other] : left === null ? [] : [`${head}${left}`],
    )
  }
  return null
}

/** The member of a list that stands there, and the list without it; all of it where that is unclear. */
const partAt = (value: string, column: number, length: number): readonly [gone: string, rest: string] => {
  const parts = value.split(', ')
  let start = 0
  for (const [index, part] of parts.entries()) {
    if (column >= start && column + length <= start + part.length)
      return [part, parts.filter((_, other) => other !== index).join(', ')]
    start += part.length + 2
  }
  return [value, '']
}

const nodeAt = (lines: readonly string[], index: number): string | null =>
  lines
    .slice(0, index)
    .findLast(line => line.startsWith('['))
    ?.replace(/^\[(?:node|client) (.*)\]$/, '$1') ?? null
