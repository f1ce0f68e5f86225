import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type GenerateOptions, generate, type NodeTree } from '../../generate.js'
import type { Mesh } from '../../model/mesh.js'
import type { AddedTarget } from '../../render/added.js'
import { all, UsageError } from '../arguments.js'
import type { Arguments, Place } from '../command.js'

/** The paths that --target names. */
export const targetsIn = (args: Arguments, only: readonly string[] | undefined): string[] => {
  const paths = all(args, 'target')
  if (paths.includes('')) throw new UsageError('--target has no value', 'write --target FILE')
  if (paths.length > 0 && only)
    throw new UsageError('--target is about the whole mesh', 'leave out the names of nodes')
  return paths
}

/** What `generate` gives; what an added target may not do is said before anything is written. */
export const generating = (mesh: Mesh, options: GenerateOptions): Generator<NodeTree> => {
  try {
    return generate(mesh, options)
  } catch (error) {
    if (error instanceof TypeError && options.added?.length)
      throw new UsageError(`--target: ${error.message}`)
    throw error
  }
}

/**
 * The modules that --target names on the command line. They are programs of whoever types it; mesh.ini, which may be
 * somebody else's, names none.
 */
export const addedTargets = async (place: Place, paths: readonly string[]): Promise<AddedTarget[]> => {
  const targets: AddedTarget[] = []
  for (const path of paths) targets.push(await targetAt(place, path))
  return targets
}

const targetAt = async ({ directory }: Place, path: string): Promise<AddedTarget> => {
  // Some releases of Node load it and others do not, or warn on the way.
  if (/\.[mc]?tsx?$/.test(path))
    throw new UsageError(
      `--target ${path} is TypeScript, which is not loaded`,
      `compile it, and write --target ${path.replace(/tsx?$/, 'js')}`,
    )
  const target = defaultOf(await loading(path, () => import(pathToFileURL(resolve(directory, path)).href)))
  if (typeof target?.name !== 'string' || typeof target.files !== 'function')
    throw new UsageError(
      `--target ${path} is no target`,
      'it has export default { name: "NAME", files: whole => [{ path, text }] }',
    )
  const { name } = target
  return { name, files: whole => telling(path, () => target.files(whole)) }
}

const defaultOf = (module: unknown): Partial<AddedTarget> & { files: AddedTarget['files'] } =>
  (module as { default: never }).default

const loading = async (path: string, load: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await load()
  } catch (error) {
    throw failure(path, 'cannot be loaded', error)
  }
}

const telling = <T>(path: string, make: () => T): T => {
  try {
    return make()
  } catch (error) {
    throw failure(path, 'failed', error)
  }
}

/** What is wrong in a program of somebody else's is told in its words. */
const failure = (path: string, what: string, error: unknown): UsageError =>
  new UsageError(
    `--target ${path} ${what}: ${(error instanceof Error ? error.message : String(error)).split('\n', 1)[0]}`,
  )
