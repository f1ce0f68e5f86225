import { withoutSecrets } from './json/index.js'
import type { ClientPlan } from './model/client-plan.js'
import type { Mesh } from './model/mesh.js'
import { planClients } from './plan/client.js'
import { planMesh, planner } from './plan/plan.js'
import { type AddedTarget, addedFiles, type WholeMesh } from './render/added.js'
import { checker } from './render/checked.js'
import { chunk } from './render/chunks.js'
import { clientPage } from './render/client-page.js'
import type { NodeNotes } from './render/notes.js'
import { notesFor, notesPage } from './render/notes-page.js'
import { refuseMissing, renderer, renderMesh } from './render/render.js'
import type { OutputFile, Target } from './render/target.js'
import { targets as allTargets } from './targets/index.js'
import { clientFile } from './targets/tunnel/client.js'

/** Stands for a node's name where files belong to the mesh as a whole; no node can be called so. */
export const meshFolder = '_mesh'

/** The copy of mesh.ini in {@link meshFolder}: what the tree was made of, and a later one is compared with. */
export const sourceCopy = 'mesh.ini'

/** One node's or client's part of the tree, or the mesh's. */
export interface NodeTree {
  /** The name of the node or client, or {@link meshFolder}. */
  readonly node: string
  /** Paths relative to the node's root; a client has one file. */
  readonly files: readonly OutputFile[]
  /** Of a client. */
  readonly client?: ClientPlan
  /** What the operator does with the files of a node. */
  readonly notes?: NodeNotes
}

/** What {@link generate} may be told. */
export interface GenerateOptions {
  /** Names of nodes and clients: only their files and notes. */
  readonly nodes?: readonly string[]
  /** Those that the mesh was made with: every node's are among them, or that is an exception. */
  readonly targets?: readonly Target[]
  /** The text of mesh.ini, for the mesh's folder. */
  readonly source?: string
  /** Targets of one's own for the mesh as a whole; not where only some nodes are asked for. */
  readonly added?: readonly AddedTarget[]
}

/**
 * Every node's files, one node at a time in order of id, then those of clients, and last those of the mesh's folder:
 * the notes on how to install each, what belongs to no node alone, and the mesh.ini itself where its text is given. Of
 * named nodes and clients only their files and notes.
 */
export const generate = (mesh: Mesh, options: GenerateOptions = {}): Generator<NodeTree> => {
  const targets = options.targets ?? allTargets
  // At once, and not when the first tree is asked for.
  for (const node of mesh.nodes) refuseMissing(node.name, node.targets, targets)
  const { added = [], nodes } = options
  return trees(mesh, targets, options, nodes ? [] : addedFiles(added, wholeOf(mesh)))
}

/** The mesh for whoever writes about all of it, without its secrets. */
const wholeOf = (mesh: Mesh): WholeMesh => {
  const shown = withoutSecrets(mesh)
  return {
    mesh: shown,
    plans: {
      *[Symbol.iterator]() {
        const planOf = planner(shown)
        for (const node of shown.nodes) yield planOf(node)
      },
    },
  }
}

function* trees(
  mesh: Mesh,
  targets: readonly Target[],
  options: GenerateOptions,
  added: readonly OutputFile[],
): Generator<NodeTree> {
  const planOf = planner(mesh)
  const filesOf = renderer(targets)
  const check = checker()
  const written: NodeNotes[] = []
  for (const node of mesh.nodes) {
    if (options.nodes && !options.nodes.includes(node.name)) continue
    const plan = planOf(node)
    const files = filesOf(plan)
    const notes = notesFor(plan, targets)
    written.push(notes)
    yield { node: node.name, files, notes }
  }
  const pages = written.map(notesPage)
  for (const client of planClients(mesh)) {
    if (options.nodes && !options.nodes.includes(client.name)) continue
    check(client)
    pages.push(clientPage(client))
    yield { node: client.name, files: [clientFile(client)], client }
  }
  const ofMesh = options.nodes
    ? []
    : [
        ...renderMesh(planMesh(mesh), targets),
        ...(options.source === undefined ? [] : [sourceFile(options.source)]),
      ]
  yield { node: meshFolder, files: [...pages, ...ofMesh, ...added] }
}

/** Public facts only, as mesh.ini is. */
const sourceFile = (text: string): OutputFile => ({
  path: sourceCopy,
  mode: 0o644,
  secret: false,
  content: [chunk(text)],
})
