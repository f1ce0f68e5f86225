/** What a line of the damage report is about; tests and scripts go by it, people by the words. */
export type Topic =
  // Stored broken, or never read
  | 'address'
  | 'allowed-ips'
  | 'endpoint'
  | 'exclude'
  | 'hook'
  | 'key'
  | 'number'
  | 'pool'
  | 'unread'
  // Changes on the wire
  | 'firewall'
  | 'fwmark'
  | 'keepalive'
  | 'metadata-route'
  | 'mtu'
  | 'overlay-route'
  | 'port'
  | 'preshared-key'
  | 'relay'
  | 'route'
  | 'vxlan'
  // The rest
  | 'bgp'
  | 'client'
  | 'compatibility'
  | 'containers'
  | 'families'
  | 'name'
  | 'save-config'

/**
 * - `broken`: a value that was stored or written so that it could not work, and what it is taken to mean
 * - `wire`: something that packets will notice
 * - `renamed`: a name that had to change
 * - `left-out`: something that mesh.ini has no words for, or that was never read
 * - `meanwhile`: which pairs of nodes have something of each other while one has its new file and the other the old
 * - `assumed`: what the files do not say, and what it is taken to be
 */
export type FindingKind = 'broken' | 'wire' | 'renamed' | 'left-out' | 'assumed' | 'meanwhile'

/** One line of the damage report. Never holds a private or preshared key. */
export interface Finding {
  readonly kind: FindingKind
  readonly topic: Topic
  /** The node it is about, as the file calls it, or `null` for the whole mesh. */
  readonly node: string | null
  readonly text: string
}

/** Collects the findings of an import. */
export class Findings {
  readonly all: Finding[] = []

  /** What was found before a node had its name is said under it. */
  rename(from: string, to: string): void {
    for (const [index, finding] of this.all.entries())
      if (finding.node === from) this.all[index] = { ...finding, node: to }
  }

  add(kind: FindingKind, topic: Topic, node: string | null, text: string): void {
    this.all.push({ kind, topic, node, text })
  }

  broken(topic: Topic, node: string | null, text: string): void {
    this.add('broken', topic, node, text)
  }

  wire(topic: Topic, node: string | null, text: string): void {
    this.add('wire', topic, node, text)
  }

  leftOut(topic: Topic, node: string | null, text: string): void {
    this.add('left-out', topic, node, text)
  }

  assumed(topic: Topic, node: string | null, text: string): void {
    this.add('assumed', topic, node, text)
  }
}

const headings: Readonly<Record<FindingKind, string>> = {
  broken: 'Stored broken, and what it is taken to mean',
  wire: 'What changes on the wire',
  renamed: 'Names that changed',
  'left-out': 'Left out',
  assumed: 'Taken to be so: look at these',
  meanwhile: 'While one node moves after the other',
}

/** Most names that a person reads one by one. */
const mostNamed = 8

/** Names as a report lists them. */
export const several = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`

/** The damage report as text; what is the same for several nodes stands once. */
export const reportText = (findings: readonly Finding[]): string =>
  (Object.keys(headings) as FindingKind[])
    .map(kind => [kind, linesOf(findings.filter(finding => finding.kind === kind))] as const)
    .filter(([, lines]) => lines.length > 0)
    .map(([kind, lines]) => `${headings[kind]}:\n${lines.map(line => `  - ${line}\n`).join('')}`)
    .join('\n')

const linesOf = (findings: readonly Finding[]): string[] => {
  const nodes = new Map<string, string[]>()
  for (const { node, text } of findings)
    nodes.set(text, [...(nodes.get(text) ?? []), ...(node === null ? [] : [node])])
  return [...nodes].map(([text, names]) =>
    printable(names.length === 0 ? text : `${several([...new Set(names)])}: ${text}`),
  )
}

/** Names and values come from foreign files: nothing in them may move the cursor or begin a line. */
const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '?')
