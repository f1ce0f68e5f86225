import type { NftChain, NftRule, NftTable, NftTerm, NftVerdict } from '../../readers/index.js'
import { type Question, questionOf } from './asks.js'
import { kindOf, type Packet } from './packet.js'
import { type Among, amongOf, type Numbers } from './ranges.js'

/** What a run through a chain ends with. */
export interface End {
  readonly verb: 'accept' | 'drop' | 'return' | 'unknown'
  readonly rule: NftRule | null
}

/** What becomes of a packet's source as it leaves: it stays, gives way to the node's own, or no rule says. */
export interface Source {
  readonly becomes: 'kept' | 'hidden' | 'unsaid' | 'unknown'
  readonly rule: NftRule | null
}

/** The chains of a table, to run packets through. */
export interface Chains {
  run(chain: NftChain): (packet: Packet) => End
  /** What its rules say of the source, `null` where none does. */
  source(chain: NftChain): (packet: Packet) => Source | null
}

/** A part of a rule: what it asks, or what it decides if all before it holds. */
type Step =
  | ({ readonly kind: 'ask' } & Question)
  | { readonly kind: 'verdict'; readonly verdict: NftVerdict }
  | { readonly kind: 'map'; readonly map: NftTerm & { kind: 'map' } }
  | { readonly kind: 'source'; readonly becomes: 'kept' | 'hidden' }

/** A rule with what of it is still to be asked. */
interface Rule {
  readonly steps: readonly Step[]
  readonly rule: NftRule
}

/** Takes the terms of a rule apart. */
export type Steps = (terms: readonly NftTerm[]) => readonly Step[]

/** Rules that stand in the files of many nodes are taken apart once, and so are lists that many rules name. */
export const newSteps = (numbers: Numbers): Steps => {
  const lists = new Map<readonly string[], Among | null>()
  const sets = (texts: readonly string[]): Among | null => {
    const found = lists.get(texts)
    if (found !== undefined) return found
    const among = amongOf(texts, numbers)
    lists.set(texts, among)
    return among
  }
  const known = new Map<readonly NftTerm[], readonly Step[]>()
  return terms => {
    const found = known.get(terms)
    if (found) return found
    const steps = terms.map((term): Step => {
      if (term.kind === 'verdict') return { kind: 'verdict', verdict: term }
      if (term.kind === 'map') return { kind: 'map', map: term }
      if (term.kind === 'source') return term
      return { kind: 'ask', ...questionOf(term, sets) }
    })
    known.set(terms, steps)
    return steps
  }
}

/** nft refuses circles; a file may have one all the same. */
const deepest = 16

const throughAll: End = { verb: 'return', rule: null }

/**
 * Of a mesh's packets many are of one kind: what the rules of a chain ask about the kind is asked of the first, and of all
 * others what is left. A chain that a map leads to is one node's, and not worth that.
 */
export const chainsOf = ({ chains }: NftTable, stepsOf: Steps): Chains => {
  const left = new Map<NftChain, Map<string, readonly Rule[]>>()
  const leftFor = (chain: NftChain, packet: Packet, kind: string): readonly Rule[] => {
    const kinds = left.get(chain) ?? new Map<string, readonly Rule[]>()
    left.set(chain, kinds)
    const before = kinds.get(kind)
    if (before) return before
    const rules = leftOf(chain.rules, stepsOf, packet)
    kinds.set(kind, rules)
    return rules
  }
  const run = (chain: NftChain, packet: Packet, kind: string, depth: number, ofOneNode = false): End => {
    if (depth > deepest) return { verb: 'unknown', rule: chain.rules[0] ?? null }
    let doubt: End | null = null
    for (const one of ofOneNode ? chain.rules : leftFor(chain, packet, kind)) {
      const end =
        'steps' in one
          ? decide(one.steps, one.rule, packet, kind, depth)
          : decide(stepsOf(one.terms), one, packet, kind, depth)
      if (end === null) continue
      if (end.verb !== 'unknown') return doubt && end.verb !== 'drop' ? doubt : end
      doubt ??= end
    }
    return doubt ?? throughAll
  }
  /** What a rule decides, or `null` where the next one is asked. */
  const decide = (
    steps: readonly Step[],
    rule: NftRule,
    packet: Packet,
    kind: string,
    depth: number,
  ): End | null => {
    for (const step of steps) {
      if (step.kind === 'ask') {
        const answer = step.ask(packet)
        if (answer === 'yes') continue
        return answer === 'no' ? null : { verb: 'unknown', rule }
      }
      if (step.kind === 'source') return { verb: 'unknown', rule }
      const verdict = step.kind === 'verdict' ? step.verdict : mapped(step.map, packet)
      if (verdict === null) return null
      const { verb } = verdict
      if (verb === 'accept' || verb === 'drop' || verb === 'return') return { verb, rule }
      const chain = chains.get(verdict.chain)
      if (!chain) return { verb: 'unknown', rule }
      const end = run(chain, packet, kind, depth + 1, step.kind === 'map')
      if (end.verb !== 'return') return end.rule ? end : { verb: end.verb, rule }
      return verb === 'goto' ? { verb: 'return', rule } : null
    }
    return null
  }
  return {
    run: chain => packet => run(chain, packet, kindOf(packet), 0),
    source: chain => packet => {
      for (const { steps, rule } of leftFor(chain, packet, kindOf(packet))) {
        const said = sourceSaid(steps, rule, packet)
        if (said === 'done') return null
        if (said !== null) return said
      }
      return null
    },
  }
}

/** The rules that may decide about packets of this one's kind, without what all of them answer alike. */
const leftOf = (rules: readonly NftRule[], stepsOf: Steps, packet: Packet): readonly Rule[] => {
  const left: Rule[] = []
  for (const rule of rules) {
    const steps: Step[] = []
    let never = false
    for (const step of stepsOf(rule.terms)) {
      const answer = step.kind === 'ask' && step.ofKind ? step.ask(packet) : null
      if (answer === 'yes') continue
      // What stands before it may be unknown, and is asked first.
      never = answer === 'no' && steps.length === 0
      if (never) break
      steps.push(step)
    }
    if (never) continue
    left.push({ steps, rule })
    const [first] = steps
    if (first?.kind === 'verdict' && /^(accept|drop|return)$/.test(first.verdict.verb)) break
  }
  return left
}

/** What a rule says of the source; `done` where packets go no further in its chain. */
const sourceSaid = (steps: readonly Step[], rule: NftRule, packet: Packet): Source | 'done' | null => {
  for (const step of steps) {
    if (step.kind === 'source') return { becomes: step.becomes, rule }
    if (step.kind === 'verdict') return 'done'
    const answer = step.kind === 'ask' ? step.ask(packet) : 'unknown'
    if (answer === 'no') return null
    if (answer === 'unknown') return { becomes: 'unknown', rule }
  }
  return null
}

const mapped = (term: NftTerm & { kind: 'map' }, packet: Packet): NftVerdict | null => {
  const value =
    term.field === 'ether saddr' ? packet.mac : /saddr$/.test(term.field) ? packet.from : packet.to
  return (value !== null && term.entries.get(value)) || null
}
