import type { Diagnostic, Sources } from '../../diagnostics/index.js'
import { parse } from '../../parse/parse.js'
import type { NodeFolder } from '../../verify/index.js'
import type { Place } from '../command.js'
import { saying } from '../output/progress.js'
import { Failure } from '../output/report.js'
import type { Loaded } from './loading.js'

/**
 * Refuses a mesh whose files would not do what its [expect] says: they are made in memory and read back. What they do not
 * decide is among the warnings. Without [expect] nothing is made, and what makes it is not loaded.
 */
export const asExpected = async (place: Place, loaded: Loaded): Promise<Loaded> => {
  const { mesh, text } = loaded
  if (!/^[^\S\n]*\[[^\S\n]*expect[^\S\n]*\]/m.test(text)) return loaded
  const { expectationsIn, foldersOf } = await import('../../expect/index.js')
  const { generate } = await import('../../generate.js')
  const { expectationsHeld } = await import('../../verify/index.js')
  const spec = parse({ file: place.file, text })
  const expectations = spec.ok ? expectationsIn(spec.value, mesh) : []
  if (expectations.length === 0) return loaded
  const [found, folders] = saying(
    place.io,
    'trying what [expect] says',
    mesh.nodes.length > 100,
    (): [readonly Diagnostic[], readonly NodeFolder[]] => {
      const made = foldersOf(generate(mesh))
      return [expectationsHeld(made, expectations), made]
    },
  )
  const sources = { ...loaded.sources, ...sourcesOf(found, folders) }
  if (found.some(({ severity }) => severity === 'error')) throw new Failure(found, sources)
  return { ...loaded, warnings: [...loaded.warnings, ...found], sources }
}

/** The texts that places lie in. */
export const sourcesOf = (found: readonly Diagnostic[], folders: readonly NodeFolder[]): Sources => {
  const named = new Set(found.flatMap(({ span, related }) => [span?.file, related?.span.file]))
  return Object.fromEntries(
    folders.flatMap(({ files }) =>
      files.filter(({ file }) => named.has(file)).map(({ file, text }) => [file, text]),
    ),
  )
}
