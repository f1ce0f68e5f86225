import type { Change } from '../../files/index.js'
import { meshFolder } from '../../generate.js'
import {
  type MeshChange,
  type NodeChange,
  onlyStages,
  stagedIn,
  type Turn,
  turnOf,
} from '../../impact/index.js'
import type { MeshNode } from '../../model/mesh.js'
import type { NodeNotes } from '../../render/notes.js'
import { applyPath } from '../../render/program.js'
import {
  afterwards,
  changeLines,
  generalLines,
  isByHand,
  leavingLines,
  listed,
  needs,
  type Touched,
} from '../output/change-words.js'
import { clientLines } from '../output/client-words.js'
import { interruptionLines } from '../output/interruption-words.js'
import { foldersIn, isCopied, isNew, isRenamed, touchedIn, type Written } from '../output/written.js'
import { goneIn, removalSteps } from './departures.js'
import { type Following, printSteps, renamingStep, roundStep, type Step } from './procedure.js'

/** What there is to know about a change, and to do. */
export interface Told {
  /** What is different, by node. */
  readonly facts: readonly string[]
  /** What does not pass meanwhile, and between whom; `interrupts nothing`, or nothing where nobody knows. */
  readonly interruptions: readonly string[]
  /** What to paste, in order. */
  readonly steps: readonly Step[]
  /** What is to be done beside the nodes. */
  readonly beside: readonly string[]
}

export const told = (written: Written): Told => {
  const { out, changes, change } = written
  const touched = touchedIn(written)
  const steps = stepsOf(written, touched)
  return {
    facts: factLines(written, touched),
    interruptions: change
      ? interruptionLines(change, touched, written.onNode, one => isGeneral(written, one))
      : [],
    steps,
    beside: [
      ...clientLines(written, foldersIn(changes), written.clients, written.alike, change),
      ...(steps.length > 0 ? [`more: ${out}/${meshFolder}/${folderOf(touched)}.md`] : []),
      ...zoneSteps(out, changes),
    ],
  }
}

/** The same before anything is written, which then is the first step. */
export const foretold = (written: Written): Told => {
  const said = told(written)
  const first = [`${written.command} gen${outOption(written.out)}`]
  return { ...said, steps: said.steps.length > 0 ? [first, ...said.steps] : [] }
}

/** What is {@link told} as lines, every one of them about this very change. */
export const nextSteps = (written: Written): string[] => {
  const { facts, interruptions, steps, beside } = told(written)
  return [...facts, ...interruptions, ...printSteps(steps), ...beside]
}

/** What nodes are new, gone or have files to be deleted, and what is different in the mesh. */
const factLines = (written: Written, touched: readonly Touched[]): string[] => {
  const { change } = written
  const known = touched.filter(({ notes }) => notes !== null)
  return [
    ...(change ? changeLines(change) : []),
    ...touched.filter(isRenamed).flatMap(one => keepingName(written, one)),
    ...grouped(known.filter(isNew), beginning),
    ...grouped(
      known.filter(one => !isNew(one)),
      one => (isGeneral(written, one) ? generalLines(one.changes, one.notes as NodeNotes) : []),
    ),
    ...grouped(
      known.filter(one => !isNew(one)),
      needs,
    ),
    ...grouped(
      known.filter(one => !isNew(one)),
      afterwards,
    ),
    ...(areSpelled(written, known) ? [] : ['delete what is said to be removed on its node too']),
    ...leavingLines(goneIn(written.change, touched)),
  ]
}

const keepingName = ({ out, command }: Written, { node }: Touched): string[] => {
  const [old, now] = [node?.before as MeshNode, node?.after as MeshNode]
  return old.hostname === now.hostname
    ? []
    : [
        `to have the host keep its name: ${command} set node ${now.name} hostname ${old.hostname} && ${command} gen${outOption(out)}`,
      ]
}

/** Nodes of which the same is to be said, and that. */
const grouped = (nodes: readonly Touched[], linesOf: (node: Touched) => readonly string[]): string[] => {
  const groups = new Map<string, string[]>()
  for (const node of nodes) {
    const key = linesOf(node).join('\n')
    if (key !== '') groups.set(key, [...(groups.get(key) ?? []), node.name])
  }
  const all = [...groups]
  const more = all.slice(mostGroups).flatMap(([, names]) => names)
  return [
    ...all.slice(0, mostGroups).flatMap(([text, names]) => {
      const [head, ...lines] = text.split('\n')
      return [`${listed(names)}: ${head}`, ...lines.map(line => `  ${line}`)]
    }),
    ...(more.length > 0 ? [`${listed(more)}: as their notes say`] : []),
  ]
}

/** Most groups that are spelled out. */
const mostGroups = 8

const beginning = ({ notes }: Touched): string[] => {
  const { packages, opening, first, boot } = notes as NodeNotes
  return [
    'new',
    ...(packages.length > 0 ? [`apt-get install ${packages.join(' ')}`] : []),
    ...(opening === null ? [] : [`open ${opening}`]),
    ...(first.length + boot.length > 0 ? ['more to do once: see the notes'] : []),
  ]
}

/**
 * Of files that nobody knows the reason of, what their tools do with any change of them is all there is to say. Another
 * `apply.sh` is another ciab-gen's, which may write all of them otherwise.
 */
const isGeneral = ({ change }: Written, one: Touched): boolean =>
  change === null ||
  isByHand(one) ||
  (one.node?.aspects.has('targets') ?? false) ||
  isUnchanged(change) ||
  one.changes.some(({ path, kind }) => path === applyPath && kind === 'changed')

const isUnchanged = ({ aspects, nodes }: MeshChange): boolean =>
  aspects.size === 0 && nodes.every(node => node.before && node.after && node.aspects.size === 0)

/** The command for files that are no longer in the tree, where there is no `apply.sh` that deletes them. */
const deleting = ({ changes }: Written, one: Touched): string[] => {
  if (!isByHand(one)) return []
  const { changes: own, node } = one
  const before = node?.before?.name
  const old = before === undefined || before === node?.after?.name ? [] : removedIn(changes, before)
  const kept = new Set(own.filter(({ kind }) => kind !== 'removed').map(({ path }) => path))
  const gone = [...own.filter(({ kind }) => kind === 'removed').map(({ path }) => path), ...old].filter(
    path => !kept.has(path),
  )
  return gone.length > 0 ? [`rm -f ${gone.map(path => `/${path}`).join(' ')}`] : []
}

/** Whether what is to be deleted can be told: not where it is something else on each of many nodes. */
const areSpelled = (written: Written, known: readonly Touched[]): boolean =>
  new Set(known.map(one => deleting(written, one).join())).size <= mostGroups

const removedIn = (changes: readonly Change[], folder: string): string[] =>
  changes.flatMap(({ path, kind }) =>
    kind === 'removed' && path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
  )

/** The rounds that files are copied and applied in. */
const stepsOf = (written: Written, touched: readonly Touched[]): Step[] => {
  const { out, command, change } = written
  const known = touched.filter(({ notes }) => notes !== null)
  const staged = change ? stagedIn(change).map(({ name }) => name) : []
  const spelled = areSpelled(written, known)
  const following = (node: Touched, gone = deleting(written, node)): Following =>
    isByHand(node)
      ? { runs: [], byHand: [...headingsOf(node), ...gone] }
      : { runs: [...runsOf(node, change), ...gone], byHand: [] }
  const round = (nodes: readonly Touched[], copied: boolean): Step[] =>
    alike(nodes, node => following(node, spelled ? undefined : [])).map(([what, names]) =>
      roundStep(out, names, what, copied),
    )
  const due = (when: Turn): Touched[] =>
    known.filter(one => isCopied(one) && !isNew(one) && (one.node ? turnOf(one.node) : 'then') === when)
  const inTurn = (when: Turn): Step[] => [
    ...due(when)
      .filter(isRenamed)
      .map(one => renamingStep(out, one.node as NodeChange, following(one))),
    ...round(
      due(when).filter(one => !isRenamed(one)),
      true,
    ),
  ]
  return [
    ...inTurn('first'),
    ...inTurn('then'),
    ...round(known.filter(isNew), true),
    ...round(
      known.filter(one => !isCopied(one) && deleting(written, one).length > 0),
      false,
    ),
    ...removalSteps(out, goneIn(change, touched), change, new Set(written.notes.keys())),
    ...(staged.length > 0
      ? [[`${command} rotate-key ${staged.join(' ')} && ${command} gen${outOption(out)}`]]
      : []),
  ]
}

/** Where a node's notes have what follows the copying. */
const headingsOf = (node: Touched): string[] =>
  isCopied(node) ? [`what the notes say under "${isNew(node) ? 'The first time' : 'After a change'}"`] : []

/** What follows the copying. A next key alone is nothing for `apply.sh`: the peers' keys are what they were. */
const runsOf = (node: Touched, change: MeshChange | null): string[] => {
  if (!isCopied(node)) return []
  if (isNew(node)) return [`sh /${applyPath} --enable`]
  const follows =
    change !== null && stagedIn(change).length > 0 && node.changes.some(({ path }) => path === followScript)
  return [
    ...(follows && onlyStages(change) ? [] : [`sh /${applyPath}`]),
    ...(follows ? [`sh /${followScript} --background`] : []),
  ]
}

const followScript = 'etc/ciab/follow-keys.sh'

const outOption = (out: string): string => (out === 'out' ? '' : ` -o ${out}`)

/** Nodes that have the same to do. */
const alike = (
  nodes: readonly Touched[],
  followingOf: (node: Touched) => Following,
): (readonly [Following, readonly string[]])[] => {
  const groups = new Map<string, { readonly what: Following; readonly names: string[] }>()
  for (const node of nodes) {
    const what = followingOf(node)
    if (what.runs.length + what.byHand.length === 0) continue
    const key = JSON.stringify(what)
    const group = groups.get(key) ?? { what, names: [] }
    group.names.push(node.name)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ what, names }) => [what, names])
}

const folderOf = (touched: readonly Touched[]): string => {
  const [only, ...others] = touched.filter(isCopied)
  return only && others.length === 0 ? only.name : 'NODE'
}

const zoneSteps = (out: string, changes: readonly Change[]): string[] =>
  changes.some(({ path }) => path.startsWith(`${meshFolder}/zones/`))
    ? [`name servers: copy ${out}/${meshFolder}/zones to /etc/bind/ciab there, then rndc reload`]
    : []
