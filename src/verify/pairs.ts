import type { Diagnostic } from '../diagnostics/index.js'
import { lostOnTheWay } from './carry.js'
import { blocked, type Side, type Speaker, type Told } from './session.js'
import { type Routes, type Sessions, type Spread, speakersIn, tells, type Way } from './spread.js'
import { areApart, type World } from './world.js'

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

/** Every node with every announced network of every other; or of the nodes of these names alone. */
export const pairsOf = (world: World, { sessions, spreads }: Routes, from?: string, to?: string): Pair[] => {
  const speakers = speakersIn(world).filter(({ name }) => from === undefined || name === from)
  return spreads.flatMap(told => {
    const { prefix, family, origin, learned } = told
    if (to !== undefined && origin.name !== to) return []
    return speakers
      .filter(node => node !== origin)
      .map((node): Pair => {
        const said = { from: node.name, to: origin.name, prefix }
        const knows = learned.has(node) && !areApart(world, node, origin)
        const why = knows
          ? lostOnTheWay(world, node, origin, prefix)
          : reason(world, sessions[family], told, node)
        return { ...said, passes: knows && why === null, why }
      })
  })
}

/** Why a node does not learn of a network: the session with its owner, or else the way by way of others. */
export const reason = (
  world: World,
  { from, wrong }: Sessions,
  told: Told & Pick<Spread, 'learned'>,
  node: Speaker,
): Diagnostic | null => {
  const { origin, family, learned } = told
  const direct = wrong.get(node)?.get(origin)?.[0]
  if (direct) return direct
  const barred = (teller: Speaker, to: (way: Way) => boolean): Diagnostic | null => {
    for (const way of from.get(teller) ?? [])
      if (to(way)) {
        const found = blocked(world, way, told)
        if (found) return found
      }
    return null
  }
  const own = barred(origin, ([, right]) => right.node === node)
  if (own) return own
  for (const [teller, before] of learned) {
    const may = (right: Side): boolean => right.node === node && tells(teller, before, right, family)
    const found = wrong.get(node)?.get(teller)?.[0] ?? barred(teller, ([, right]) => may(right))
    if (found) return found
  }
  const atOrigin = barred(origin, () => true) ?? [...(wrong.get(origin)?.values() ?? [])][0]?.[0]
  return atOrigin ?? null
}
