import type { Span } from '../../diagnostics/index.js'
import type { Machine } from './machine.js'

/** What packets meet at one place of their way. */
export interface TripStep {
  readonly node: string
  readonly text: string
  readonly span: Span | null
}

/** Why packets get no further, or why that is not known; or why their source changes. */
export interface Why {
  readonly span: Span | null
  readonly message: string
  readonly hint: string
}

/** What becomes of packets that go one way. */
export interface Trip {
  readonly verdict: 'passes' | 'fails' | 'unknown'
  /** `null` where they pass. */
  readonly why: Why | null
  readonly steps: readonly TripStep[]
  /** The nodes on their way, the first one's too, and those that forward between two. */
  readonly nodes: readonly string[]
  /** What hides their source, or `null` where they keep it. */
  readonly hidden: Why | null
  /** The source that they arrive under. */
  readonly source: string
  /** Of the narrowest interface on the way, where the files say it. */
  readonly mtu: number | null
}

/** How frames of one node come to another's VXLAN device. */
export interface Carriage {
  /** What keeps them, `null` where they arrive. */
  readonly fault: (Pick<Trip, 'verdict'> & { readonly why: Why }) | null
  /** Nodes that carry them between the two. */
  readonly relays: readonly string[]
}

/** What is known already of how packets come from one node to another, by what carries them. */
export interface Carriages {
  /** What is known, or what is found now. */
  of(carrier: string, from: Machine, to: Machine, find: () => Carriage): Carriage
}

/** Nothing is known yet. */
export const newCarriages = (): Carriages => {
  const known = new Map<string, Map<Machine, Map<Machine, Carriage>>>()
  return {
    of(carrier, from, to, find) {
      const starts = within(known, carrier)
      const ends = within(starts, from)
      const before = ends.get(to)
      if (before) return before
      const found = find()
      ends.set(to, found)
      return found
    },
  }
}

const within = <Key, Inner, Value>(of: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> => {
  const found = of.get(key)
  if (found) return found
  const made = new Map<Inner, Value>()
  of.set(key, made)
  return made
}
