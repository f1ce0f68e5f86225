import type { Diagnostic, Span } from '../diagnostics/index.js'
import { type Family, saidOf, titleOf } from './routing.js'
import { blocked, type Side, type Speaker, sessionsBetween, type Told } from './session.js'
import type { World } from './world.js'

/** The families of the default VRF. */
export type Unicast = Exclude<Family, 'evpn'>

/** A session as one side tells the other by it. */
export type Way = readonly [Side, Side]

/** The sessions of an address family, and what keeps others from being up. */
export interface Sessions {
  readonly from: ReadonlyMap<Speaker, readonly Way[]>
  readonly wrong: ReadonlyMap<Speaker, ReadonlyMap<Speaker, readonly Diagnostic[]>>
  /** Those that have clients to reflect to. */
  readonly reflectors: ReadonlySet<Speaker>
}

/** An announced network, and who learns of it from whom. */
export interface Spread extends Told {
  readonly family: Unicast
  readonly span: Span
  readonly learned: ReadonlyMap<Speaker, Side | null>
}

/** What is announced in the default VRF, and the sessions that carry it. */
export interface Routes {
  readonly sessions: Readonly<Record<Unicast, Sessions>>
  readonly spreads: readonly Spread[]
}

/** Nodes with a BGP instance of their own in the default VRF. */
export const speakersIn = (world: World): Speaker[] =>
  world.nodes.filter((node): node is Speaker => node.routing !== null)

/** Works out which sessions are up. */
export const sessionsOf = (world: World, speakers: readonly Speaker[], family: Family): Sessions => {
  const from = new Map<Speaker, Way[]>(speakers.map(node => [node, []]))
  const wrong = new Map<Speaker, Map<Speaker, readonly Diagnostic[]>>(speakers.map(node => [node, new Map()]))
  speakers.forEach((a, index) => {
    for (const b of speakers.slice(index + 1)) {
      const { sides, wrong: found } = sessionsBetween(world, a, b, family)
      for (const [left, right] of sides) {
        from.get(a)?.push([left, right])
        from.get(b)?.push([right, left])
      }
      if (found.length === 0) continue
      wrong.get(a)?.set(b, found)
      wrong.get(b)?.set(a, found)
    }
  })
  return { from, wrong, reflectors: new Set(speakers.filter(node => reflects(node, family))) }
}

/** Whether it has clients that it reflects routes to (RFC 4456). */
export const reflects = ({ routing }: Speaker, family: Family): boolean => {
  const within = titleOf(family)
  return routing.lines.some(line => line.family === within && line.words[2] === 'route-reflector-client')
}

/** Every announced network of the default VRF with who learns of it. */
export const routesOf = (world: World): Routes => {
  const speakers = speakersIn(world)
  const sessions = { ipv4: sessionsOf(world, speakers, 'ipv4'), ipv6: sessionsOf(world, speakers, 'ipv6') }
  return {
    sessions,
    spreads: speakers.flatMap(origin =>
      origin.routing.announced.map(({ prefix, family, span }) => {
        const told = { family, prefix, origin, communities: '' }
        return { ...told, span, learned: spread(world, sessions[family], told) }
      }),
    ),
  }
}

/** A reflector tells what comes from a client to all, and the rest to its clients (RFC 4456, section 6). */
export const tells = (node: Speaker, before: Side | null, next: Side, family: Family): boolean =>
  before === null ||
  [before, next].some(
    ({ address }) => saidOf(node.routing, address, 'route-reflector-client', family) !== null,
  )

/** Who learns of a network, and from whom. */
export const spread = (
  world: World,
  { from, reflectors }: Sessions,
  told: Told,
): Map<Speaker, Side | null> => {
  const learned = new Map<Speaker, Side | null>([[told.origin, null]])
  for (const [node, before] of learned) {
    if (before !== null && !reflectors.has(node)) continue
    for (const [left, right] of from.get(node) ?? [])
      if (!learned.has(right.node) && tells(node, before, right, told.family))
        if (!blocked(world, [left, right], told)) learned.set(right.node, left)
  }
  return learned
}
