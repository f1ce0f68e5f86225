import { type Diagnostic, nearest, type Result, resultOf } from '../diagnostics/index.js'
import type {
  ClientKeys,
  GroupSpec,
  Located,
  MeshSpec,
  NodeKeys,
  SectionSpec,
  SegmentSpec,
  TenantSpec,
} from '../model/spec.js'
import {
  type Parsed,
  parseLabel,
  parseNodeName,
  parseSegmentName,
  parseTenantName,
  quoted,
} from '../net/index.js'
import { list } from './fields.js'
import { brief, mostFaults, type ScannedEntry, type ScannedSection, scan } from './scan.js'
import {
  clientFields,
  groupFields,
  meshFields,
  nodeFields,
  segmentFields,
  targetFields,
  tenantFields,
} from './schema.js'
import { error, readSection } from './section.js'

/** A mesh.ini: its text and the name that diagnostics call it by. */
export interface Source {
  readonly file: string
  readonly text: string
}

/**
 * Reads the text of a mesh.ini into its sections, values checked one by one.
 *
 * Total: any text gives a {@link MeshSpec} or diagnostics that point into it. All that is wrong with the
 * text is reported at once; what needs two values compared is left to resolve.
 */
export const parse = (source: Source): Result<MeshSpec> => {
  const { sections, diagnostics: faults } = scan(source.text, source.file)
  const reader = new Reader([...faults])
  for (const section of sections) {
    if (reader.diagnostics.length >= mostFaults) break
    reader.section(section)
  }
  const misspelt = reader.diagnostics.some(({ code }) => code === 'unknown-section')
  if (!reader.mesh && !misspelt && faults.length === 0) {
    const hint = 'begin with [mesh], or let "ciab-gen init" write the file'
    const span = { file: source.file, line: 1, column: 1, length: 1 }
    reader.diagnostics.push(error('missing-section', 'there is no [mesh] section', span, hint))
  }
  return resultOf(reader.diagnostics, () => ({
    mesh: reader.mesh as MeshSpec['mesh'],
    nodes: reader.nodes,
    clients: reader.clients,
    groups: reader.groups,
    segments: reader.segments,
    tenants: reader.tenants,
    exclude: reader.exclude,
    targets: reader.targets,
  }))
}

/** Kinds of sections: any number of each with a name, and those that stand once. */
const named = ['node', 'client', 'group', 'segment', 'tenant']
const single = ['mesh', 'exclude', 'targets']

class Reader {
  mesh: MeshSpec['mesh'] | null = null
  targets: MeshSpec['targets'] = {}
  readonly nodes: SectionSpec<NodeKeys>[] = []
  readonly clients: SectionSpec<ClientKeys>[] = []
  readonly groups: GroupSpec[] = []
  readonly segments: SegmentSpec[] = []
  readonly tenants: TenantSpec[] = []
  readonly exclude: (readonly [Located<string>, Located<string>])[] = []

  constructor(readonly diagnostics: Diagnostic[]) {}

  section(section: ScannedSection): void {
    const [kind, name, ...rest] = section.header.split(' ')
    if (section.header === '') return
    if (kind === 'mesh' && name === undefined) this.readMesh(section)
    else if (kind === 'exclude' && name === undefined) this.readExclude(section)
    else if (kind === 'targets' && name === undefined)
      this.targets = readSection(section, targetFields, this.diagnostics)
    else if ((kind === 'node' || kind === 'client' || kind === 'group') && rest.length === 0)
      this.readNamed(section, kind, name ?? '')
    else if (kind === 'segment' && rest.length === 0) this.readSegment(section, name ?? '')
    else if (kind === 'tenant' && rest.length === 0) this.readTenant(section, name ?? '')
    else {
      const meant = nearest(kind ?? '', [...named, ...single])
      const written = meant && named.includes(meant) ? `[${meant} NAME], the name in one word` : `[${meant}]`
      const all = [...named.map(kind => `[${kind} NAME]`), ...single.map(kind => `[${kind}]`)]
      const hint = `write ${meant ? written : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`}`
      const message = `[${brief(section.header)}] is not a section of mesh.ini`
      this.diagnostics.push(error('unknown-section', message, section.span, hint))
    }
  }

  private readMesh(section: ScannedSection): void {
    const keys = readSection(section, meshFields, this.diagnostics)
    this.mesh ??= { span: section.span, keys }
  }

  private readNamed(section: ScannedSection, kind: 'node' | 'client' | 'group', name: string): void {
    const label = (kind === 'group' ? parseLabel : parseNodeName)(name)
    if (name === '')
      this.diagnostics.push(error('node-name', `a ${kind} has a name`, section.span, `write [${kind} NAME]`))
    else if (!label.ok) this.diagnostics.push(error('node-name', label.message, section.span, label.hint))
    if (kind === 'node') {
      const keys = readSection(section, nodeFields, this.diagnostics)
      this.nodes.push({ name, span: section.span, keys })
      return
    }
    if (kind === 'client') {
      this.clients.push({
        name,
        span: section.span,
        keys: readSection(section, clientFields, this.diagnostics),
      })
      return
    }
    const { members, ...keys } = readSection(section, groupFields, this.diagnostics)
    this.groups.push({
      name,
      span: section.span,
      keys,
      members: members ? membersIn(section, 'members') : [],
    })
  }

  private readSegment(section: ScannedSection, name: string): void {
    this.checkNetworkName('segment', parseSegmentName(name), section, name)
    const { nodes, ...keys } = readSection(section, segmentFields, this.diagnostics)
    const members = nodes ? anyIn(section, 'nodes') : null
    this.segments.push({ name, span: section.span, keys, nodes: members })
  }

  private readTenant(section: ScannedSection, name: string): void {
    this.checkNetworkName('tenant', parseTenantName(name), section, name)
    const { nodes, share, ...keys } = readSection(section, tenantFields, this.diagnostics)
    const members = nodes ? anyIn(section, 'nodes') : null
    const shares = share ? anyIn(section, 'share') : []
    this.tenants.push({ name, span: section.span, keys, nodes: members, share: shares })
  }

  private checkNetworkName(kind: string, read: Parsed<string>, { span }: ScannedSection, name: string): void {
    if (read.ok) return
    this.diagnostics.push(
      name === ''
        ? error('network-name', `a ${kind} has a name`, span, `write [${kind} NAME]`)
        : error('network-name', read.message, span, read.hint),
    )
  }

  private readExclude(section: ScannedSection): void {
    for (const entry of section.entries) {
      if (this.diagnostics.length >= mostFaults) break
      const members = list(parseLabel)(entry.value)
      const name = parseLabel(entry.key)
      const hint = 'write node1 = node4, node5'
      if (!name.ok) this.diagnostics.push(error('node-name', name.message, entry.keySpan, name.hint))
      else if (entry.value === '')
        this.diagnostics.push(
          error('empty-value', `${quoted(entry.key)} is excluded from nobody`, entry.keySpan, hint),
        )
      else if (!members.ok) this.diagnostics.push(error(members.code, members.message, entry.valueSpan, hint))
      else
        for (const member of memberSpans(entry))
          this.exclude.push([{ value: entry.key, span: entry.keySpan }, member])
    }
  }
}

/** The members that a key of the section names, each with its own place. */
const membersIn = (section: ScannedSection, key: string): Located<string>[] =>
  section.entries.filter(entry => entry.key === key).flatMap(memberSpans)

/** The same of a key whose `none` is nobody. */
const anyIn = (section: ScannedSection, key: string): Located<string>[] =>
  membersIn(section, key).filter(({ value }) => value !== 'none')

/** The members of a comma-separated value, each with its own place. */
const memberSpans = (entry: ScannedEntry): Located<string>[] => {
  // In quotes the text begins one further in.
  let offset = entry.valueSpan.length > entry.value.length ? 1 : 0
  return entry.value.split(',').map(part => {
    const value = part.trim()
    const column = entry.valueSpan.column + offset + part.indexOf(value)
    offset += part.length + 1
    return { value, span: { ...entry.valueSpan, column, length: value.length } }
  })
}
