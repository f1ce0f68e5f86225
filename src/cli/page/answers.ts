import type { Diagnostic } from '../../diagnostics/index.js'
import { pictureOf } from '../../draw/picture.js'
import { foldersOf } from '../../expect/index.js'
import { judgeFleet, type Received, readReports } from '../../fleet/index.js'
import { generate } from '../../generate.js'
import { changesBetween, onNode } from '../../impact/index.js'
import { load } from '../../load.js'
import type { Mesh, MeshNode } from '../../model/mesh.js'
import { textOf } from '../../render/chunks.js'
import type { NodeNotes } from '../../render/notes.js'
import { factsIn, rowsOf } from '../../survey/index.js'
import { targets } from '../../targets/index.js'
import {
  lostAmong,
  type NodeFolder,
  pairsIn,
  pathIn,
  reachTable,
  type Study,
  studyOf,
  type Verdict,
  verdictOf,
} from '../../verify/index.js'
import { changeLines } from '../output/change-words.js'
import { interruptionLines } from '../output/interruption-words.js'
import type { Loaded, PageFile, Questions, Reach, ReportFile, Status, Way } from './protocol.js'

const file = 'mesh.ini'

/** Answers the page; what is the same for all questions about a mesh it works out once. */
export const answersFor = (): Questions => {
  let mesh: Mesh | null = null
  let current = ''
  let folders: readonly NodeFolder[] | null = null
  let whole: Studied | null = null
  let other: Studied | null = null
  const there = (): Mesh => {
    if (!mesh) throw new Error('there is no mesh')
    return mesh
  }
  /** With all nodes it is asked for often, and without some again and again while one looks at that. */
  const studied = (without: readonly string[]): Studied => {
    folders ??= foldersOf(generate(there()))
    if (without.length === 0) {
      whole ??= studiedOf(folders, [])
      return whole
    }
    if (other?.without.join(' ') !== without.join(' ')) other = studiedOf(folders, without)
    return other
  }
  const named = (name: string): MeshNode => there().nodes.find(node => node.name === name) as MeshNode
  return {
    load: text => {
      const read = load({ file, text }, 'hidden')
      if (!read.ok) return { diagnostics: read.diagnostics, mesh: null }
      mesh = read.value
      current = text
      folders = null
      whole = null
      other = null
      return { diagnostics: read.warnings, mesh: shown(mesh) }
    },
    check: text => {
      const read = load({ file, text }, 'hidden')
      return read.ok ? read.warnings : read.diagnostics
    },
    node: name => ({ facts: factsIn(there())(named(name)), files: filesOf(there(), name) }),
    reach: without => reachOf(studied(without), without.length === 0 ? null : studied([])),
    way: (from, to, without) => {
      const { study } = studied(without)
      const pairs = pairsIn(study, from, to)
      return {
        ...wayOf(study, from, to, without),
        carried: pairs.filter(({ passes }) => passes).map(({ prefix }) => prefix),
        lost: pairs.filter(({ passes }) => !passes).map(({ prefix }) => prefix),
      }
    },
    status: reports => statusOf(there(), reports),
    change: text => {
      const read = load({ file, text }, 'hidden')
      if (!read.ok) return { diagnostics: read.diagnostics, lines: [], files: [] }
      return { diagnostics: [], ...changed(read.value, text, there(), current) }
    },
  }
}

const shown = (mesh: Mesh): NonNullable<Loaded['mesh']> => {
  const { svg, places } = pictureOf(mesh)
  return {
    name: mesh.name,
    picture: svg,
    places: [...places].map(([name, { x, y, radius }]) => [name, x, y, radius] as const),
    nodes: rowsOf(mesh),
  }
}

const filesOf = (mesh: Mesh, name: string): PageFile[] =>
  [...generate(mesh, { nodes: [name] })].flatMap(({ node, files }) =>
    node === name ? files.map(({ path, content }) => ({ path, text: textOf(content) })) : [],
  )

/** The files of nodes, read, and judged when that is asked for. */
interface Studied {
  readonly without: readonly string[]
  readonly nodes: readonly string[]
  readonly study: Study
  verdict(): Verdict
}

const studiedOf = (folders: readonly NodeFolder[], without: readonly string[]): Studied => {
  const study = studyOf(folders, without)
  let verdict: Verdict | null = null
  return {
    without,
    nodes: folders.map(({ name }) => name),
    study,
    verdict: () => {
      verdict ??= verdictOf(study)
      return verdict
    },
  }
}

/** @param before with all nodes on, where some are off */
const reachOf = ({ nodes, without, verdict }: Studied, before: Studied | null): Reach => {
  const judged = verdict()
  return {
    ...reachTable(nodes, judged.pairs, without),
    lost:
      before === null
        ? []
        : lostAmong(before.verdict().pairs, judged.pairs, without).map(
            ({ from, to, prefix }) => `${from} to ${prefix} of ${to}`,
          ),
    findings: judged.findings.map(words),
    unread: judged.unread,
  }
}

const words = ({ message, span }: Pick<Diagnostic, 'message' | 'span'>): string =>
  `${span ? `${span.file}:${span.line}: ` : ''}${message}`

/** What a packet meets, and its answer. */
const wayOf = (study: Study, from: string, to: string, without: readonly string[]): Way => {
  const nowhere = (why: string): Way => ({ verdict: 'fails', why, there: [], back: [], nodes: [] })
  const gone = [from, to].find(name => without.includes(name))
  if (gone !== undefined) return nowhere(`${gone} is off`)
  const flow = pathIn(study, from, to)
  if ('ok' in flow) return nowhere(flow.message)
  const { verdict, why, there, back } = flow
  return {
    verdict,
    why: why && words(why),
    there: there.steps,
    back: back?.steps ?? [],
    nodes: there.nodes,
  }
}

const statusOf = (mesh: Mesh, files: readonly ReportFile[]): Status => {
  const received: Received[] = []
  const faults: string[] = []
  for (const { file, at, text } of files) {
    const read = readReports(text, file)
    if (read.ok) received.push(...read.value.map(report => ({ file, at, report })))
    else faults.push(...read.diagnostics.map(({ message }) => message))
  }
  // Without keys nobody knows the sums of the trees.
  const { findings, nodes } = judgeFleet(mesh, received)
  return {
    findings,
    faults,
    heard: nodes.filter(({ report }) => report).length,
    mute: nodes.filter(({ report, expected }) => !report && !expected).map(({ name }) => name),
  }
}

const changed = (
  older: Mesh,
  olderText: string,
  newer: Mesh,
  newerText: string,
): { lines: string[]; files: string[] } => {
  const change = changesBetween(older, newer)
  const notes = new Map<string, NodeNotes>()
  const texts = (mesh: Mesh, source: string): Map<string, string> => {
    const all = new Map<string, string>()
    for (const one of generate(mesh, { source })) {
      if (mesh === newer && one.notes) notes.set(one.node, one.notes)
      for (const { path, content } of one.files) all.set(`${one.node}/${path}`, textOf(content))
    }
    return all
  }
  const [was, is] = [texts(older, olderText), texts(newer, newerText)]
  const files = [...new Set([...was.keys(), ...is.keys()])]
    .sort()
    .filter(path => was.get(path) !== is.get(path))
    .map(path => `${path} (${was.has(path) ? (is.has(path) ? 'changed' : 'removed') : 'created'})`)
  const touched = change.nodes
    .filter(({ before, after }) => before && after)
    .map(node => ({
      name: node.after?.name ?? '',
      changes: [],
      notes: notes.get(node.after?.name ?? '') ?? null,
      node,
      fresh: false,
    }))
  const lines = [
    ...change.nodes.filter(({ before }) => before === null).map(({ after }) => `${after?.name} comes`),
    ...change.nodes.filter(({ after }) => after === null).map(({ before }) => `${before?.name} leaves`),
    ...changeLines(change),
    ...interruptionLines(change, touched, onNode(change, targets), () => false),
  ]
  return { lines: lines.length > 0 ? lines : ['no setting of the mesh is another'], files }
}
