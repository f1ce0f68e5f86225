import type { NodePlan } from '../model/plan.js'
import { chunk } from './chunks.js'
import type { ByHand, HandUpdate, NodeNotes, Notes, Ownership, Step, Update } from './notes.js'
import source from './notes.md.mustache'
import byHandSource from './notes-by-hand.md.mustache'
import { inOrder, unitsOf } from './program.js'
import type { OutputFile, Target } from './target.js'
import { template, type View } from './template.js'

const page = template(source)
const pageByHand = template(byHandSource)

/** The notes of all targets that the node chose, and those about what every node has. */
export const notesFor = (node: NodePlan, targets: readonly Target[]): NodeNotes => {
  const ours = inOrder(node, targets)
  const chosen = ours.map(target => ({ name: target.name, notes: target.notes(node) }))
  const all = <Entry>(entriesOf: (one: Notes) => readonly Entry[]): Entry[] =>
    chosen.flatMap(({ notes }) => entriesOf(notes))
  const byHand: ByHand = {
    start: all(({ byHand: { start } }) => start),
    updates: all(({ byHand: { updates } }) => updates),
    looks: all(({ byHand: { looks } }) => looks),
  }
  return {
    node: node.name,
    mesh: node.mesh,
    targets: chosen.filter(({ notes }) => notes.updates.length > 0).map(({ name }) => name),
    units: unitsOf(node, ours),
    open: openOn(node),
    opening: openingOf(node.tunnel),
    packages: [...new Set(all(({ packages }) => packages))],
    owners: all(({ owners }) => owners),
    first: all(({ first }) => first),
    boot: all(({ boot }) => boot),
    installer: node.targets.installer,
    ...(node.targets.installer === 'none'
      ? { updates: flat(byHand.updates) }
      : { updates: [...all(({ updates }) => updates), ...applyUpdates] }),
    byHand,
  }
}

const applyUpdates: readonly Update[] = [
  { path: 'etc/ciab/apply.sh', command: 'nothing: it is what you run', interrupts: 'nothing' },
  { path: 'etc/ciab/apply.conf', command: 'nothing: apply.sh reads it', interrupts: 'nothing' },
]

/** As an entry for each file; where it depends on what has changed in it, all of what may be. */
const flat = (updates: readonly HandUpdate[]): Update[] => {
  const paths = new Set(updates.flatMap(({ paths }) => paths))
  return [...paths].map(path => {
    const about = updates.filter(({ paths }) => paths.includes(path))
    return {
      path,
      command: about.map(({ commands }) => commands.join(' && ') || 'nothing').join(', or '),
      interrupts: [...new Set(about.map(({ interrupts }) => interrupts))].join(', or '),
    }
  })
}

/**
 * The line that lays a node's tree down on the node, as root's and with its modes. The node's own directories,
 * and links in place of directories, stay as they are.
 *
 * @param host how the machine is reached, where that is not by the node's name
 */
export const copyLine = (out: string, node: string, host = node): string =>
  `tar -C ${out}/${node} --owner=0 --group=0 -c etc | ssh root@${host} tar -C / --no-overwrite-dir -x`

/** `<node>.md`. The same with secrets and without. */
export const notesPage = (notes: NodeNotes): OutputFile => ({
  path: `${notes.node}.md`,
  mode: 0o644,
  secret: false,
  content:
    notes.installer === 'none'
      ? pageByHand.chunks(byHandView(notes), slotsOf(notes))
      : page.chunks(viewOf(notes), slotsOf(notes)),
})

/** Text that no escape may touch. */
const slotsOf = ({ node }: NodeNotes) => ({ copy: [chunk(`${copyLine('out', node)}\n`)] })

/** What both pages say. */
const headOf = ({ node, mesh, targets, packages, opening, first, boot }: NodeNotes) => ({
  node,
  mesh,
  targets: sentence(targets) || 'nothing',
  packages: packages.join(' ') || null,
  opening,
  hidden: opening === null ? { node } : null,
  first: first.map(stepView),
  boot: boot.map(stepView),
})

const viewOf = (notes: NodeNotes): View => {
  const { owners, updates, units } = notes
  return {
    ...headOf(notes),
    units: sentence(units.map(unit => `\`${unit}\``)) || null,
    updates: rowsOf(updates),
    open: notes.open,
    owned:
      owners.length > 0 ? { owners: owners.map(({ path, owner, mode }) => ({ path, owner, mode })) } : null,
    rooted: owners.length === 0,
  }
}

const byHandView = (notes: NodeNotes): View => {
  const { owners, units, byHand } = notes
  const quiet = byHand.updates.filter(({ commands }) => commands.length === 0).flatMap(({ paths }) => paths)
  return {
    ...headOf(notes),
    owners: owners.flatMap(ownerCommands),
    owned: owners.length > 0,
    start: byHand.start.map(stepView),
    units: units.join(' ') || null,
    updates: gathered(byHand.updates.filter(({ commands }) => commands.length > 0)).map(
      ({ paths, what, commands, interrupts }) => ({
        what: `${inCode(paths)}${what === undefined ? '' : `, ${what}`}`,
        commands,
        interrupts,
      }),
    ),
    quiet: quiet.length > 0 ? inCode(quiet) : null,
    looks: byHand.looks.map(({ command, tells }) => ({ command, tells })),
  }
}

/** Files that take the same stand together, where the first of them is. */
const gathered = (updates: readonly HandUpdate[]): HandUpdate[] => {
  const groups = new Map<string, HandUpdate>()
  for (const update of updates) {
    const key = JSON.stringify([update.what, update.commands, update.interrupts])
    const paths = [...(groups.get(key)?.paths ?? []), ...update.paths]
    groups.set(key, { ...update, paths })
  }
  return [...groups.values()]
}

const ownerCommands = ({ path, owner, mode }: Ownership): string[] => [
  `chown ${owner} /${path}`,
  `chmod ${mode} /${path}`,
]

const inCode = (paths: readonly string[]): string => paths.map(path => `\`${path}\``).join(', ')

const openingOf = ({ dialedFrom, listenPort }: NodePlan['tunnel']): string | null => {
  if (dialedFrom === 'anywhere')
    return `UDP port ${listenPort} in the cloud's own firewall, for the other nodes`
  return dialedFrom.length === 0
    ? null
    : `UDP port ${listenPort} to the nodes of site ${sentence(dialedFrom)}, and to nobody else`
}

/** Nothing else of the mesh is: its policy says so. */
const openOn = ({ firewall, tunnel }: NodePlan): string[] => {
  const { guarded, forward, metadata, policy, lans = [] } = firewall
  if (!guarded)
    return [
      'Everything: the node has no packet filter of ours. VXLAN, BGP, BFD and forwarding are yours to close.',
    ]
  const { announced = [] } = policy.sets
  return [
    `To anybody: UDP port ${tunnel.listenPort}, where WireGuard answers only those whose key it knows.`,
    'To anybody: what you publish on this host by rewriting destinations (DNAT), to containers too.',
    ...(announced.length > 0
      ? [`To hosts in ${sentence(announced)}: the mesh, as far as it answers them; and to the mesh those.`]
      : []),
    ...lans.map(
      ({ interface: name, prefixes }) =>
        `To hosts in ${sentence(prefixes)} behind ${name}: the mesh; and to the mesh those. They need a route to its networks by this host.`,
    ),
    ...(forward.length > 0
      ? [`To whoever is behind ${sentence(forward)}: the mesh, by this node; and to the mesh what is there.`]
      : []),
    ...(metadata ? ["To this node's containers: the metadata of its cloud."] : []),
    "To its containers and to other nodes: this host's own services, but for BGP, BFD and VXLAN.",
  ]
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
