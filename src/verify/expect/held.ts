import type { Diagnostic } from '../../diagnostics/index.js'
import type { End } from '../flow/ends.js'
import { flowOf } from '../flow/flow.js'
import { openWhy, placeOf } from '../flow/judge.js'
import type { Net } from '../flow/net.js'
import type { Why } from '../flow/trip.js'
import { type Chooser, chooserOf } from './ends.js'
import type { Expectation, ExpectedFlow } from './expectation.js'

/** Lines about flows that do not hold in the files, an error each; or that these do not decide, a warning. */
export const flowsHeld = (net: Net, expectations: readonly Expectation[]): Diagnostic[] => {
  const flows = expectations.filter((one): one is ExpectedFlow => one.kind !== 'survive')
  if (flows.length === 0) return []
  const chooser = chooserOf(net)
  return flows.flatMap(one => heldBy(net, chooser, one) ?? [])
}

/** What is wrong with a flow, if anything is. */
interface Wrong {
  why: Why
  readonly from: End
  readonly to: End
}

const heldBy = (net: Net, chooser: Chooser, one: ExpectedFlow): Diagnostic | null => {
  const missing = chooser.missing(one.from) ?? chooser.missing(one.to)
  const { from, to, kind } = one
  const [reaches, not] = [`${from.text} reaches ${to.text}`, `${from.text} does not reach ${to.text}`]
  if (missing !== null) {
    const shown = `the files show nothing of ${missing}`
    // Of a node without our packet filter they do not show what is on its interfaces.
    return kind === 'reach' && net.machines.every(({ filter }) => filter !== null)
      ? said(one, 'error', `${not}: ${shown}`)
      : said(one, 'warning', `${shown}, so they do not say whether ${reaches}`)
  }
  const wrong: Wrong[] = []
  const doubts: Wrong[] = []
  const between = chooser.between(from, to)
  if (between.length === 0)
    return said(one, 'error', `${from.text} and ${to.text} have no two addresses of one family to try`)
  for (const [start, target] of between) {
    const flow = flowOf(net, start, target)
    const at = (why: Why | null): Wrong => ({
      why: why ?? openWhy({ from: start, to: target }),
      from: start,
      to: target,
    })
    if (kind === 'reach') {
      if (flow.verdict === 'fails') wrong.push(at(flow.why))
      else if (flow.verdict === 'unknown') doubts.push(at(flow.why))
      continue
    }
    // One way is enough: what arrives arrives, though nobody hears an answer.
    const { verdict, why, nodes } = flow.there
    if (verdict === 'unknown') doubts.push(at(why))
    if (verdict !== 'passes') continue
    const open = [...nodes].find(name => net.machines.find(one => one.name === name)?.filter === null)
    if (open === undefined) wrong.push(at(null))
    else
      doubts.push(
        at({
          span: null,
          message: `${open} has no packet filter in its files`,
          hint: 'look yourself what it drops',
        }),
      )
  }
  const [first] = wrong
  if (first && kind === 'isolate') first.why = passedAt(net, first)
  if (first)
    return told(one, 'error', kind === 'reach' ? not : `${reaches}, and should not`, first, wrong.length - 1)
  const [doubt] = doubts
  return doubt ? told(one, 'warning', `it is not known whether ${reaches}`, doubt, doubts.length - 1) : null
}

/** The last rule that lets it through, or where one that drops it would stand. */
const passedAt = (net: Net, { from, to, why }: Wrong): Why => {
  const { steps } = flowOf(net, from, to, true).there
  const last = steps.findLast(({ span, text }) => span !== null && text.startsWith('the packet filter'))
  return last ? { ...why, span: last.span, message: `${last.node} lets it through here` } : why
}

const told = (
  one: ExpectedFlow,
  severity: Diagnostic['severity'],
  sentence: string,
  { why, from, to }: Wrong,
  more: number,
): Diagnostic => {
  const others = more > 0 ? `, and so for ${more} ${more === 1 ? 'other' : 'others'}` : ''
  const ends = `${from.address} (${placeOf(from)}) to ${to.address} (${placeOf(to)})`
  return {
    ...said(one, severity, `${sentence}: ${ends}${others}`),
    ...(severity === 'warning' ? { hint: why.hint } : {}),
    // Where there is no place for it, it is told in words alone.
    ...(why.span
      ? { related: { message: why.message, span: why.span } }
      : { message: `${sentence}: ${ends}, ${why.message}${others}` }),
  }
}

const said = (one: ExpectedFlow, severity: Diagnostic['severity'], message: string): Diagnostic => ({
  severity,
  code: severity === 'error' ? 'expect-failed' : 'expect-unknown',
  message,
  span: one.span,
  subject: `${one.kind} ${one.from.text} -> ${one.to.text}`,
  hint: one.hint,
})
