import { resolve } from 'node:path'
import type { Diagnostic, Sources } from '../../diagnostics/index.js'
import { didYouMean } from '../../diagnostics/index.js'
import { appendNode, type Machine, machineNames, nodeNames } from '../../edit/index.js'
import { attempt, mendKeysFolder, publicHalf, readMesh, replaceFile, whileLocked } from '../../files/index.js'
import { load } from '../../load.js'
import type { KeyRing } from '../../model/mesh.js'
import { privateKeyOf } from '../../net/index.js'
import { scan } from '../../parse/scan.js'
import { UsageError } from '../arguments.js'
import type { Place } from '../command.js'
import { Failure, need, report } from '../output/report.js'
import { isKeyless } from './keyless.js'
import { homeOf } from './loading.js'

/** The text of a mesh.ini that is to be edited: of one whose lines cannot be read, nobody knows where to write. */
export const readForEdit = (place: Place): string => {
  const { text } = need(readMesh(place.directory, place.file))
  const { diagnostics } = scan(text, place.file)
  if (diagnostics.length > 0) throw new Failure(diagnostics, { [place.file]: text })
  return text
}

/** Runs an edit of mesh.ini that no other ciab-gen comes in between of. */
export const editing = <T>(place: Place, edit: () => T): T => {
  // Asked first, since the lock of a file that is not there says nothing to anybody.
  readForEdit(place)
  mendKeys(place)
  return need(attempt(() => whileLocked(resolve(place.directory, place.file), edit)))
}

/** Closes keys/ to other users and to git, and says so where it was open. */
export const mendKeys = (place: Place): void =>
  report(place.io, need(attempt(() => mendKeysFolder(homeOf(place)))), {})

/** Refuses names that no node has; of a client's it says so. */
export const requireNodes = (
  names: readonly string[],
  known: readonly string[],
  clients: readonly string[] = [],
): void => requireMachines('node', names, known, clients)

/** Refuses names that no machine of the kind has; `others` are those of the other kind. */
export const requireMachines = (
  kind: Machine | 'node or client',
  names: readonly string[],
  known: readonly string[],
  others: readonly string[] = [],
): void => {
  for (const name of names)
    if (!known.includes(name))
      throw new UsageError(
        `there is no ${kind} "${name}"`,
        others.includes(name)
          ? `${name} is a ${kind === 'client' ? 'node' : 'client'}: show ${name} tells of it`
          : didYouMean(name, known.slice(0, 200)),
      )
}

/** Refuses names that a node or client has already. */
export const requireFree = (
  names: readonly string[],
  nodes: readonly string[],
  machines: readonly string[],
): void => {
  for (const name of names)
    if (machines.includes(name))
      throw new UsageError(
        `there is a ${nodes.includes(name) ? 'node' : 'client'} "${name}" already`,
        'choose another name',
      )
}

/** What an edit would lead to. */
export interface Vetted {
  readonly nodes: number
  /** What there is to mind that was not before. */
  readonly news: readonly Diagnostic[]
  readonly sources: Sources
}

/** Refuses new text that makes no sound mesh; one without nodes may still get some. */
export const vet = (place: Place, text: string, keys: KeyRing, before: string | null): Vetted => {
  const sources = { [place.file]: text }
  const warnings: Diagnostic[] = []
  const nodes = nodeNames(text).length
  const source = { file: place.file, text: nodes === 0 ? withStandIn(text) : text }
  const secrets = isKeyless(source, keys) ? 'hidden' : keys
  const mesh = load(source, secrets)
  if (!mesh.ok) throw new Failure(mesh.diagnostics, sources, before === null ? null : unchanged(place))
  need(mesh, sources, warnings)
  const old =
    before === null || warnings.length === 0 ? null : load({ file: place.file, text: before }, secrets)
  const factOf = ({ code, subject }: Diagnostic): string => `${code} ${subject}`
  const known = new Set(old?.ok ? old.warnings.map(factOf) : [])
  return { nodes, news: warnings.filter(warning => !known.has(factOf(warning))), sources }
}

/** Its lines are not those that the diagnostics show. */
const unchanged = ({ file }: Place): string =>
  `${file} was not changed; the lines above are those it would have had`

/** A change of mesh.ini. */
export interface Change<T> {
  readonly text: string
  /** The secrets that the new text goes with. */
  readonly ring: KeyRing
  /** Puts the text in its place by `replace`, with what is to be done about keys before and after. */
  readonly write: (replace: () => void) => T
}

/** A change that is done. */
export interface Edited<T> {
  /** How many the mesh has now. */
  readonly nodes: number
  /** Whether the text is another. */
  readonly changed: boolean
  /** What `write` answered. */
  readonly done: T
}

/**
 * What every command does that edits mesh.ini: nothing comes in between, the new text makes a sound mesh before it
 * replaces the old, and what is new to mind is said. `machines` are the nodes and the clients: whoever has a key.
 */
export const editMesh = <T>(
  place: Place,
  change: (before: string, nodes: readonly string[], machines: readonly string[]) => Change<T>,
): Edited<T> => {
  const path = resolve(place.directory, place.file)
  const { vetted, ...edited } = editing(place, () => {
    const before = readForEdit(place)
    const { text, ring, write } = change(before, nodeNames(before), machineNames(before))
    const vetted = vet(place, text, ring, before)
    const changed = text !== before
    return { vetted, changed, done: write(() => changed && replaceFile(path, text, before)) }
  })
  report(place.io, vetted.news, vetted.sources)
  return { ...edited, nodes: vetted.nodes }
}

/** The text with a node, so that the rest of an empty mesh can be looked at. */
const withStandIn = (text: string): string => {
  const publicKey = publicHalf(privateKeyOf(new Uint8Array(32)))
  return need(
    appendNode(text, 'node1', [
      ['id', '1'],
      ['endpoint', 'none'],
      ['public-key', publicKey],
      ['key-on-node', 'yes'],
    ]),
  )
}
