import type { Change } from '../../files/index.js'
import { meshFolder } from '../../generate.js'
import { about, matches, type NodeNotes } from '../../render/notes.js'
import { copyLine } from '../../render/notes-page.js'

/** Nodes with the same to do, and what that is. */
interface Group {
  readonly nodes: string[]
  readonly head: string
  readonly steps: readonly string[]
  /** What brings the copied files into effect, if there is anything to copy: a command on the node, or a heading of its notes. */
  readonly effect: { readonly run: string } | { readonly heading: string } | null
}

type Task = Omit<Group, 'nodes'>

/** Most groups that are spelled out. */
const mostGroups = 8

/** What to do with the changes of a tree, in lines: the same, shorter, as the notes in the mesh's folder. */
export const nextSteps = (
  out: string,
  changes: readonly Change[],
  notes: ReadonlyMap<string, NodeNotes>,
): string[] => {
  const groups = groupsOf(changes, notes)
  const more = groups.slice(mostGroups).flatMap(({ nodes }) => nodes)
  const copied = groups.filter(({ effect }) => effect !== null)
  return [
    ...groups.slice(0, mostGroups).flatMap(group => linesOf(group)),
    ...(more.length > 0 ? [`${listed(more)}: as their notes say`] : []),
    ...(copied.length > 0 ? copying(shellWord(out), copied) : []),
    ...zoneSteps(out, changes),
  ]
}

const groupsOf = (changes: readonly Change[], notes: ReadonlyMap<string, NodeNotes>): Group[] => {
  const byNode = new Map<string, Change[]>()
  /** Nodes that have notes for the first time. */
  const fresh = new Set<string>()
  for (const { path, kind } of changes) {
    const slash = path.indexOf('/')
    const node = path.slice(0, slash)
    if (node === meshFolder) {
      if (kind === 'created' && path.endsWith('.md')) fresh.add(path.slice(slash + 1, -'.md'.length))
      continue
    }
    const list = byNode.get(node) ?? []
    list.push({ path: path.slice(slash + 1), kind })
    byNode.set(node, list)
  }
  const groups = new Map<string, Group>()
  for (const [node, list] of byNode) {
    const task = taskOf(list, notes.get(node), fresh.has(node))
    const key = JSON.stringify(task)
    const group = groups.get(key) ?? { ...task, nodes: [] }
    group.nodes.push(node)
    groups.set(key, group)
  }
  return [...groups.values()]
}

const applyScript = 'etc/ciab/apply.sh'

const taskOf = (changes: readonly Change[], notes: NodeNotes | undefined, fresh: boolean): Task => {
  if (!notes) return left
  return fresh ? beginning(notes) : updating(changes, notes)
}

const left: Task = {
  head: 'no longer in the mesh: what runs there stays until you stop it there',
  steps: [],
  effect: null,
}

/** What brings the files into effect: the node's program, or the operator by its notes. */
const effectOf = ({ installer }: NodeNotes, options: string, heading: string): Task['effect'] =>
  installer === 'none' ? { heading } : { run: `sh /${applyScript}${options}` }

const beginning = (notes: NodeNotes): Task => {
  const { packages, port, first, boot } = notes
  return {
    head: 'new',
    steps: [
      ...(packages.length > 0 ? [`apt-get install ${packages.join(' ')}`] : []),
      ...(port === null ? [] : [`open UDP port ${port} in the cloud's own firewall`]),
      ...(first.length + boot.length > 0 ? ['more to do once: see the notes'] : []),
    ],
    effect: effectOf(notes, ' --enable', 'The first time'),
  }
}

const updating = (changes: readonly Change[], notes: NodeNotes): Task => {
  const updates = new Set(
    changes.filter(({ kind }) => kind !== 'removed').map(({ path }) => about(path, notes.updates)),
  )
  const told = [...updates].flatMap(update => (update ? [update] : []))
  const quiet = told.filter(({ interrupts }) => interrupts === 'nothing')
  const gone = changes
    .filter(({ kind, path }) => kind === 'removed' && !notes.deletes?.some(pattern => matches(pattern, path)))
    .map(({ path }) => `/${path}`)
  return {
    head: 'changed',
    steps: [
      ...(quiet.length > 0 ? [`interrupts nothing: ${listed(quiet.map(({ path }) => path))}`] : []),
      ...told
        .filter(({ interrupts }) => interrupts !== 'nothing')
        .map(({ path, command, interrupts }) =>
          notes.installer === 'none'
            ? `${path}: interrupts ${interrupts}`
            : `${path}: ${command}; interrupts ${interrupts}`,
        ),
      ...(gone.length > 0 ? [`to be deleted there: rm ${gone.join(' ')}`] : []),
    ],
    effect: told.length > 0 ? effectOf(notes, '', 'After a change') : null,
  }
}

const linesOf = ({ nodes, head, steps }: Group): string[] => [
  `${listed(nodes)}: ${head}`,
  ...steps.map(step => `  ${step}`),
]

const copying = (out: string, groups: readonly Group[]): string[] => {
  const nodes = groups.flatMap(group => group.nodes)
  const [only] = nodes
  const node = nodes.length === 1 ? (only as string) : '$node'
  const page = `${out}/${meshFolder}/${nodes.length === 1 ? node : 'NODE'}.md`
  const ways = groups.flatMap(({ effect }) => (effect ? [effect] : []))
  const runs = new Set(ways.flatMap(way => ('run' in way ? [way.run] : [])))
  const headings = new Set(ways.flatMap(way => ('heading' in way ? [way.heading] : [])))
  const remark = (run: string): string => {
    if (runs.size > 1 && run.endsWith('--enable')) return '   # a new one'
    return headings.size > 0 ? '   # one that has it' : ''
  }
  return [
    nodes.length === 1 ? 'next:' : `next, for each $node of these ${nodes.length}:`,
    `  ${copyLine(out, node)}`,
    ...[...runs].map(run => `  ssh root@${node} ${run}${remark(run)}`),
    ...[...headings].map(
      heading => `  what the notes say under "${heading}"${runs.size > 0 ? ', where they do' : ''}`,
    ),
    `more: ${page}`,
  ]
}

const zoneSteps = (out: string, changes: readonly Change[]): string[] =>
  changes.some(({ path }) => path.startsWith(`${meshFolder}/zones/`))
    ? [`name servers: copy ${out}/${meshFolder}/zones to /etc/bind/ciab there, then rndc reload`]
    : []

/** `a, b and 998 more` */
const listed = (words: readonly string[]): string => {
  if (words.length > 5) return `${words.slice(0, 2).join(', ')} and ${words.length - 2} more`
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** As a shell takes it for one word. */
const shellWord = (text: string): string =>
  /^[\w./,+:@%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
