import type { Mesh, MeshNode } from '../../model/mesh.js'
import { addressPart, familyOf } from '../../net/index.js'
import type { Item } from '../circle.js'
import { field, type Line, line, type Piece } from './block.js'
import { counted, few, shortened } from './lettering.js'
import { type Mark, marksOn } from './marks.js'
import type { Roles } from './roles.js'

/** How much is said of each node. */
export type Detail = 'all' | 'main' | 'brief'

/** So many nodes can be told of in so much detail, and still be read where the picture is as wide as a page. */
export const detailFor = (nodes: number): Detail => (nodes <= 6 ? 'all' : nodes <= 16 ? 'main' : 'brief')

/** A node on the circle. */
export interface NodeItem extends Item {
  readonly node: MeshNode
  readonly roles: Roles
}

const longest = { all: 42, main: 34, brief: 30 } as const

/** A node with what is said of it. */
export const nodeItem = (
  mesh: Mesh,
  marks: readonly Mark[],
  detail: Detail,
  node: MeshNode,
  roles: Roles,
): NodeItem => ({
  node,
  roles,
  site: node.site,
  radius: detail === 'brief' ? 6 : 9,
  gap: detail === 'brief' ? 8 : 16,
  lines: [
    {
      ...line(
        detail === 'brief' ? 'text' : 'name',
        { text: shortened(node.name, longest[detail]), class: 'name' },
        ...tags(node, roles),
      ),
      marks: marksOn(marks, node),
    },
    ...(detail === 'brief' ? brief(mesh, node, roles) : main(mesh, node, roles, detail)),
  ],
})

/** What it is, in words beside its name. */
const tags = (node: MeshNode, roles: Roles): Piece[] =>
  [
    ...(roles.reflector ? ['reflector'] : []),
    ...(roles.relays.length > 0 ? ['relay'] : []),
    ...(node.exit ? ['exit'] : []),
  ].map(text => ({ text: ` ${text}`, class: 'field' }))

const main = (mesh: Mesh, node: MeshNode, { relays }: Roles, detail: 'all' | 'main'): Line[] => {
  const most = longest[detail]
  const lines = (name: string, values: readonly string[]): Line[] =>
    (detail === 'all' ? few(values, 4) : shownOf(values)).map(value =>
      field('text', name, shortened(value, most)),
    )
  const at = [...node.endpointsAt].map(([site, endpoints]) => `${endpoints[0]?.endpoint} for ${site}`)
  return [
    ...(node.endpoints.length > 0
      ? lines(
          'endpoint',
          node.endpoints.map(({ endpoint }) => endpoint),
        )
      : [line('text', { text: 'behind NAT: it dials', class: 'field' })]),
    ...few(at, 2).map(value => field('text', 'endpoint', shortened(value, most))),
    ...lines('underlay', node.underlay.map(addressPart)),
    ...(mesh.mode === 'vxlan' && node.targets.overlay !== 'none'
      ? lines('overlay', node.overlay.map(addressPart))
      : []),
    ...lines(
      'network',
      node.networks.flatMap(({ prefixes }) => prefixes),
    ),
    ...few(
      node.lans.map(lan => `${lan.interface} ${shownOf(lan.prefixes).join(' ')}`),
      3,
    ).map(value => field('text', 'LAN', value)),
    ...few(
      node.clients.map(
        ({ name, addresses }) => `${shortened(name, 20)} ${addresses.slice(0, 1).map(addressOfPrefix)}`,
      ),
      4,
    ).map(value => field('text', 'client', value)),
    ...few(
      relays.map(([a, b]) => `${shortened(a.name, 14)} - ${shortened(b.name, 14)}`),
      4,
    ).map(value => field('text', 'relays', value)),
  ]
}

const brief = (mesh: Mesh, node: MeshNode, { relays }: Roles): Line[] => {
  const addresses = mesh.mode === 'vxlan' && node.targets.overlay !== 'none' ? node.overlay : node.underlay
  const [network] = shownOf(node.networks.flatMap(({ prefixes }) => prefixes))
  const beside = [
    ...(node.clients.length > 0 ? [counted(node.clients.length, 'client')] : []),
    ...(node.lans.length > 0 ? [`LAN ${shownOf(node.lans[0]?.prefixes ?? [])[0]}`] : []),
    ...(relays.length > 0 ? [`relays ${counted(relays.length, 'pair')}`] : []),
  ]
  return [
    line('small', {
      text: [...shownOf(addresses.map(addressPart)), ...(network === undefined ? [] : [network])].join(' '),
      class: 'value',
    }),
    ...(beside.length > 0 ? [line('small', { text: beside.join(', '), class: 'field' })] : []),
  ]
}

/** The IPv4 one, or else the first. */
const shownOf = <Text extends string>(values: readonly Text[]): Text[] =>
  [values.find(value => familyOf(value) === 'ipv4') ?? values[0]].filter(value => value !== undefined)

const addressOfPrefix = (prefix: string): string => prefix.replace(/\/(32|128)$/, '')
