import type { Change } from '../../files/index.js'
import {
  gapsOf,
  interruptionsOf,
  isAccountedFor,
  type MeshChange,
  type OnNode,
  turnOf,
} from '../../impact/index.js'
import type { Told } from '../steps/next-steps.js'
import { printSteps } from '../steps/procedure.js'

/** Nothing differs. */
const nothing = 'nothing changes'

/** The files of each folder that differ; of one that comes or goes as a whole only how many. */
const byFolder = (changes: readonly Change[]): (readonly [folder: string, texts: readonly string[]])[] => {
  const folders = new Map<string, Change[]>()
  for (const { path, kind } of changes) {
    const slash = path.indexOf('/')
    const folder = path.slice(0, slash)
    folders.set(folder, [...(folders.get(folder) ?? []), { path: path.slice(slash + 1), kind }])
  }
  return [...folders].map(([folder, files]) => {
    const [kind, ...others] = new Set(files.map(file => file.kind))
    return kind === 'changed' || others.length > 0 || files.length < 4
      ? [folder, files.map(one => (one.kind === 'changed' ? one.path : `${one.path} (${one.kind})`))]
      : [folder, [`${files.length} files ${kind}`]]
  })
}

/** For a terminal. */
export const asText = (
  { facts, interruptions, steps, beside }: Told,
  changes: readonly Change[],
): string[] =>
  changes.length === 0
    ? [nothing]
    : [
        ...facts,
        ...interruptions,
        'files',
        ...byFolder(changes).map(([folder, texts]) => `  ${folder}: ${texts.join(', ')}`),
        ...printSteps(steps),
        ...beside,
      ]

/** For a pull request: GitHub's and GitLab's Markdown. */
export const asMarkdown = ({ facts, interruptions, steps }: Told, changes: readonly Change[]): string[] => {
  if (changes.length === 0) return ['### What this change does', '', `${nothing}.`]
  const [, ...lines] = interruptions
  return [
    '### What this change does',
    '',
    ...(facts.length > 0
      ? facts.map(asItem)
      : ['- no setting of mesh.ini is another: the files are written otherwise']),
    ...(interruptions.length > 0 ? ['', '### What it interrupts', ''] : []),
    ...(lines.length > 0 ? lines.map(line => asItem(line.slice(2))) : interruptions.map(() => '- nothing')),
    '',
    '### In which files',
    '',
    '| of | files |',
    '|---|---|',
    ...byFolder(changes).map(([folder, texts]) => `| ${plain(folder)} | ${texts.map(plain).join(', ')} |`),
    ...(steps.length > 0 ? ['', '### In which order', '', '```sh', ...steps.flat(), '```'] : []),
  ]
}

const asItem = (line: string): string => {
  const depth = line.length - line.trimStart().length
  return `${depth > 0 ? '  ' : ''}- ${plain(line.trim())}`
}

/** Names and hooks are a stranger's text: nothing of it is markup. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>|#~!]/g, '\\$&')

/** For programs; `complete` is whether no more may be interrupted than is said. */
export const asJson = (
  change: MeshChange,
  changes: readonly Change[],
  onNode: OnNode,
): Record<string, unknown> => ({
  mesh: [...change.aspects],
  nodes: change.nodes.map(node => {
    const { before, after, aspects } = node
    const name = after?.name ?? before?.name ?? ''
    return {
      name,
      change: before === null ? 'comes' : after === null ? 'leaves' : aspects.size > 0 ? 'changes' : 'stays',
      was: before && after && before.name !== after.name ? before.name : null,
      aspects: [...aspects],
      files: changes.flatMap(({ path, kind }) =>
        path.startsWith(`${name}/`) ? [{ path: path.slice(name.length + 1), kind }] : [],
      ),
      turn: after === null ? null : turnOf(node),
      interrupts: before && after ? onNode(before, after).map(({ what }) => what) : [],
    }
  }),
  interruptions: interruptionsOf(change),
  gaps: gapsOf(change, onNode),
  complete: isAccountedFor(change),
})
