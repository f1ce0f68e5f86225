import { resolve } from 'node:path'
import type { NodeChange } from '../../impact/index.js'
import type { MeshNode } from '../../model/mesh.js'
import { copyLine } from '../../render/notes-page.js'
import type { Place } from '../command.js'

/** Lines for a shell on the operator's machine, that belong together. */
export type Step = readonly string[]

/** The steps, numbered, each as it can be pasted into a shell. */
export const printSteps = (steps: readonly Step[]): string[] =>
  steps.length === 0
    ? []
    : [
        'next:',
        ...steps.flatMap((lines, at) => {
          const head = steps.length === 1 ? '  ' : `${at + 1}. `
          return lines.map((line, row) => `${row === 0 ? head : ' '.repeat(head.length)}${line}`)
        }),
      ]

/** What follows the copying of a node's files. */
export interface Following {
  /** Commands there. */
  readonly runs: readonly string[]
  /** What its operator does there by hand. */
  readonly byHand: readonly string[]
}

/**
 * Copies the trees of nodes, one after another, and runs something on each.
 *
 * @param nodes named one by one, however many: any shorter words, such as the folders that there are, may mean others as well
 * @param copied whether there is anything to copy
 */
export const roundStep = (
  out: string,
  nodes: readonly string[],
  { runs, byHand }: Following,
  copied: boolean,
): Step => {
  const [only] = nodes
  const linesFor = (node: string): string[] =>
    copied ? installing(out, node, node, runs) : runs.map(run => `ssh root@${node} ${run}`)
  if (nodes.length === 1) return [...linesFor(only as string), ...remark(only as string, byHand)]
  const lines = linesFor('$node')
  const loop = [
    `for node in ${nodes.join(' ')}; do`,
    ...lines.map((line, at) => `  ${line}${at < lines.length - 1 ? ' &&' : ''}`),
    'done',
  ]
  return [
    ...(lines.length > 0 ? loop : []),
    ...remark(nodes.length > mostNames ? 'each' : nodes.join(', '), byHand),
  ]
}

/** Nothing to paste, but in its place among what is: a shell takes it for a comment. */
const remark = (where: string, byHand: readonly string[]): string[] =>
  byHand.length > 0 ? [`# on ${where}: ${byHand.join(', and ')}`] : []

const installing = (out: string, folder: string, host: string, runs: readonly string[]): string[] => [
  copyLine(shellWord(out), folder, host),
  ...runs.map(run => `ssh root@${host} ${run}`),
]

/** Most names in a remark. */
const mostNames = 12

/**
 * A machine that has another name now. Until its own name is changed it is reached by the old one, and FRR takes
 * its `hostname` for a difference for ever unless it is the host's.
 */
export const renamingStep = (
  out: string,
  { before, after }: NodeChange,
  { runs, byHand }: Following,
): Step => {
  const [old, now] = [before as MeshNode, after as MeshNode]
  return [
    ...(old.hostname === now.hostname
      ? []
      : [`ssh root@${old.name} hostnamectl set-hostname ${now.hostname}`]),
    ...installing(out, now.name, old.name, runs),
    ...remark(old.name, byHand),
  ]
}

/** As a shell takes it for one word. */
export const shellWord = (text: string): string =>
  /^[\w./,+:@%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

/** How ciab-gen is called again for the same mesh. */
export const commandAt = ({ io, directory, file }: Pick<Place, 'io' | 'directory' | 'file'>): string =>
  [
    'ciab-gen',
    ...(directory === resolve(io.cwd) ? [] : ['-C', shellWord(directory)]),
    ...(file === 'mesh.ini' ? [] : ['-f', shellWord(file)]),
  ].join(' ')
