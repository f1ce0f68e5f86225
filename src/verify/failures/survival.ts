import type { Diagnostic } from '../../diagnostics/index.js'
import { chooserOf } from '../expect/ends.js'
import type { Expectation, ExpectedSurvival } from '../expect/expectation.js'
import { placeOf } from '../flow/judge.js'
import type { Study } from '../verify.js'
import { type Failure, failuresOf } from './failures.js'

/** Lines about losses that the others do not survive, an error each. */
export const survivalsHeld = (study: Study, expectations: readonly Expectation[]): Diagnostic[] => {
  const survivals = expectations.filter((one): one is ExpectedSurvival => one.kind === 'survive')
  if (survivals.length === 0) return []
  const chooser = chooserOf(study.net)
  const reached = expectations.flatMap(one =>
    one.kind === 'reach' ? chooser.between(one.from, one.to).filter(([{ kind }]) => kind !== 'internet') : [],
  )
  const losses = new Map(survivals.flatMap(one => one.losses).map(loss => [loss.name, loss]))
  const failures = new Map(
    failuresOf(study, [...losses.values()], reached).map(failure => [failure.name, failure]),
  )
  return survivals.flatMap(one => {
    const bad = one.losses
      .flatMap(({ name }) => failures.get(name) ?? [])
      .filter(({ lost, flows }) => lost.length > 0 || flows.length > 0)
    const [first] = bad
    return first ? [violated(one, first, bad)] : []
  })
}

const violated = (one: ExpectedSurvival, first: Failure, bad: readonly Failure[]): Diagnostic => {
  const { flows, lost, points } = first
  const [flow] = flows
  const [pair] = lost
  const what = flow
    ? `${flow.from.address} (${placeOf(flow.from)}) does not reach ${flow.to.address} (${placeOf(flow.to)})`
    : `${pair?.from} has no route to ${pair?.prefix} of ${pair?.to}`
  const count = Math.max(flows.length, lost.length) - 1
  const more = count > 0 ? `, and so for ${count} ${count === 1 ? 'other' : 'others'}` : ''
  const others = bad.slice(1).map(({ name }) => name)
  const also =
    others.length > 0
      ? `; something is lost without ${others.slice(0, 3).join(', or without ')}${others.length > 3 ? ` or ${others.length - 3} more` : ''}, too`
      : ''
  const why = flow?.why ?? (pair?.why ? { span: pair.why.span, message: pair.why.message } : null)
  const point = points.find(({ kind }) => kind !== 'carrier')
  return {
    severity: 'error',
    code: 'expect-failed',
    message: `without ${first.name}, ${what}${more}${also}`,
    span: one.span,
    subject: `survive ${one.text}`,
    hint: point?.hint ?? 'give those that are left another way to each other, or delete the line',
    ...(why?.span ? { related: { message: whileGone(why.message), span: why.span } } : {}),
  }
}

/** Files that are not looked at are those of nodes that are gone here. */
const whileGone = (message: string): string =>
  message.replace('a peer whose files are not here', 'a node that is gone')
