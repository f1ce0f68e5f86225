import type { Span } from '../../diagnostics/index.js'

/** Something that a node's files say, apart from how and in which order they do. */
export interface Fact {
  /** Two trees that have it under one key say it of the same thing. */
  readonly key: string
  /** What is said, where one thing only can be; `''` where it is there or not. */
  readonly value: string
  /** The key of what it is part of: where that is not there, nobody asks for the part. */
  readonly under: string | null
  /** Those that stand beside it: where one of them is, it would be, too. */
  readonly group: string
  readonly span: Span
  /** A sentence without its end: `node3's list from-node1 admits 10.9.0.0/24`. */
  readonly has: string
  /** `node2 lacks peer node4`; `''` for what is compared only where both trees show it. */
  readonly lacks: string
}

/** Who has an address or a public key, as mesh.ini calls them. */
export type Names = ReadonlyMap<string, string>

/** The value of a secret that files do not show: it may be any. */
export const hidden = '(hidden)'

/** A secret is told from another, and shown to nobody. */
export const shown = (text: string): string => {
  const safe = text.replace(/[A-Za-z0-9+/]{43}=/g, '(key)').replace(/(\bpassword )\S.*/, '$1(hidden)')
  return safe.length > 100 ? `${safe.slice(0, 100)}…` : safe
}

/** Facts of which several are alike get numbers. */
export const numbered = (facts: readonly Fact[]): Fact[] => {
  const seen = new Map<string, number>()
  return facts.map(fact => {
    const count = (seen.get(fact.key) ?? 0) + 1
    seen.set(fact.key, count)
    return count === 1 ? fact : { ...fact, key: `${fact.key} #${count}` }
  })
}
