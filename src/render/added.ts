import type { Mesh } from '../model/mesh.js'
import type { NodePlan } from '../model/plan.js'
import { chunk } from './chunks.js'
import type { OutputFile } from './target.js'

/** What an {@link AddedTarget} writes about. Every secret in it is hidden. */
export interface WholeMesh {
  readonly mesh: Mesh
  /** Every node's plan, in order of id; one is made when it is asked for, and again when it is asked for again. */
  readonly plans: Iterable<NodePlan>
}

/** A file of an {@link AddedTarget}. */
export interface AddedFile {
  /** Within the target's folder, with `/`: `inventory.json`. */
  readonly path: string
  /** Lines, without control characters. */
  readonly text: string
}

/**
 * A target of one's own that is for no concern of a node, and beside any others: an inventory, a list for monitoring, a
 * page. Its files are the mesh's, in `_mesh/<name>/`. Pure: the same mesh, the same files.
 */
export interface AddedTarget {
  /** Its folder: lower-case letters, digits and hyphens. */
  readonly name: string
  files(whole: WholeMesh): readonly AddedFile[]
}

/** The files of added targets, in the mesh's folder. What they may not do is an exception that says it. */
export const addedFiles = (targets: readonly AddedTarget[], whole: WholeMesh): OutputFile[] => {
  const names = new Set<string>()
  return targets.flatMap(target => {
    const { name } = target
    if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,39}$/.test(name))
      throw new TypeError(
        `an added target is called ${JSON.stringify(name)}, and not in lower-case letters, digits and hyphens`,
      )
    if (names.has(name)) throw new TypeError(`two added targets are called ${name}`)
    names.add(name)
    return filesOf(target, whole)
  })
}

const filesOf = (target: AddedTarget, whole: WholeMesh): OutputFile[] => {
  const files: unknown = target.files(whole)
  if (!Array.isArray(files)) throw new TypeError(`${target.name} gives no list of files`)
  const paths = new Set<string>()
  return files.map((file: Partial<AddedFile> | null): OutputFile => {
    const { path, text } = file ?? {}
    if (typeof path !== 'string' || !isPath(path))
      throw new TypeError(`${target.name} writes to ${JSON.stringify(path)}, which is no path in its folder`)
    if (paths.has(path)) throw new TypeError(`${target.name} writes ${path} twice`)
    paths.add(path)
    if (typeof text !== 'string' || controls.test(text))
      throw new TypeError(`${target.name} writes no text to ${path}, or control characters`)
    return { path: `${target.name}/${path}`, mode: 0o644, secret: false, content: [chunk(text)] }
  })
}

/** Words with `/` between them, none of which is hidden or leads elsewhere. */
const isPath = (path: string): boolean =>
  path.length <= 200 && path.split('/').every(part => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(part))

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/
