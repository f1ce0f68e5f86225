import type { Result } from '../diagnostics/index.js'
import { meshFolder } from '../generate.js'
import { attempt, refuse } from './fault.js'
import { readRegular } from './read.js'
import { OutputDirectory, requireSafe } from './safe-path.js'

/** Whether a tree holds keys, or stands for one with `(hidden)` in their places. */
export type TreeKind = 'secret' | 'public'

/** What ciab-gen wrote into an output directory: it changes and removes these files and no others. */
export interface Manifest {
  readonly kind: TreeKind
  readonly paths: ReadonlySet<string>
  /** The version of ciab-gen that wrote it last; `null` where it does not say so. */
  readonly generator: string | null
}

export const manifestFile = '.ciab-gen.json'

/** Paths that a run is about to create; it is left behind only by a run that did not finish. */
export const pendingFile = '.ciab-gen.pending'

const largestManifest = 256 * 1024 * 1024

/** The manifest of a directory, with what an unfinished run noted down, or `null` where there is neither. */
export const readManifest = (directory: OutputDirectory, kind: TreeKind): Manifest | null => {
  const text = read(directory, manifestFile)
  // Only whole lines: a path cut short could be somebody else's file.
  const pending = (read(directory, pendingFile) ?? '').split('\n').slice(0, -1)
  if (text === null && pending.length === 0) return null
  const listed = text === null ? { kind, paths: [], generator: null } : parseManifest(text)
  const paths = new Set([...listed.paths, ...pending])
  for (const path of paths) requireSafe(path)
  return { ...listed, paths }
}

/** What ciab-gen wrote into a directory, or `null` where there is nothing of it. */
export const listTree = (directory: string): Result<Manifest | null> =>
  attempt(() => {
    const output = new OutputDirectory(directory)
    return output.exists ? readManifest(output, 'secret') : null
  })

/**
 * One line for each node, in order, and last that of the mesh's folder, which is always there: so a node that comes or
 * goes changes no other's comma in a committed manifest.
 */
export const printManifest = ({ kind, paths, generator }: Manifest): string => {
  const byNode = new Map<string, string[]>()
  const inOrder = [...paths].sort()
  const isOfMesh = (path: string): boolean => path.startsWith(`${meshFolder}/`)
  for (const path of [...inOrder.filter(path => !isOfMesh(path)), ...inOrder.filter(isOfMesh)]) {
    const slash = path.indexOf('/')
    const files = byNode.get(path.slice(0, slash)) ?? []
    files.push(path.slice(slash + 1))
    byNode.set(path.slice(0, slash), files)
  }
  const lines = [...byNode].map(([node, files]) => `    ${JSON.stringify(node)}: ${JSON.stringify(files)}`)
  const body = lines.length > 0 ? `{\n${lines.join(',\n')}\n  }` : '{}'
  const maker = generator === null ? '' : `  "generator": ${JSON.stringify(generator)},\n`
  return `{\n  "version": 1,\n${maker}  "kind": "${kind}",\n  "files": ${body}\n}\n`
}

const read = (directory: OutputDirectory, file: string): string | null => {
  const found = directory.stat(file)
  if (!found) return null
  if (!found.isFile()) return damaged('is not a regular file')
  const bytes = readRegular(directory.resolve(file), largestManifest)
  return typeof bytes === 'string' ? damaged('cannot be read') : Buffer.from(bytes).toString('utf8')
}

const parseManifest = (text: string): { kind: TreeKind; paths: string[]; generator: string | null } => {
  if (text.trim() === '') return damaged('is empty')
  const { version, generator = null, kind, files } = objectIn(text)
  if (version !== 1) return damaged('was written by another version of ciab-gen')
  if (generator !== null && (typeof generator !== 'string' || !/^[\w.+-]{1,40}$/.test(generator)))
    return damaged('is damaged')
  if ((kind !== 'secret' && kind !== 'public') || typeof files !== 'object' || files === null)
    return damaged('is damaged')
  const paths: string[] = []
  for (const [node, names] of Object.entries(files)) {
    if (!Array.isArray(names)) return damaged('is damaged')
    for (const name of names) paths.push(typeof name === 'string' ? `${node}/${name}` : damaged('is damaged'))
  }
  return { kind, paths, generator }
}

const objectIn = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  return damaged('is damaged')
}

const damaged = (what: string): never =>
  refuse(
    'manifest-syntax',
    `${manifestFile} ${what}`,
    'delete it, and run "ciab-gen gen" again: what is as it would write it counts as written by it, the rest it names',
  )
