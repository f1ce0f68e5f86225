import { createHash } from 'node:crypto'
import type { Change } from '../../files/index.js'
import { generate, type NodeTree } from '../../generate.js'
import { carriedIn, clientsBefore, type MeshChange } from '../../impact/index.js'
import type { ClientPlan } from '../../model/client-plan.js'
import type { Mesh } from '../../model/mesh.js'
import { PrivateKey } from '../../net/index.js'
import { textOf } from '../../render/chunks.js'
import type { NodeNotes } from '../../render/notes.js'

/** What comes by the way when trees are made. */
export interface Seen {
  readonly notes: Map<string, NodeNotes>
  readonly clients: Map<string, ClientPlan>
  /** Clients whose file says what it said before, but for comments. */
  readonly alike: Set<string>
}

/** Nothing yet. */
export const unseen = (): Seen => ({ notes: new Map(), clients: new Map(), alike: new Set() })

/**
 * Keeps the notes of the trees that pass, and what clients' are made of.
 *
 * @param fileBefore the file that a client had before, by the name that it has now, or `null`
 */
export function* seeing(
  { notes, clients, alike }: Seen,
  trees: Iterable<NodeTree>,
  fileBefore: (client: string) => string | null,
): Generator<NodeTree> {
  for (const tree of trees) {
    if (tree.client) {
      clients.set(tree.node, tree.client)
      const before = fileBefore(tree.node)
      if (before !== null && settingsIn(before) === settingsIn(fileIn(tree))) alike.add(tree.node)
    }
    if (tree.notes) notes.set(tree.node, tree.notes)
    yield tree
  }
}

const fileIn = ({ files }: NodeTree): string => files.map(({ content }) => textOf(content)).join('')

/** What wg-quick reads of a file. */
const settingsIn = (text: string): string =>
  text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .join('\n')

/** A mesh, with the text that it was read from. */
export interface MeshAndText {
  readonly mesh: Mesh
  readonly text: string
}

/**
 * How the trees of two meshes differ, in order of path; both have their secrets hidden. A node that has another name is
 * compared with itself.
 */
export const treesBetween = (
  before: MeshAndText,
  after: MeshAndText,
  { nodes }: MeshChange,
  seen: Seen,
): Change[] => {
  const names = new Map([
    ...nodes.flatMap(one => (one.before && one.after ? [[one.before.name, one.after.name] as const] : [])),
    ...[...clientsBefore(before.mesh, after.mesh)].map(([name, was]) => [was.client.name, name] as const),
  ])
  const files = new Map<string, string>()
  const old = sumsOf(generate(withOldKeys(before.mesh, after.mesh), { source: before.text }), names, files)
  const fileBefore = (client: string): string | null =>
    (before.mesh.name === after.mesh.name ? files.get(client) : null) ?? null
  const now = sumsOf(seeing(seen, generate(after.mesh, { source: after.text }), fileBefore), new Map())
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path): Change[] => {
    const [was, is] = [old.get(path), now.get(path)]
    if (was === is) return []
    return [{ path, kind: was === undefined ? 'created' : is === undefined ? 'removed' : 'changed' }]
  })
}

/** What stands for a private key that is another now: it is in no file that is shown. */
const anotherKey = new PrivateKey('(another)')

/**
 * A mesh whose secrets are hidden says of all private keys the same. Where the public one is no longer there, the files
 * with the private one differ as well.
 */
const withOldKeys = (before: Mesh, after: Mesh): Mesh => {
  const kept = new Set(
    [...after.nodes, ...carriedIn(after).map(({ client }) => client)].map(({ publicKey }) => publicKey),
  )
  const old = <Owner extends Mesh['nodes'][number] | Mesh['nodes'][number]['clients'][number]>(
    owner: Owner,
  ): Owner =>
    owner.privateKey === null || kept.has(owner.publicKey) ? owner : { ...owner, privateKey: anotherKey }
  return {
    ...before,
    nodes: before.nodes.map(node => ({ ...old(node), clients: node.clients.map(old) })),
  }
}

/** Of each file only a sum, but for clients': the trees of a large mesh are larger than memory. */
const sumsOf = (
  trees: Iterable<NodeTree>,
  names: ReadonlyMap<string, string>,
  texts = new Map<string, string>(),
): Map<string, string> => {
  const sums = new Map<string, string>()
  for (const tree of trees) {
    const { node, files } = tree
    if (tree.client) texts.set(names.get(node) ?? node, fileIn(tree))
    for (const { path, content } of files)
      sums.set(
        `${names.get(node) ?? node}/${path}`,
        createHash('sha256').update(textOf(content)).digest('base64'),
      )
  }
  return sums
}
