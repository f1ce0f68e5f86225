import type { Diagnostic } from '../diagnostics/index.js'
import { type Range, rangeFrom } from './filter/ranges.js'
import { finding } from './finding.js'
import { filterOf } from './routing.js'
import { blocked, decides } from './session.js'
import { type Routes, type Sessions, type Spread, speakersIn } from './spread.js'
import type { World } from './world.js'

/** What lists and announcements of several nodes say that does not fit together, where no pair shows it. */
export const routingFindings = (world: World, { sessions, spreads }: Routes): Diagnostic[] => {
  const speakers = speakersIn(world)
  const networks = speakers.flatMap(node =>
    node.routing.announced.map(one => ({ node, range: rangeFrom(one.prefix), ...one })),
  )
  const ofNode = new Map(
    speakers.map(node => [node, networks.filter(one => one.node === node).map(one => one.prefix)]),
  )
  const doubled = networks.flatMap(({ node, prefix, span, range }, index) => {
    const before = networks.find(
      (other, place) => place < index && other.node !== node && meet(other.range, range),
    )
    const shared = before?.prefix === prefix && node.segments && before.node.segments
    return before && !shared
      ? [
          finding(
            'verify-routing',
            span,
            `${node.name} announces ${prefix}, which meets ${before.prefix} of ${before.node.name}`,
            'give each node networks of its own',
          ),
        ]
      : []
  })
  const unannounced = speakers.flatMap(node =>
    (['ipv4', 'ipv6'] as const).flatMap(family => {
      const ip = family === 'ipv4' ? 'ip' : 'ipv6'
      const own = [...node.routing.neighbors.keys()].map(
        neighbor => filterOf(node.routing, neighbor, 'prefix-list', 'out', family)?.words[3],
      )
      return [...new Set(own)].flatMap(name =>
        name === undefined || node.routing.lines.some(({ words }) => words[2] === 'route-reflector-client')
          ? []
          : (node.routing.lists.get(`${ip} ${name}`) ?? [])
              .filter(({ permits, words }) => permits && words.length === 1 && words[0] !== 'any')
              .filter(({ words }) => !ofNode.get(node)?.includes(words[0] as string))
              .map(({ words, span }) =>
                finding(
                  'verify-routing',
                  span,
                  `${node.name} may tell others of ${words[0]}, which it does not announce`,
                  `write "network ${words[0]}" in its address-family, or delete the entry`,
                ),
              ),
      )
    }),
  )
  const foreign = speakers.flatMap(node =>
    speakers
      .filter(other => other !== node)
      .flatMap(other =>
        world.neighbors(node, other).flatMap(neighbor =>
          (['ipv4', 'ipv6'] as const).flatMap(family => {
            const name =
              node.routing.lists.size > 0
                ? filterOf(node.routing, neighbor, 'prefix-list', 'in', family)?.words[3]
                : undefined
            const entries = node.routing.lists.get(`${family === 'ipv4' ? 'ip' : 'ipv6'} ${name}`) ?? []
            // A list for several neighbors admits the networks of all.
            if (name === undefined || !name.includes(other.name)) return []
            return entries
              .filter(({ permits, words }) => permits && words.length > 0)
              .filter(entry => (ofNode.get(other) ?? []).every(prefix => !decides([entry], prefix)))
              .map(({ words, span }) =>
                finding(
                  'verify-routing',
                  span,
                  `${node.name} admits ${words.join(' ')} from ${other.name}, which does not announce it`,
                  `delete the entry, or announce it at ${other.name}`,
                ),
              )
          }),
        ),
      ),
  )
  const faults = (['ipv4', 'ipv6'] as const).flatMap(family =>
    sessionFaults(
      world,
      sessions[family],
      spreads.filter(one => one.family === family),
    ),
  )
  return [...doubled, ...unannounced, ...foreign, ...new Set(faults)]
}

const meet = (a: Range | null, b: Range | null): boolean =>
  a !== null && b !== null && a.family === b.family && a.first <= b.last && b.first <= a.last

/** Each session by itself, also where another way makes good for it. */
const sessionFaults = (world: World, { from, wrong }: Sessions, spreads: readonly Spread[]): Diagnostic[] => [
  // What is wrong with two stands with both.
  ...[...wrong.values()].flatMap(of => [...of.values()].flat()),
  ...spreads.flatMap(told =>
    (from.get(told.origin) ?? []).flatMap(way => {
      const [left, right] = way
      // Who learned of it by this very session was not kept from it.
      return told.learned.get(right.node) === left ? [] : (blocked(world, way, told) ?? [])
    }),
  ),
]
