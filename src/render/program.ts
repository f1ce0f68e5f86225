import change from '../apply/change.sh'
import frame from '../apply/frame.sh'
import record from '../apply/record.sh'
import removal from '../apply/removal.sh'
import report from '../apply/report.sh'
import units from '../apply/units.sh'
import type { NodePlan } from '../model/plan.js'
import { concerns } from '../model/spec.js'
import { chunk } from './chunks.js'
import dataConf from './data.conf.mustache'
import type { OutputFile, Target } from './target.js'
import { template } from './template.js'

const data = template(dataConf)

/** A program in `etc/ciab`, the same on every node. What differs it reads from data beside it. */
export const programFile = (name: string, text: string): OutputFile => ({
  path: `etc/ciab/${name}`,
  mode: 0o755,
  secret: false,
  alike: true,
  content: [chunk(text)],
})

/** One of systemd's units that runs such a program, and so is the same on every node, too. */
export const unitFile = (name: string, text: string): OutputFile =>
  settingsFile(`etc/systemd/system/${name}`, 0o644, text)

/** What some other program reads, and nothing of mesh.ini is in. */
export const settingsFile = (path: string, mode: number, text: string): OutputFile => ({
  path,
  mode,
  secret: false,
  alike: true,
  content: template(text).chunks({}),
})

/** Shell variables by name. */
export type Variables = Readonly<Record<string, string>>

/** `name='value'` lines in `etc/ciab`, which a program of the node's reads in as they are. */
export const dataFile = (program: string, node: NodePlan, variables: Variables): OutputFile => ({
  path: `etc/ciab/${program}.conf`,
  mode: 0o644,
  secret: false,
  content: data.chunks({
    node: node.name,
    program,
    lines: Object.entries(variables).map(([name, value]) => ({ name, value: quotable(value) })),
  }),
})

/** In single quotes a shell takes everything as it is but them; the values come from closed vocabularies. */
const quotable = (value: string): string => {
  if (value.includes("'")) throw new Error('a value for a program on the node cannot be quoted')
  return value
}

/** The program that brings a node in line with its files. */
export const applyPath = 'etc/ciab/apply.sh'

/** What sha256sum(1) says of the other files of the tree; who writes the tree writes it, too. */
export const sumsPath = 'etc/ciab/tree.sha256'

/**
 * `etc/ciab/apply.sh`: the frame and the parts of all targets, whether a node chose them or not, so that there is
 * one for all. A text that several targets have stands in it once.
 */
export const applyProgram = (targets: readonly Target[]): OutputFile =>
  programFile(
    'apply.sh',
    [
      ...[frame, change, record, units, report, removal],
      ...new Set(targets.flatMap(({ part = [] }) => part)),
      'main "$@"\n',
    ].join('\n'),
  )

/**
 * `etc/ciab/apply.conf`: which parts are this node's, and what they have to know. Of what a node has none of, the parts
 * know so themselves.
 */
export const applyData = (node: NodePlan, targets: readonly Target[]): OutputFile => {
  const chosen = inOrder(node, targets)
  const parts = chosen.flatMap(({ name, part }) => (part ? functionName(name) : []))
  const told = chosen.flatMap(target => Object.entries(target.facts(node).variables ?? {}))
  return dataFile('apply', node, {
    mesh: node.mesh,
    node: node.name,
    ...(node.hostname === node.name ? {} : { hostname: node.hostname }),
    ...bridgesOf(node),
    parts: parts.join(' '),
    units: unitsOf(node, chosen).join(' '),
    ...Object.fromEntries(told.filter(([, value]) => value !== '')),
  })
}

/** Bridges whose containers are in the host's own routing table. */
const bridgesOf = ({ devices }: NodePlan): Variables => {
  const bridges = devices.flatMap(({ name, carries }) => (carries === 'containers' ? name : []))
  return bridges.length > 0 ? { bridges: bridges.join(' ') } : {}
}

/** A shell function's name has no hyphen. */
const functionName = (target: string): string => target.replaceAll('-', '_')

/** What systemd has to start at boot for these targets, in this order. */
export const unitsOf = (node: NodePlan, targets: readonly Target[]): string[] =>
  targets.flatMap(target => target.facts(node).units ?? [])

/**
 * Each target once, at the place of the first concern it is chosen for: a tunnel without its guard, or routes without
 * a tunnel, must not come first.
 */
export const inOrder = (node: NodePlan, targets: readonly Target[]): Target[] => {
  const names = new Set(concerns.map(concern => node.targets[concern]))
  return [...names].flatMap(name => targets.filter(target => target.name === name))
}
