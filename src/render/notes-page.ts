import type { NodePlan } from '../model/plan.js'
import { chunk } from './chunks.js'
import type { NodeNotes, Notes, Step, Update } from './notes.js'
import source from './notes.md.mustache'
import { inOrder, unitsOf } from './program.js'
import type { OutputFile, Target } from './target.js'
import { template, type View } from './template.js'

const page = template(source)

/** The notes of all targets that the node chose, and those about what every node has. */
export const notesFor = (node: NodePlan, targets: readonly Target[]): NodeNotes => {
  const ours = inOrder(node, targets)
  const chosen = ours.map(target => ({ name: target.name, notes: target.notes(node) }))
  const all = <Entry>(entriesOf: (one: Notes) => readonly Entry[]): Entry[] =>
    chosen.flatMap(({ notes }) => entriesOf(notes))
  return {
    node: node.name,
    mesh: node.mesh,
    targets: chosen.filter(({ notes }) => notes.updates.length > 0).map(({ name }) => name),
    units: unitsOf(node, ours),
    port: node.tunnel.dialed ? node.tunnel.listenPort : null,
    packages: [...new Set(all(({ packages }) => packages))],
    owners: all(({ owners }) => owners),
    first: all(({ first }) => first),
    boot: all(({ boot }) => boot),
    updates: [
      ...all(({ updates }) => updates),
      { path: 'etc/ciab/apply.sh', command: 'nothing: it is what you run', interrupts: 'nothing' },
      { path: 'etc/ciab/apply.conf', command: 'nothing: apply.sh reads it', interrupts: 'nothing' },
    ],
    deletes: all(({ deletes }) => deletes ?? []),
  }
}

/**
 * The line that lays a node's tree down on the node, as root's and with its modes. The node's own directories,
 * and links in place of directories, stay as they are.
 */
export const copyLine = (out: string, node: string): string =>
  `tar -C ${out}/${node} --owner=0 --group=0 -c etc | ssh root@${node} tar -C / --no-overwrite-dir -x`

/** `<node>.md`. The same with secrets and without. */
export const notesPage = (notes: NodeNotes): OutputFile => ({
  path: `${notes.node}.md`,
  mode: 0o644,
  secret: false,
  content: page.chunks(viewOf(notes), { copy: [chunk(`${copyLine('out', notes.node)}\n`)] }),
})

const viewOf = (notes: NodeNotes): View => {
  const { node, mesh, targets, packages, port, owners, updates, units } = notes
  return {
    node,
    mesh,
    targets: sentence(targets) || 'nothing',
    packages: packages.join(' ') || null,
    port,
    hidden: port === null ? { node } : null,
    first: notes.first.map(stepView),
    boot: notes.boot.map(stepView),
    units: sentence(units.map(unit => `\`${unit}\``)) || null,
    updates: rowsOf(updates),
    owned:
      owners.length > 0 ? { owners: owners.map(({ path, owner, mode }) => ({ path, owner, mode })) } : null,
    rooted: owners.length === 0,
    deletes: (notes.deletes ?? []).map(path => `, but for \`${path}\` that nothing names any more`).join(''),
  }
}

/** A row for all files that take the same. */
const rowsOf = (updates: readonly Update[]): View[] => {
  const rows = new Map<string, { readonly update: Update; readonly paths: string[] }>()
  for (const update of updates) {
    const key = `${update.command} | ${update.interrupts}`
    const row = rows.get(key) ?? { update, paths: [] }
    row.paths.push(`\`${update.path}\``)
    rows.set(key, row)
  }
  return [...rows.values()].map(({ update: { command, interrupts }, paths }) => ({
    paths: paths.join(', '),
    command,
    interrupts,
  }))
}

const stepView = ({ what, commands }: Step): View => ({ what, commands })

/** `a, b and c` */
const sentence = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
