import type { Mesh, MeshNode } from '../model/mesh.js'
import { circleOf, type Placed, reachOf } from './circle.js'
import type { Drawing } from './drawing.js'
import { element, type SvgElement, tenth } from './element.js'
import { type LegendEntry, lineEntry, markEntries, nodeEntry } from './legend.js'
import type { Links } from './links.js'
import { drawnLines } from './said/block.js'
import { type GroupItem, groupsOf, spots } from './said/group-item.js'
import { counted } from './said/lettering.js'
import { marksOf } from './said/marks.js'
import { type Roles, rolesIn } from './said/roles.js'
import { arrowHead, between, nodeShape, path } from './shapes.js'

const dot = 3

/** A mesh of many nodes: a circle for each site, a dot for each node, and how the sites are joined. */
export const drawGroups = (mesh: Mesh, links: Links): Drawing => {
  const marks = marksOf(mesh)
  const roles = rolesIn(mesh, links)
  const items = groupsOf(mesh, marks, roles)
  const { placed, radius } = circleOf(items)
  const groupOf = new Map(placed.flatMap(one => one.item.nodes.map(node => [node, one] as const)))
  const joints = jointsOf(links, groupOf)
  const places = new Map(
    placed.flatMap(one =>
      spots(one.item.nodes.length).map(
        ([x, y], at) =>
          [(one.item.nodes[at] as MeshNode).name, { x: one.x + x, y: one.y + y, radius: dot }] as const,
      ),
    ),
  )
  return {
    elements: [
      ...joints.flatMap(joint => drawnJoint(joint)),
      ...placed.flatMap(one => drawnGroup(one, roles, places)),
    ],
    left: Math.min(
      ...placed.map(one => (one.left ? one.textX - reachOf(one.item) : one.x - one.item.radius)),
    ),
    right: Math.max(
      ...placed.map(one => (one.left ? one.x + one.item.radius : one.textX + reachOf(one.item))),
    ),
    top: Math.min(-radius, ...placed.map(one => Math.min(one.textTop, one.y - one.item.radius))),
    bottom: Math.max(
      radius,
      ...placed.map(one => Math.max(one.textTop + one.textHeight, one.y + one.item.radius)),
    ),
    legend: [...legendFor(joints, [...roles.values()]), ...markEntries(marks)],
    places,
  }
}

type Place = Placed<GroupItem>

/** All that joins two groups. */
interface Joint {
  readonly a: Place
  readonly b: Place
  tunnels: number
  /** Of them, where only the first dials, and where only the second does. */
  fromA: number
  fromB: number
  relayed: number
  apart: number
}

const jointsOf = (links: Links, groupOf: ReadonlyMap<MeshNode, Place>): Joint[] => {
  const joints = new Map<Place, Map<Place, Joint>>()
  const order = new Map([...new Set(groupOf.values())].map((place, at) => [place, at]))
  const jointOf = (one: Place, other: Place): Joint => {
    const [a, b] = (order.get(one) as number) <= (order.get(other) as number) ? [one, other] : [other, one]
    const row = joints.get(a) ?? new Map<Place, Joint>()
    joints.set(a, row)
    const found = row.get(b) ?? { a, b, tunnels: 0, fromA: 0, fromB: 0, relayed: 0, apart: 0 }
    row.set(b, found)
    return found
  }
  for (const { a, b, dials } of links.tunnels) {
    const joint = jointOf(groupOf.get(a) as Place, groupOf.get(b) as Place)
    joint.tunnels++
    if (dials === 'both') continue
    if (joint.a === groupOf.get(dials === 'a' ? a : b)) joint.fromA++
    else joint.fromB++
  }
  for (const { a, b, relay } of links.detours) {
    const joint = jointOf(groupOf.get(a) as Place, groupOf.get(b) as Place)
    if (relay) joint.relayed++
    else joint.apart++
  }
  return [...joints.values()]
    .flatMap(row => [...row.values()])
    .sort(
      (one, other) =>
        (order.get(one.a) as number) - (order.get(other.a) as number) ||
        (order.get(one.b) as number) - (order.get(other.b) as number),
    )
}

/** Thicker for more, by powers of ten: 1 to 4. */
const weightFor = (count: number): number => Math.min(4, String(count).length)

const oneWay = ({ tunnels, fromA, fromB }: Joint): 'a' | 'b' | null =>
  tunnels === 0 ? null : fromA === tunnels ? 'a' : fromB === tunnels ? 'b' : null

const drawnJoint = (joint: Joint): SvgElement[] => {
  if (joint.a === joint.b) return []
  const way = oneWay(joint)
  const [from, to] = way === 'b' ? [joint.b, joint.a] : [joint.a, joint.b]
  const weight = weightFor(joint.tunnels)
  const size = 7 + weight
  const none = joint.tunnels === 0
  const line = between(from, to, from.item.radius, to.item.radius + (way === null ? 0 : size))
  if (line === '') return []
  return [
    element(
      'g',
      { class: 'joint' },
      element('title', {}, titleOf(joint)),
      element('path', {
        class: none ? (joint.relayed > 0 ? 'relayed' : 'apart') : `tunnels w${weight}`,
        d: line,
      }),
      ...(way === null ? [] : path('arrows', [arrowHead(from, to, to.item.radius, size)])),
      ...(none || joint.relayed === 0 ? [] : path('relayed', [line])),
    ),
  ]
}

const titleOf = ({ a, b, tunnels, fromA, fromB, relayed, apart }: Joint): string =>
  [
    `${a.item.name} and ${b.item.name}: ${counted(tunnels, 'tunnel')}`,
    ...(fromA > 0 ? [`${fromA} dialled by ${a.item.name} alone`] : []),
    ...(fromB > 0 ? [`${fromB} dialled by ${b.item.name} alone`] : []),
    ...(relayed > 0 ? [`${counted(relayed, 'pair')} by a relay`] : []),
    ...(apart > 0 ? [`${counted(apart, 'pair')} without a way`] : []),
  ].join(', ')

const drawnGroup = (
  one: Place,
  roles: ReadonlyMap<MeshNode, Roles>,
  places: Drawing['places'],
): SvgElement[] => {
  const { item, x, y, left, textX, textTop, textHeight } = one
  const inner = textX + (left ? 6 : -6)
  return [
    element('circle', { class: 'bubble', cx: tenth(x), cy: tenth(y), r: tenth(item.radius) }),
    ...path('leader', [
      `M${tenth(x + (left ? -item.radius : item.radius))} ${tenth(y)}H${tenth(inner)}`,
      `M${tenth(inner)} ${tenth(textTop + 2)}V${tenth(textTop + textHeight)}`,
    ]),
    ...item.nodes.map(node => {
      const its = roles.get(node) as Roles
      const place = places.get(node.name) as { x: number; y: number }
      const shape = nodeShape(place, dot, { reflector: its.reflector, relays: [] })
      return element(
        'g',
        {
          class: `node dot${its.behindNat ? ' nat' : ''}${its.relays.length > 0 ? ' relaying' : ''}`,
          'data-node': node.name,
        },
        element('title', {}, node.name),
        ...shape,
      )
    }),
    ...drawnLines(item.lines, textX, textTop, left),
  ]
}

const legendFor = (joints: readonly Joint[], roles: readonly Roles[]): LegendEntry[] => {
  const outside = joints.filter(({ a, b }) => a !== b)
  return [
    ...(outside.some(joint => joint.tunnels > 0 && oneWay(joint) === null)
      ? [lineEntry('tunnels', 'tunnels, thicker for 10, 100, 1,000')]
      : []),
    ...(outside.some(joint => oneWay(joint) !== null)
      ? [lineEntry('tunnels', 'tunnels, the arrow is who dials whom', 'arrows')]
      : []),
    ...(outside.some(({ relayed }) => relayed > 0)
      ? [lineEntry('relayed', 'pairs that a relay forwards between')]
      : []),
    ...(outside.some(({ apart, tunnels, relayed }) => apart > 0 && tunnels + relayed === 0)
      ? [lineEntry('apart', 'no way between the two')]
      : []),
    nodeEntry('a node', {}, 4),
    ...(roles.some(({ behindNat }) => behindNat) ? [nodeEntry('behind NAT', { nat: true }, 4)] : []),
    ...(roles.some(({ reflector }) => reflector)
      ? [nodeEntry('route reflector', { reflector: true }, 4)]
      : []),
    ...(roles.some(({ relays }) => relays.length > 0)
      ? [
          {
            text: 'relay',
            sign: (x: number, y: number) => [
              element(
                'g',
                { class: 'node dot relaying' },
                ...nodeShape({ x, y }, 4, { reflector: false, relays: [] }),
              ),
            ],
          },
        ]
      : []),
  ]
}
