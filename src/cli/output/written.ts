import type { Change } from '../../files/index.js'
import { meshFolder } from '../../generate.js'
import type { MeshChange, OnNode } from '../../impact/index.js'
import type { ClientPlan } from '../../model/client-plan.js'
import type { NodeNotes } from '../../render/notes.js'
import type { Touched } from './change-words.js'
import { carriersIn } from './client-words.js'

/** What `gen` has done to a tree. */
export interface Written {
  /** The directory as it was given. */
  readonly out: string
  /** How ciab-gen is called again in the same place: `ciab-gen -C mesh`. */
  readonly command: string
  readonly changes: readonly Change[]
  readonly notes: ReadonlyMap<string, NodeNotes>
  readonly clients: ReadonlyMap<string, ClientPlan>
  /** Those whose file says what it said before, but for comments. */
  readonly alike: ReadonlySet<string>
  /** What mesh.ini says otherwise than the one that the tree was made of, or `null` where nobody knows. */
  readonly change: MeshChange | null
  /** What that interrupts on a node itself. */
  readonly onNode: OnNode
}

export const foldersIn = (changes: readonly Change[]): ReadonlySet<string> =>
  new Set(changes.map(({ path }) => path.slice(0, path.indexOf('/'))))

/** The nodes of which files differ; of clients there is more to say in the end. */
export const touchedIn = ({ changes, notes, clients, change }: Written): Touched[] => {
  const others = new Set([...clients.keys(), ...carriersIn(change?.before).keys()])
  const byFolder = new Map<string, Change[]>()
  const fresh = new Set<string>()
  for (const { path, kind } of changes) {
    const slash = path.indexOf('/')
    const folder = path.slice(0, slash)
    if (folder === meshFolder) {
      if (kind === 'created' && path.endsWith('.md')) fresh.add(path.slice(slash + 1, -'.md'.length))
      continue
    }
    if (others.has(folder) && !notes.has(folder)) continue
    const list = byFolder.get(folder) ?? []
    list.push({ path: path.slice(slash + 1), kind })
    byFolder.set(folder, list)
  }
  const nodes = new Map(change?.nodes.flatMap(node => (node.after ? [[node.after.name, node] as const] : [])))
  return [...byFolder].map(([name, list]) => ({
    name,
    changes: list,
    notes: notes.get(name) ?? null,
    node: nodes.get(name) ?? null,
    fresh: fresh.has(name),
  }))
}

export const isNew = ({ node, fresh }: Touched): boolean => (node ? node.before === null : fresh)

/** Whether there is anything to copy. */
export const isCopied = ({ notes, changes }: Touched): boolean =>
  notes !== null && changes.some(({ kind }) => kind !== 'removed')

export const isRenamed = ({ node }: Touched): boolean =>
  Boolean(node?.before && node.before.name !== node.after?.name)
