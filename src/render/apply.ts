import type { NodePlan } from '../model/plan.js'
import { concerns } from '../model/spec.js'
import source from './apply.sh.mustache'
import { applyFrame } from './apply-frame.sh.js'
import { type Chunk, chunk } from './chunks.js'
import type { OutputFile, Script, Target } from './target.js'
import { template } from './template.js'

const page = template(source)

/**
 * The node's `etc/ciab/apply.sh`: the frame and the part of each target chosen for it, in the order of
 * the concerns, because a tunnel without its guard, or routes without a tunnel, must not come first.
 */
export const applyScript = (node: NodePlan, targets: readonly Target[]): OutputFile => {
  const parts = inOrder(node, targets).map(target => ({
    // A shell function's name has no hyphen.
    name: target.name.replaceAll('-', '_'),
    script: target.script(node),
  }))
  const checked = parts.filter(({ script }) => script.check !== undefined)
  const variables = [
    { mesh: node.mesh, node: node.name, hostname: node.hostname, units: parts.flatMap(unitsIn).join(' ') },
    ...parts.map(({ script }) => script.variables ?? {}),
  ]
  return {
    path: 'etc/ciab/apply.sh',
    mode: 0o755,
    secret: false,
    content: page.chunks(
      { node: node.name, checks: checked.map(({ name }) => name), parts: parts.map(({ name }) => name) },
      {
        variables: [chunk(variables.flatMap(assignments).join(''))],
        frame: [shared(applyFrame)],
        functions: parts.flatMap(({ name, script }) => functions(name, script)),
      },
    ),
  }
}

/** What systemd has to start at boot for these targets, in this order. */
export const unitsOf = (node: NodePlan, targets: readonly Target[]): string[] =>
  targets.flatMap(target => unitsIn({ script: target.script(node) }))

const unitsIn = ({ script }: { readonly script: Script }): readonly string[] => script.units ?? []

/** Each target once, at the place of the first concern it is chosen for. */
export const inOrder = (node: NodePlan, targets: readonly Target[]): Target[] => {
  const names = new Set(concerns.map(concern => node.targets[concern]))
  return [...names].flatMap(name => targets.filter(target => target.name === name))
}

const assignments = (variables: Readonly<Record<string, string>>): string[] =>
  Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}\n`)

/** In single quotes a shell takes everything as it is; the values come from closed vocabularies. */
const quoted = (value: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/['\u0000-\u001f\u007f]/.test(value)) throw new Error('a value for apply.sh cannot be quoted')
  return `'${value}'`
}

const functions = (name: string, script: Script): Chunk[] =>
  [
    '\n',
    ...(script.functions === undefined ? [] : [script.functions, '\n']),
    ...(script.check === undefined ? [] : [`check_${name}() {\n`, script.check, '}\n\n']),
    `apply_${name}() {\n`,
    script.apply,
    `}\n\nstatus_${name}() {\n`,
    script.status,
    '}\n',
  ].map(shared)

/** Scripts' texts do not differ between nodes: each is encoded once for all of them. */
const shared = (text: string): Chunk => {
  const known = encoded.get(text)
  if (known) return known
  const bytes = chunk(text)
  encoded.set(text, bytes)
  return bytes
}

const encoded = new Map<string, Chunk>()
