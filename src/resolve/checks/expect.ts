import { didYouMean, type Span } from '../../diagnostics/index.js'
import { devicesOf } from '../../model/devices.js'
import {
  type ExpectEnd,
  type ExpectFlow,
  type ExpectLoss,
  type ExpectSpec,
  expectEndText,
  expectFlowText,
  expectLossText,
  type Placed,
} from '../../model/expect.js'
import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { MeshSpec } from '../../model/spec.js'
import { overlaps, type Prefix } from '../../net/index.js'
import type { Report } from '../report.js'

/** What lines of [expect] may be about. */
export type Expectable = Pick<Mesh, 'name' | 'mode' | 'nodes' | 'segments' | 'tenants'>

/** Whether the lines of [expect] name what there is, and say something. Whether they hold is for the files to show. */
export const checkExpect = (spec: MeshSpec, mesh: Expectable, report: Report): void => {
  const { expect } = spec
  if (!expect) return
  const clients = spec.clients.map(({ name }) => name)
  for (const flow of [...expect.reach, ...expect.isolate]) {
    checkEnd(flow.from, mesh, clients, report)
    checkEnd(flow.to, mesh, clients, report)
    checkSides(flow, report)
  }
  for (const loss of expect.survive) checkLoss(loss, mesh, report)
  checkTwice(expect, report)
}

const empty = (report: Report, { value, span }: Placed<ExpectEnd>, why: string, hint: string): void =>
  report.error('expect-empty', `${expectEndText(value)} ${why}`, span, hint)

const checkEnd = (
  end: Placed<ExpectEnd>,
  mesh: Expectable,
  clients: readonly string[],
  report: Report,
): void => {
  const { kind, name } = end.value
  const unknown = (
    code: 'unknown-node' | 'unknown-tenant' | 'unknown-segment' | 'expect-name',
    names: readonly string[],
  ): boolean => {
    if (names.includes(name)) return false
    const what = kind === 'interface' || kind === 'lan' ? 'node' : kind
    report.error(code, `there is no ${what} "${name}"`, end.span, meant(name, names))
    return true
  }
  const nodes = mesh.nodes.map(one => one.name)
  if (kind === 'node') unknown('unknown-node', nodes)
  else if (kind === 'client') unknown('expect-name', clients)
  else if (kind === 'site') unknown('expect-name', sitesOf(mesh))
  else if (kind === 'tenant') {
    const names = mesh.tenants.map(one => one.name)
    if (unknown('unknown-tenant', names)) return
    const tenant = mesh.tenants.find(one => one.name === name)
    if (tenant?.networks.size === 0)
      empty(report, end, 'has no containers on any node', `write nodes = NODE, … in [tenant ${name}]`)
  } else if (kind === 'segment') {
    const names = mesh.segments.map(one => one.name)
    if (unknown('unknown-segment', names)) return
    const segment = mesh.segments.find(one => one.name === name)
    if (segment?.members.length === 0)
      empty(report, end, 'is on no node', `write nodes = NODE, … in [segment ${name}]`)
    else if (segment?.gateways.length === 0)
      empty(
        report,
        end,
        'has no subnet, so there is no address in it to send to',
        `write subnet = PREFIX /PART in [segment ${name}]`,
      )
  } else if (kind === 'interface' || kind === 'lan') {
    const node = mesh.nodes.find(one => one.name === name)
    if (!unknown('unknown-node', nodes) && node) checkInterface(end, node, mesh, report)
  } else if (kind === 'address' && !networksOf(mesh).some(prefix => overlaps(prefix, asPrefix(name))))
    empty(report, end, 'is in no network of the mesh', 'write an address that somebody in the mesh has')
}

/** What is gone may have been expected. */
const meant = (name: string, known: readonly string[]): string => {
  const hint = didYouMean(name, known)
  return hint.startsWith('did') ? hint : `${hint}; or delete the line`
}

const asPrefix = (text: string): Prefix =>
  (text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`) as Prefix

/** Sites that nodes are in. */
const sitesOf = ({ nodes }: Expectable): string[] => [
  ...new Set(nodes.flatMap(({ site }) => (site === null ? [] : [site]))),
]

/** Interfaces of a node that somebody has addresses on or behind. */
const interfacesOf = (mesh: Expectable, node: MeshNode): string[] =>
  devicesOf(mesh, node)
    .filter(({ name, carries, kind }) => {
      if (carries === 'frames' || kind === 'vrf') return false
      if (mesh.tenants.some(tenant => tenant.bridge === name)) return false
      const segment = mesh.segments.find(({ bridge }) => bridge === name)
      return segment === undefined || segment.gateways.length > 0
    })
    .map(({ name }) => name)

const checkInterface = (end: Placed<ExpectEnd>, node: MeshNode, mesh: Expectable, report: Report): void => {
  const { kind, interface: device } = end.value
  const lans: string[] = node.lans.map(lan => lan.interface)
  const known = kind === 'lan' ? lans : [...interfacesOf(mesh, node), ...lans]
  if (known.includes(device ?? '')) return
  report.error(
    'expect-name',
    kind === 'lan' ? `${node.name} has no LAN at ${device}` : `${node.name} has no network at ${device}`,
    end.span,
    kind === 'lan' && known.length === 0
      ? `write lan = ${device} PREFIX in [node ${node.name}]`
      : didYouMean(device ?? '', known),
  )
}

/** All networks that somebody in the mesh has an address of. */
const networksOf = ({ nodes, segments, tenants }: Expectable): Prefix[] => [
  ...nodes.flatMap(node => [
    ...[...node.underlay, ...node.overlay].map(address => asPrefix(address.split('/')[0] as string)),
    ...node.networks.flatMap(({ prefixes }) => prefixes),
    ...node.lans.flatMap(({ prefixes }) => prefixes),
    ...node.clients.flatMap(({ addresses }) => addresses),
  ]),
  ...segments.flatMap(({ prefixes }) => prefixes),
  ...tenants.flatMap(({ networks }) => [...networks.values()].flatMap(({ prefixes }) => prefixes)),
]

/** What is one place has no way to itself. */
const checkSides = ({ from, to, span }: ExpectFlow, report: Report): void => {
  const single = ['client', 'interface', 'lan', 'address', 'internet'].includes(from.value.kind)
  if (single && expectEndText(from.value) === expectEndText(to.value))
    report.error(
      'expect-empty',
      `${expectEndText(from.value)} is on both sides of the arrow`,
      span,
      'write another end on one of them',
    )
}

const checkLoss = ({ value, span }: Placed<ExpectLoss>, mesh: Expectable, report: Report): void => {
  const { kind, name } = value
  const nodes = mesh.nodes.map(one => one.name)
  const sites = sitesOf(mesh)
  if (kind === 'node' && !nodes.includes(name)) {
    report.error('unknown-node', `there is no node "${name}"`, span, meant(name, nodes))
    return
  }
  if (kind === 'site' && !sites.includes(name)) {
    report.error('expect-name', `no node is at site "${name}"`, span, meant(name, sites))
    return
  }
  if (kind === 'any site' && sites.length === 0) {
    report.error(
      'expect-empty',
      'no node is at a site',
      span,
      'write site = NAME for nodes, or delete the line',
    )
    return
  }
  const left = (gone: (node: MeshNode) => boolean): number => mesh.nodes.filter(node => !gone(node)).length
  const most = {
    node: () => nodes.length - 1,
    'any node': () => nodes.length - 1,
    site: () => left(({ site }) => site === name),
    'any site': () => Math.max(...sites.map(one => left(({ site }) => site === one))),
  }[kind]()
  if (most < 2)
    report.error(
      'expect-empty',
      `${expectLossText(value)} leaves no two nodes that could reach each other`,
      span,
      'delete the line',
    )
}

/** The same expected twice, or its opposite. */
const checkTwice = ({ reach, isolate, survive }: ExpectSpec, report: Report): void => {
  const before = new Map<string, { readonly what: string; readonly span: Span }>()
  const look = (what: string, text: string, span: Span): void => {
    const first = before.get(text)
    if (!first) {
      before.set(text, { what, span })
      return
    }
    const related = { message: 'it stands here already', span: first.span }
    if (first.what === what)
      report.error('value-list', `${what} says ${text} twice`, span, 'delete one of the two', related)
    else
      report.error(
        'value-conflict',
        `${text} is expected to pass, and not to pass`,
        span,
        'delete one of the two',
        { message: `${first.what} is here`, span: first.span },
      )
  }
  for (const flow of reach) look('reach', expectFlowText(flow), flow.span)
  for (const flow of isolate) look('isolate', expectFlowText(flow), flow.span)
  for (const { value, span } of survive) look('survive', expectLossText(value), span)
}
