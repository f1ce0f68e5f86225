import type { MeshChange } from '../../impact/index.js'
import { applyPath } from '../../render/program.js'
import { listed, type Touched } from '../output/change-words.js'
import { roundStep, type Step } from './procedure.js'

/** Nodes that are no longer in the mesh, as far as anybody knows. */
export const goneIn = (change: MeshChange | null, touched: readonly Touched[]): string[] => {
  const nodes = change?.nodes ?? []
  const renamed = new Set(nodes.flatMap(({ before, after }) => (after && before ? [before.name] : [])))
  const left = nodes.flatMap(({ before, after }) => (before && !after ? [before.name] : []))
  const gone = touched.filter(({ name, notes }) => notes === null && !renamed.has(name))
  return [...new Set([...gone.map(({ name }) => name), ...left])]
}

/**
 * What is done on the machines of nodes that have gone. By its name a machine is reached only where no other node has
 * the name now.
 *
 * @param present the names of the nodes that there are
 */
export const removalSteps = (
  out: string,
  gone: readonly string[],
  change: MeshChange | null,
  present: ReadonlySet<string>,
): Step[] => {
  const byHand = new Set(
    change?.nodes.flatMap(({ before }) => (before?.targets.installer === 'none' ? [before.name] : [])),
  )
  const taken = gone.filter(name => present.has(name))
  const reached = gone.filter(name => !present.has(name))
  const round = (names: readonly string[], runs: readonly string[], byHand: readonly string[]): Step[] =>
    names.length > 0 ? [roundStep(out, names, { runs, byHand }, false)] : []
  const remove = `sh /${applyPath} --remove`
  return [
    ...round(
      reached.filter(name => !byHand.has(name)),
      [remove],
      [],
    ),
    ...round(
      reached.filter(name => byHand.has(name)),
      [],
      ['what docs/changing.md says of a node that leaves'],
    ),
    ...(taken.length > 0 ? [[`# on the machine that was ${listed(taken)} before: ${remove}`]] : []),
  ]
}
