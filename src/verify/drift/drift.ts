import type { Diagnostic, Span } from '../../diagnostics/index.js'
import type { FileText } from '../../readers/index.js'
import { type NodeFolder, readNode } from '../node.js'
import { isRead, pathWithin } from '../paths.js'
import { newReaders, type Readers } from '../readers.js'
import { type Fact, hidden, type Names, numbered } from './fact.js'
import { filterFacts } from './filter-facts.js'
import { lineFacts } from './line-facts.js'
import { routingFacts } from './routing-facts.js'
import { tunnelFacts } from './tunnel-facts.js'

/**
 * What files of nodes say that those of another tree do not say, and the other way round: both are read by the same readers,
 * and what is compared is what they mean, not how they are written. A warning each, at its line in the given tree.
 *
 * @param wanted what a mesh.ini means, as files: `gen` would write them. They are looked at one by one
 * @param given the files that are there
 * @param names what mesh.ini calls those with an address or a public key
 * @param source what `wanted` comes from, as sentences call it
 */
export const driftBetween = (
  wanted: Iterable<NodeFolder>,
  given: readonly NodeFolder[],
  names: Names = new Map(),
  source = 'mesh.ini',
): Diagnostic[] => {
  const there = new Map(given.map(folder => [folder.name, folder]))
  const readers = newReaders()
  const told = new Map<string, readonly Diagnostic[]>()
  for (const folder of wanted) {
    const own = there.get(folder.name)
    if (own) told.set(folder.name, driftOf(folder, own, names, source, readers))
  }
  return given.flatMap(
    ({ name }) =>
      told.get(name) ?? [warning(`${name} has a folder, and is no node of ${source}`, null, name, source)],
  )
}

/** Files with keys alone, which the tunnel's facts tell of, and which nobody collects. */
const isSecret = (path: string): boolean => /\.(key|psk)$/.test(path)

const driftOf = (
  wanted: NodeFolder,
  given: NodeFolder,
  names: Names,
  source: string,
  readers: Readers,
): Diagnostic[] => {
  const { name } = wanted
  const byPath = ({ files }: NodeFolder): Map<string, FileText> =>
    new Map(
      files
        .map(file => [pathWithin(name, file.file), file] as const)
        .filter(([path]) => isRead(path) && !isSecret(path)),
    )
  const [left, right] = [byPath(wanted), byPath(given)]
  if ([...left].every(([path, { text }]) => right.get(path)?.text === text) && !more(left, right).length)
    return []
  const missing = [...left.keys()].filter(path => !right.has(path))
  const [first] = [...right.values()]
  const nowhere: Span | null = first ? { file: first.file, line: 1, column: 1, length: 1 } : null
  const extra = more(left, right)
  const told = [
    ...missing.map(path => warning(`${name} lacks the file ${path}`, null, name, source)),
    ...extra.map(path =>
      warning(
        `${name} has the file ${path} too`,
        { file: right.get(path)?.file ?? '', line: 1, column: 1, length: 1 },
        name,
        source,
      ),
    ),
  ]
  const common = (folder: NodeFolder): NodeFolder => ({
    name,
    files: folder.files.filter(({ file }) => {
      const path = pathWithin(name, file)
      return isSecret(path) || (left.has(path) && right.has(path))
    }),
  })
  const [ours, theirs] = [factsOf(common(wanted), names, readers), factsOf(common(given), names, readers)]
  // What cannot be read is told of where it is read.
  if (!ours || !theirs) return told
  return [...told, ...differences(ours, theirs, name, source, span => placeIn(span, name, right) ?? nowhere)]
}

/** Files of ours that are there beside those that are wanted; what else a node has is its own affair. */
const more = (wanted: ReadonlyMap<string, FileText>, given: ReadonlyMap<string, FileText>): string[] =>
  [...given.keys()].filter(path => path.startsWith('etc/ciab/') && !wanted.has(path))

/** The beginning of the file that is the same in the given tree. */
const placeIn = (span: Span, name: string, files: ReadonlyMap<string, FileText>): Span | null => {
  const file = files.get(pathWithin(name, span.file))?.file
  return file === undefined ? null : { file, line: 1, column: 1, length: 1 }
}

/** All that the files of a node say; `null` where its tunnel cannot be read. */
const factsOf = (folder: NodeFolder, names: Names, readers: Readers): Fact[] | null => {
  const read = readNode(folder, readers)
  if (!read.ok) return null
  const facts = read.value ? tunnelFacts(read.value, names) : []
  for (const file of folder.files) {
    const path = pathWithin(folder.name, file.file)
    if (path === 'etc/frr/frr.conf') facts.push(...routingFacts(folder.name, file, names, readers.frr))
    else if (path.endsWith('.nft')) facts.push(...filterFacts(folder.name, file, readers.nft))
    else if (!isSecret(path) && !path.endsWith('.fdb'))
      facts.push(...lineFacts(folder.name, path, file, taken(file, facts)))
  }
  return numbered(facts)
}

const taken = ({ file, text }: FileText, facts: readonly Fact[]): ReadonlySet<number> => {
  const lines = new Set(facts.filter(({ span }) => span.file === file).map(({ span }) => span.line))
  // Of the tunnel's own file its reader takes all.
  for (const [index, line] of text.split('\n').entries())
    if (
      /^\s*(-\s*)?(PrivateKey|PrivateKeyFile|PresharedKey\w*|MACAddress|Destination|private|shared)\s*[=:]/.test(
        line,
      )
    )
      lines.add(index + 1)
  return lines
}

const differences = (
  wanted: readonly Fact[],
  given: readonly Fact[],
  node: string,
  source: string,
  placeOf: (span: Span) => Span | null,
): Diagnostic[] => {
  const [ours, theirs] = [keyed(wanted), keyed(given)]
  const found: Diagnostic[] = []
  const touched = new Set<string>()
  const say = (fact: Fact, message: string, span: Span | null): void => {
    touched.add(fact.group)
    found.push(warning(message, span, node, source))
  }
  const groups = new Map(given.map(({ group, span }) => [group, span]))
  for (const fact of given)
    if (fact.lacks !== '' && fact.value !== hidden && !ours.has(fact.key) && isWhole(fact, ours))
      say(fact, `${fact.has} too`, fact.span)
  for (const fact of wanted)
    if (fact.lacks !== '' && !theirs.has(fact.key) && isWhole(fact, theirs)) {
      const near = groups.get(fact.group) ?? (fact.under === null ? undefined : theirs.get(fact.under)?.span)
      say(fact, fact.lacks, near ?? placeOf(fact.span))
    }
  for (const fact of given) {
    const other = ours.get(fact.key)
    if (!other || other.value === fact.value || [other, fact].some(({ value }) => value === hidden)) continue
    // Where members differ their order is no news.
    if (fact.key.endsWith(' order') && touched.has(fact.group)) continue
    const same = other.has === fact.has
    say(fact, same ? fact.has : `${fact.has}, where ${source} means ${tail(other.has, fact.has)}`, fact.span)
  }
  return found
}

/** Whether what it is part of is there, so that it is the part that is amiss. */
const isWhole = ({ under }: Fact, facts: ReadonlyMap<string, Fact>): boolean =>
  under === null || facts.has(under)

const keyed = (facts: readonly Fact[]): Map<string, Fact> => new Map(facts.map(fact => [fact.key, fact]))

/** What of one sentence another has otherwise: `51820` of `node1 listens on 51820`. */
const tail = (wanted: string, given: string): string => {
  const [one, other] = [wanted.split(' '), given.split(' ')]
  const from = one.findIndex((word, at) => word !== other[at])
  return one.slice(Math.max(0, from)).join(' ')
}

const warning = (message: string, span: Span | null, node: string, source: string): Diagnostic => ({
  severity: 'warning',
  code: 'verify-drift',
  message,
  span,
  subject: `${node} ${message}`,
  hint: `copy the files that "ciab-gen gen" writes of ${source}, or change that`,
})
