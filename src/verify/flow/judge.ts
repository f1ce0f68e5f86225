import type { Diagnostic } from '../../diagnostics/index.js'
import { finding } from '../finding.js'
import type { End } from './ends.js'
import type { Expected } from './expected.js'
import { flowOf } from './flow.js'
import type { Net } from './net.js'
import type { Why } from './trip.js'

/** How many flows were looked at, and what is not as expected. */
export interface Judged {
  readonly flows: number
  readonly asExpected: number
  /** Of how many it is not known whether they pass. */
  readonly unknown: number
  readonly findings: readonly Diagnostic[]
  /** Of those that are not known, why, a sentence for each place. */
  readonly doubts: readonly string[]
}

/** Decides the flows that are expected to pass or not to. Several with the same reason are told as one. */
export const judge = (
  net: Net,
  expected: Iterable<Expected>,
  apart: (from: End, to: End) => boolean,
): Judged => {
  const faults = new Map<
    string,
    { why: Why; first: Expected; more: number; kind: 'lost' | 'open' | 'hidden' }
  >()
  const doubts = new Map<string, string>()
  let [flows, good, unknown] = [0, 0, 0]
  const add = (kind: 'lost' | 'open' | 'hidden', why: Why, one: Expected): void => {
    const key = `${kind} ${why.span?.file}:${why.span?.line}`
    const found = faults.get(key)
    if (found) found.more++
    else faults.set(key, { why, first: one, more: 0, kind })
  }
  for (const one of expected) {
    if (one.passes && apart(one.from, one.to)) continue
    flows++
    const { verdict, why, there } = flowOf(net, one.from, one.to)
    if (verdict === 'unknown' && why) {
      unknown++
      doubts.set(
        why.message,
        `${why.span?.file ?? one.from.machine.name}: ${why.message}, so flows are unknown`,
      )
    } else if (one.passes !== (verdict === 'passes')) {
      add(one.passes ? 'lost' : 'open', why ?? openWhy(one), one)
    } else if (one.passes && there.hidden) add('hidden', there.hidden, one)
    else good++
  }
  return {
    flows,
    asExpected: good,
    unknown,
    doubts: [...doubts.values()],
    findings: [...faults.values()].map(({ why, first, more, kind }) =>
      finding(
        'verify-flow',
        why.span ?? first.from.machine.node.span,
        `${sentence(kind, why, first)}${more > 0 ? `, and so for ${more} ${more === 1 ? 'other' : 'others'}` : ''}`,
        why.hint,
      ),
    ),
  }
}

const sentence = (kind: 'lost' | 'open' | 'hidden', { message }: Why, { from, to }: Expected): string =>
  kind === 'lost'
    ? `${from.address} (${placeOf(from)}) does not reach ${to.address} (${placeOf(to)}): ${message}`
    : kind === 'hidden'
      ? message
      : `${from.address} (${placeOf(from)}) reaches ${to.address} (${placeOf(to)}), and should not: ${message}`

/** `node1's ciabbr0`. */
export const placeOf = ({ machine, device, kind }: End): string =>
  kind === 'internet' ? `the internet, by ${machine.name}` : `${machine.name}'s ${device}`

/** Nothing stops it: the place is that of the last chain that it passed. */
export const openWhy = ({ from, to }: Pick<Expected, 'from' | 'to'>): Why => {
  const rules = to.machine.filter?.rules() ?? from.machine.filter?.rules() ?? []
  const chain = rules.find(({ text }) => / drop$/.test(text))
  return {
    span: chain?.span ?? to.machine.node.span,
    message: 'no rule on the way drops it',
    hint: 'write the packet filter as "ciab-gen gen" has it',
  }
}
