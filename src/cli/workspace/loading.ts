import { dirname, resolve } from 'node:path'
import type { Diagnostic, Sources } from '../../diagnostics/index.js'
import { machineNames } from '../../edit/nodes.js'
import { readKeys } from '../../files/keys.js'
import { readMesh } from '../../files/read.js'
import { load } from '../../load.js'
import type { KeyRing, Mesh, Secrets } from '../../model/mesh.js'
import type { Source } from '../../parse/parse.js'
import type { Place } from '../command.js'
import { isLongText, saying } from '../output/progress.js'
import { need } from '../output/report.js'
import { isKeyless, requireKeys } from './keyless.js'

/** A mesh that is sound, what to mind about it, and the text that diagnostics point into. */
export interface Loaded {
  readonly mesh: Mesh
  readonly text: string
  readonly warnings: readonly Diagnostic[]
  readonly sources: Sources
  /** Whether the private keys were looked at as well. */
  readonly withKeys: boolean
}

/** The directory that mesh.ini and keys/ are in. */
export const homeOf = ({ directory, file }: Place): string => dirname(resolve(directory, file))

/** Reads and checks the mesh, for which its private keys must be here; `public` shows what a reviewer has. */
export const loadMesh = (place: Place, options: { readonly public?: boolean } = {}): Loaded =>
  loaded(place, (source, warnings) => {
    if (options.public) return 'hidden'
    const ring = ringOf(place, source, warnings)
    requireKeys(source, ring)
    return ring
  })

/** The mesh for a command that shows no secrets: keys are used where they are, and not asked for in a clone without. */
export const loadForShow = (place: Place): Loaded =>
  loaded(place, (source, warnings) => {
    const ring = ringOf(place, source, warnings)
    return isKeyless(source, ring) ? 'hidden' : ring
  })

const ringOf = (place: Place, { text }: Source, warnings: Diagnostic[]): KeyRing =>
  need(readKeys(homeOf(place), machineNames(text)), {}, warnings)

const loaded = (place: Place, secretsFor: (source: Source, warnings: Diagnostic[]) => Secrets): Loaded => {
  const source = need(readMesh(place.directory, place.file))
  const sources = { [place.file]: source.text }
  const warnings: Diagnostic[] = []
  const secrets = secretsFor(source, warnings)
  const mesh = need(
    saying(place.io, 'checking the mesh', isLongText(source.text), () => load(source, secrets)),
    sources,
    warnings,
  )
  return { mesh, text: source.text, warnings, sources, withKeys: secrets !== 'hidden' }
}
