import type { Diagnostic } from '../diagnostics/index.js'
import { lostOnTheWay } from './carry.js'
import { announcedIn, type Family, saidOf } from './routing.js'
import { blocked, type Side, type Speaker, sessionsBetween } from './session.js'
import type { World } from './world.js'

/** A node, and a network that another one announces. */
export interface Pair {
  readonly from: string
  readonly to: string
  readonly prefix: string
  /** Whether the first learns the route and what it sends arrives at the second. */
  readonly passes: boolean
  /** What keeps it; `null` where it passes, and where the files mean the two to have no session by any way. */
  readonly why: Diagnostic | null
}

/** A session as one side tells the other by it. */
type Way = readonly [Side, Side]

interface Sessions {
  readonly from: ReadonlyMap<Speaker, readonly Way[]>
  readonly wrong: ReadonlyMap<Speaker, ReadonlyMap<Speaker, Diagnostic>>
}

/** Nodes with a BGP instance of their own in the default VRF. */
export const speakersIn = (world: World): Speaker[] =>
  world.nodes.filter((node): node is Speaker => node.routing !== null)

const sessionsOf = (speakers: readonly Speaker[], family: Family): Sessions => {
  const from = new Map<Speaker, Way[]>(speakers.map(node => [node, []]))
  const wrong = new Map<Speaker, Map<Speaker, Diagnostic>>(speakers.map(node => [node, new Map()]))
  speakers.forEach((a, index) => {
    for (const b of speakers.slice(index + 1)) {
      const { sides, wrong: found } = sessionsBetween(a, b, family)
      for (const [left, right] of sides) {
        from.get(a)?.push([left, right])
        from.get(b)?.push([right, left])
      }
      const [first] = found
      if (!first) continue
      wrong.get(a)?.set(b, first)
      wrong.get(b)?.set(a, first)
    }
  })
  return { from, wrong }
}

/** Every node with every announced network of every other. */
export const pairsOf = (world: World): Pair[] => {
  const speakers = speakersIn(world)
  const sessions = { ipv4: sessionsOf(speakers, 'ipv4'), ipv6: sessionsOf(speakers, 'ipv6') }
  return speakers.flatMap(origin =>
    announcedIn(origin.routing).flatMap(({ prefix, family }) => {
      const learned = spread(world, sessions[family], family, prefix, origin)
      return speakers
        .filter(node => node !== origin)
        .map((node): Pair => {
          const said = { from: node.name, to: origin.name, prefix }
          const knows = learned.has(node)
          const why = knows
            ? lostOnTheWay(world, node, origin, prefix)
            : reason(world, sessions[family], family, prefix, origin, node, learned)
          return { ...said, passes: knows && why === null, why }
        })
    }),
  )
}

/** A reflector tells what comes from a client to all, and the rest to its clients (RFC 4456, section 6). */
const tells = (node: Speaker, before: Side | null, next: Side, family: Family): boolean =>
  before === null ||
  [before, next].some(
    ({ address }) => saidOf(node.routing, address, 'route-reflector-client', family) !== null,
  )

/** Who learns of a prefix, and from whom. */
const spread = (
  world: World,
  { from }: Sessions,
  family: Family,
  prefix: string,
  origin: Speaker,
): Map<Speaker, Side | null> => {
  const learned = new Map<Speaker, Side | null>([[origin, null]])
  for (const [node, before] of learned)
    for (const [left, right] of from.get(node) ?? [])
      if (!learned.has(right.node) && tells(node, before, right, family))
        if (!blocked(world, [left, right], family, prefix, origin)) learned.set(right.node, left)
  return learned
}

/** Why a node does not learn of a prefix: the session with its owner, or else the way by way of others. */
const reason = (
  world: World,
  { from, wrong }: Sessions,
  family: Family,
  prefix: string,
  origin: Speaker,
  node: Speaker,
  learned: ReadonlyMap<Speaker, Side | null>,
): Diagnostic | null => {
  const direct = wrong.get(node)?.get(origin)
  if (direct) return direct
  const barred = (teller: Speaker, to: (way: Way) => boolean): Diagnostic | null => {
    for (const way of from.get(teller) ?? [])
      if (to(way)) {
        const found = blocked(world, way, family, prefix, origin)
        if (found) return found
      }
    return null
  }
  const own = barred(origin, ([, right]) => right.node === node)
  if (own) return own
  for (const [teller, before] of learned) {
    const may = (right: Side): boolean => right.node === node && tells(teller, before, right, family)
    const found = wrong.get(node)?.get(teller) ?? barred(teller, ([, right]) => may(right))
    if (found) return found
  }
  const atOrigin = barred(origin, () => true) ?? [...(wrong.get(origin)?.values() ?? [])][0]
  return atOrigin ?? null
}
