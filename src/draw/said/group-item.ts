import type { Mesh, MeshNode } from '../../model/mesh.js'
import { addressPart } from '../../net/index.js'
import type { Item } from '../circle.js'
import { field, type Line, line } from './block.js'
import { counted, few, shortened } from './lettering.js'
import { type Mark, marksOn } from './marks.js'
import type { Roles } from './roles.js'

/** Nodes that stand for one, since there are too many to be told of by themselves. */
export interface GroupItem extends Item {
  readonly name: string
  readonly nodes: readonly MeshNode[]
}

/** More circles than this could not be told apart. */
const mostGroups = 24

/** From the middle of one node's dot to that of the next. */
export const dotStep = 9

/** Nodes by their sites, and those without by whether they can be dialled; small sites share one where there are many. */
export const groupsOf = (
  mesh: Mesh,
  marks: readonly Mark[],
  roles: ReadonlyMap<MeshNode, Roles>,
): GroupItem[] => {
  const none = mesh.nodes.some(({ site }) => site !== null) ? 'no site: ' : ''
  const bySite = new Map<string, MeshNode[]>()
  for (const node of mesh.nodes) {
    const name = node.site === null ? `${none}${withoutSite(node)}` : `site ${node.site}`
    bySite.set(name, [...(bySite.get(name) ?? []), node])
  }
  const groups = [...bySite].map(([name, nodes]) => ({ name, nodes }))
  const bySize = [...groups].sort((a, b) => b.nodes.length - a.nodes.length)
  const shown =
    groups.length <= mostGroups ? groups : groups.filter(group => bySize.indexOf(group) < mostGroups - 1)
  const others = groups.filter(group => !shown.includes(group))
  return [
    ...shown,
    ...(others.length === 0
      ? []
      : [
          {
            name: counted(others.length, 'smaller site'),
            nodes: others.flatMap(({ nodes }) => nodes).sort((a, b) => a.id - b.id),
          },
        ]),
  ].map(({ name, nodes }) => ({
    name,
    nodes,
    site: null,
    radius: radiusFor(nodes.length),
    gap: 14,
    lines: linesOf(mesh, marks, roles, name, nodes),
  }))
}

const withoutSite = ({ endpoints, reflector }: MeshNode): string =>
  reflector ? 'reflectors' : endpoints.length === 0 ? 'behind NAT' : 'can be dialled'

const radiusFor = (count: number): number =>
  8 + Math.max(...spots(count).map(([x, y]) => Math.sqrt(x * x + y * y)))

/** Places for so many dots, each at the same distance from its neighbors, in about a circle. */
export const spots = (count: number): (readonly [x: number, y: number])[] => {
  const reach = Math.ceil(Math.sqrt(count)) + 1
  const row = Math.sqrt(3) / 2
  const all: [x: number, y: number, distance: number][] = []
  for (let v = -reach; v <= reach; v++)
    for (let u = -reach; u <= reach; u++) {
      const [x, y] = [u + (v % 2 === 0 ? 0 : 0.5), v * row]
      // Whole numbers, which are compared alike everywhere.
      all.push([x, y, Math.round(4 * (x * x + y * y))])
    }
  return all
    .sort((a, b) => a[2] - b[2] || a[1] - b[1] || a[0] - b[0])
    .slice(0, count)
    .map(([x, y]) => [x * dotStep, y * dotStep] as const)
}

const linesOf = (
  mesh: Mesh,
  marks: readonly Mark[],
  roles: ReadonlyMap<MeshNode, Roles>,
  name: string,
  nodes: readonly MeshNode[],
): Line[] => {
  const named = (what: string, some: readonly MeshNode[]): Line[] =>
    some.length === 0
      ? []
      : [
          field(
            'text',
            what,
            few(
              some.map(node => shortened(node.name, 18)),
              3,
            ).join(', '),
          ),
        ]
  const nat = nodes.filter(node => node.endpoints.length === 0).length
  const clients = nodes.reduce((sum, node) => sum + node.clients.length, 0)
  const lans = nodes.reduce((sum, node) => sum + node.lans.length, 0)
  const marked = new Set(nodes.flatMap(node => marksOn(marks, node)))
  const [first, last] = [nodes[0], nodes.at(-1)] as [MeshNode, MeshNode]
  const address = ({ overlay, underlay }: MeshNode): string =>
    addressPart(
      (mesh.mode === 'vxlan' && overlay[0] ? overlay[0] : underlay[0]) as Parameters<typeof addressPart>[0],
    )
  return [
    line('name', { text: shortened(name, 34), class: 'name' }),
    line(
      'text',
      { text: counted(nodes.length, 'node'), class: 'value' },
      { text: nat > 0 && nat < nodes.length ? `, ${nat} behind NAT` : '', class: 'field' },
    ),
    line('small', {
      text: first === last ? `${first.name} ${address(first)}` : `${address(first)} to ${address(last)}`,
      class: 'value',
    }),
    ...named(
      'reflects:',
      nodes.filter(({ reflector }) => reflector),
    ),
    ...named(
      'relays:',
      nodes.filter(node => (roles.get(node)?.relays.length ?? 0) > 0),
    ),
    ...(clients + lans === 0
      ? []
      : [
          line('small', {
            text: [
              ...(clients > 0 ? [counted(clients, 'client')] : []),
              ...(lans > 0 ? [counted(lans, 'LAN')] : []),
            ].join(', '),
            class: 'field',
          }),
        ]),
    ...(marked.size === 0 ? [] : [{ ...line('text'), marks: marks.filter(mark => marked.has(mark)) }]),
  ]
}
