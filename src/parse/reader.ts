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
import { readExpect } from './expect.js'
import { list } from './fields.js'
import { headers, named, single } from './headers.js'
import { brief, mostFaults, type ScannedEntry, type ScannedSection } from './scan.js'
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

/** Puts a spec together from sections, wherever they come from, and collects what is wrong with them. */
export class Reader {
  mesh: MeshSpec['mesh'] | null = null
  targets: MeshSpec['targets'] = {}
  expect: MeshSpec['expect'] = null
  readonly nodes: SectionSpec<NodeKeys>[] = []
  readonly clients: SectionSpec<ClientKeys>[] = []
  readonly groups: GroupSpec[] = []
  readonly segments: SegmentSpec[] = []
  readonly tenants: TenantSpec[] = []
  readonly exclude: (readonly [Located<string>, Located<string>])[] = []

  constructor(readonly diagnostics: Diagnostic[]) {}

  /** Reads a section of a kind; `name` where it has one. False where there is no such section. */
  section(kind: string, name: string | undefined, section: ScannedSection): boolean {
    if (kind === 'mesh' && name === undefined) this.readMesh(section)
    else if (kind === 'exclude' && name === undefined) this.readExclude(section)
    else if (kind === 'targets' && name === undefined)
      this.targets = readSection(section, targetFields, this.diagnostics)
    else if (kind === 'expect' && name === undefined) this.expect = readExpect(section, this.diagnostics)
    else if (kind === 'node' || kind === 'client' || kind === 'group')
      this.readNamed(section, kind, name ?? '')
    else if (kind === 'segment') this.readSegment(section, name ?? '')
    else if (kind === 'tenant') this.readTenant(section, name ?? '')
    else return false
    return true
  }

  /** Says that there is no section with this header. */
  unknown(section: ScannedSection): void {
    const [kind = ''] = section.header.split(' ')
    const meant = nearest(kind, [...named, ...single])
    const written = meant && named.includes(meant) ? `[${meant} NAME], the name in one word` : `[${meant}]`
    const hint = `write ${meant ? written : headers()}`
    const message = `[${brief(section.header)}] is not a section of mesh.ini`
    this.diagnostics.push(error('unknown-section', message, section.span, hint))
  }

  /** What was read, or all that is wrong with it. */
  result(): Result<MeshSpec> {
    return resultOf(this.diagnostics, () => ({
      mesh: this.mesh as MeshSpec['mesh'],
      nodes: this.nodes,
      clients: this.clients,
      groups: this.groups,
      segments: this.segments,
      tenants: this.tenants,
      exclude: this.exclude,
      targets: this.targets,
      expect: this.expect,
    }))
  }

  private readMesh(section: ScannedSection): void {
    const keys = readSection(section, meshFields, this.diagnostics)
    this.mesh ??= { span: section.span, keys }
  }

  private readNamed(section: ScannedSection, kind: 'node' | 'client' | 'group', name: string): void {
    const label = (kind === 'group' ? parseLabel : parseNodeName)(name)
    const span = section.nameSpan ?? section.span
    if (name === '')
      this.diagnostics.push(error('node-name', `a ${kind} has a name`, span, `write [${kind} NAME]`))
    else if (!label.ok) this.diagnostics.push(error('node-name', label.message, span, label.hint))
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

  private checkNetworkName(kind: string, read: Parsed<string>, section: ScannedSection, name: string): void {
    if (read.ok) return
    const span = section.nameSpan ?? section.span
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
