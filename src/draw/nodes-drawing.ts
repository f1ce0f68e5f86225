import type { Mesh, MeshNode } from '../model/mesh.js'
import { circleOf, type Placed, reachOf, siteBand } from './circle.js'
import type { Drawing } from './drawing.js'
import { element, type SvgElement, tenth } from './element.js'
import { type LegendEntry, lineEntry, markEntries, nodeEntry } from './legend.js'
import type { Links } from './links.js'
import { drawnLines } from './said/block.js'
import { sizes, widthOf } from './said/lettering.js'
import { marksOf } from './said/marks.js'
import { detailFor, type NodeItem, nodeItem } from './said/node-item.js'
import { type Roles, rolesIn } from './said/roles.js'
import { arrowHead, between, byWayOf, nodeShape, path } from './shapes.js'

/** More pairs at one relay than this could not be told apart; then each end is joined with it. */
const mostTurns = 6

/** A mesh whose nodes are all told of by themselves. */
export const drawNodes = (mesh: Mesh, links: Links): Drawing => {
  const detail = detailFor(mesh.nodes.length)
  const marks = marksOf(mesh)
  const roles = rolesIn(mesh, links)
  const items = bySite(mesh.nodes).map(node => nodeItem(mesh, marks, detail, node, roles.get(node) as Roles))
  const { radius, placed } = circleOf(items)
  const at = new Map(placed.map(one => [one.item.node, one]))
  const reach = placed.map(one => ({
    left: one.left ? one.textX - reachOf(one.item) : one.x - one.item.radius,
    right: one.left ? one.x + one.item.radius : one.textX + reachOf(one.item),
  }))
  const headings = placed.flatMap(one => headingAt(one))
  return {
    elements: [
      ...sites(placed, radius),
      ...tunnels(links, at, mesh.nodes.length),
      ...detours(links, at),
      ...placed.map(drawnNode),
      ...headings.map(({ drawn }) => drawn),
    ],
    left: Math.min(...reach.map(({ left }) => left), ...headings.map(({ left }) => left)),
    right: Math.max(...reach.map(({ right }) => right), ...headings.map(({ right }) => right)),
    top: Math.min(
      -radius,
      ...placed.map(one => Math.min(one.textTop, one.headingTop ?? 0, one.y - one.item.radius * 2)),
    ),
    bottom: Math.max(
      radius,
      ...placed.map(one => Math.max(one.textTop + one.textHeight, one.y + one.item.radius * 2)),
    ),
    legend: [...legendFor(links, [...roles.values()]), ...markEntries(marks)],
    places: new Map(placed.map(one => [one.item.node.name, { x: one.x, y: one.y, radius: one.item.radius }])),
  }
}

/** Nodes of one site beside each other, those of none first; within it in the order of ids. */
const bySite = (nodes: readonly MeshNode[]): MeshNode[] => {
  const sites = [...new Set([null, ...nodes.map(({ site }) => site)])]
  return sites.flatMap(site => nodes.filter(node => node.site === site))
}

const drawnNode = (one: Placed<NodeItem>): SvgElement => {
  const { item, x, y, left, textX, textTop, textHeight } = one
  const inner = textX + (left ? 6 : -6)
  return element(
    'g',
    { class: item.roles.behindNat ? 'node nat' : 'node', 'data-node': item.node.name },
    element('title', {}, item.node.name),
    ...path('leader', [
      `M${tenth(x + (left ? -item.radius : item.radius))} ${tenth(y)}H${tenth(inner)}`,
      `M${tenth(inner)} ${tenth(textTop + 2)}V${tenth(textTop + textHeight)}`,
    ]),
    ...nodeShape(one, item.radius, item.roles),
    ...drawnLines(item.lines, textX, textTop, left),
  )
}

const headingAt = ({ item, textX, headingTop, left }: Placed<NodeItem>) => {
  if (headingTop === null || item.site === null) return []
  const text = `site ${item.site}`
  const width = widthOf(text, 'text')
  const drawn = element(
    'text',
    {
      class: 'site-name heading',
      x: tenth(textX),
      y: tenth(headingTop + sizes.text + 4),
      'font-size': sizes.text,
      ...(left ? { 'text-anchor': 'end' } : {}),
    },
    text,
  )
  return [{ drawn, left: left ? textX - width : textX, right: left ? textX : textX + width }]
}

/** Along the circle, what belongs to one site. */
const sites = (placed: readonly Placed<NodeItem>[], radius: number): SvgElement[] => {
  const runs: Placed<NodeItem>[][] = []
  for (const one of placed) {
    if (one.item.site === null) continue
    const last = runs.at(-1)
    if (last?.[0] && last[0].item.site === one.item.site && last[0].left === one.left) last.push(one)
    else runs.push([one])
  }
  const out = radius + siteBand + (placed[0]?.item.radius ?? 0) - 3
  return path(
    'site',
    runs.map(run => {
      const [first, last] = [run[0], run.at(-1)] as [Placed<NodeItem>, Placed<NodeItem>]
      // A node by itself has a short one.
      const ends = [first.y - 7, last.y + 7].map(y => {
        const x = Math.sqrt(Math.max(0, radius * radius - y * y)) * (first.left ? -1 : 1)
        const away = out / Math.max(1, Math.sqrt(x * x + y * y))
        return `${tenth(x * away)} ${tenth(y * away)}`
      })
      return radius === 0
        ? ''
        : `M${ends[0]}A${tenth(out)} ${tenth(out)} 0 0 ${first.left ? 0 : 1} ${ends[1]}`
    }),
  )
}

const tunnels = (links: Links, at: ReadonlyMap<MeshNode, Placed<NodeItem>>, nodes: number): SvgElement[] => {
  const many = nodes > 16 ? ' many' : ''
  const size = nodes > 16 ? 6 : 9
  // Where all have one, or none has, there is nothing to tell apart.
  const apart = sessionsApart(links)
  const [lines, heads] = [[[], []] as string[][], [[], []] as string[][]]
  for (const { a, b, dials, session } of links.tunnels) {
    const [from, to] = (dials === 'b' ? [b, a] : [a, b]).map(node => at.get(node)) as [
      Placed<NodeItem>,
      Placed<NodeItem>,
    ]
    const kind = apart && session ? 1 : 0
    const short = to.item.radius * (to.item.roles.reflector ? 1.3 : 1) + 2
    if (dials === 'both') lines[kind]?.push(between(from, to, from.item.radius))
    else {
      lines[kind]?.push(between(from, to, from.item.radius, short + size * 0.8))
      heads[kind]?.push(arrowHead(from, to, short, size))
    }
  }
  return [
    ...path(`tunnels${many}`, lines[0] ?? []),
    ...path('arrows', heads[0] ?? []),
    ...path(`sessions${many}`, lines[1] ?? []),
    ...path('sessions-arrows', heads[1] ?? []),
  ]
}

const sessionsApart = ({ tunnels }: Links): boolean =>
  tunnels.some(({ session }) => session) && tunnels.some(({ session }) => !session)

const detours = ({ detours }: Links, at: ReadonlyMap<MeshNode, Placed<NodeItem>>): SvgElement[] => {
  const place = (node: MeshNode): Placed<NodeItem> => at.get(node) as Placed<NodeItem>
  const byRelay = new Map<MeshNode, (readonly [MeshNode, MeshNode])[]>()
  for (const { a, b, relay } of detours)
    if (relay) byRelay.set(relay, [...(byRelay.get(relay) ?? []), [a, b]])
  const curves = [...byRelay].flatMap(([relay, pairs]) =>
    pairs.length <= mostTurns
      ? pairs.map(([a, b], turn) => byWayOf(place(a), place(b), place(relay), turn))
      : [...new Set(pairs.flat())].map(end => between(place(end), place(relay), place(end).item.radius)),
  )
  return [
    ...path('relayed', curves),
    ...path(
      'apart',
      detours
        .filter(({ relay }) => relay === null)
        .map(({ a, b }) => between(place(a), place(b), place(a).item.radius)),
    ),
  ]
}

const legendFor = (links: Links, roles: readonly Roles[]): LegendEntry[] => {
  const apart = sessionsApart(links)
  const all = links.tunnels.length > 0 && links.tunnels.every(({ session }) => session)
  const what = all ? 'tunnel and BGP session' : 'tunnel'
  const kinds = (['both', 'one'] as const).filter(kind =>
    links.tunnels.some(({ dials }) => (dials === 'both') === (kind === 'both')),
  )
  return [
    ...kinds.map(kind =>
      kind === 'both'
        ? lineEntry('tunnels', `${what}, either side dials`)
        : lineEntry('tunnels', `${what}, the arrow is who dials whom`, 'arrows'),
    ),
    ...(apart ? [lineEntry('sessions', 'tunnel with a BGP session')] : []),
    ...(links.detours.some(({ relay }) => relay !== null)
      ? [lineEntry('relayed', 'no tunnel: a relay forwards')]
      : []),
    ...(links.detours.some(({ relay }) => relay === null)
      ? [lineEntry('apart', 'no way between the two')]
      : []),
    ...(roles.some(({ behindNat }) => behindNat) && roles.some(({ behindNat }) => !behindNat)
      ? [nodeEntry('can be dialled', {}), nodeEntry('behind NAT', { nat: true })]
      : []),
    ...(roles.some(({ reflector }) => reflector) ? [nodeEntry('route reflector', { reflector: true })] : []),
    ...(roles.some(({ relays }) => relays.length > 0)
      ? [nodeEntry('relay', { relays: [null as never] })]
      : []),
  ]
}
