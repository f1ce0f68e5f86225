import { type Flow, flowOf } from '../../../src/verify/flow/flow.js'
import { type Study, studyOf } from '../../../src/verify/index.js'
import { sleep, stopwatch } from './clock.js'
import { collectedFrom } from './collected.js'
import { answersTo, type Echo, nameOf } from './echoes.js'
import type { Host } from './host.js'
import type { Lab } from './lab.js'
import { type Between, betweenAll, fromInternet, type Place, placesIn } from './places.js'

/** What `verify` says of two places, and what a ping saw. */
export interface Compared extends Foretold {
  readonly answered: boolean
}

/** `null` where a place is none by the files: it is behind a node that is off. */
interface Foretold extends Between {
  readonly flow: Flow | null
}

/** What the files say, and what pings saw, once both are the same. */
export interface Agreement {
  readonly study: Study
  readonly compared: readonly Compared[]
}

/** What of a lab is needed to ask. */
export type Playground = Pick<Lab, 'hosts' | 'others' | 'internet'>

/** Who is off, and how many seconds what the files say has to become so. */
interface Asking {
  readonly without?: readonly Host[]
  readonly patience?: number
}

/**
 * Reads the files that lie on the nodes, and pings from everywhere to everywhere: containers, nodes under their addresses of
 * the mesh, clients, hosts on LANs, somebody on the internet. A ping has to be answered exactly where `verify` says that it
 * is, and to come under the source that it says. What differs is asked again while there is patience, and then an error.
 */
export const agreement = async (
  lab: Playground,
  { without = [], patience = 30 }: Asking = {},
): Promise<Agreement> => {
  const hosts = lab.hosts.filter(host => !without.includes(host))
  const study = studyOf(collectedFrom(hosts))
  const places = placesIn(hosts, lab.others, study)
  const unknown = places.flatMap(({ who, address, end }) =>
    typeof end === 'string' && without.length === 0 ? [`${who} is at ${address}; verify: ${end}`] : [],
  )
  const outside = fromInternet(lab, hosts, places)
  const flows = [...betweenAll(places), ...outside].map(one => foretold(study, one))
  const elapsed = stopwatch()
  // Nobody else has these addresses there, so that they may stay.
  const ways = outside.map(({ to }) => wayIn(hosts, to)).join('')
  lab.internet.namespace.must(['ip', '-batch', '-'], { input: ways })
  const answered = new Set<Foretold>()
  let asked: readonly Foretold[] = flows
  for (;;) {
    for (const ledger of new Set(asked.map(({ to }) => to.ledger))) ledger?.clear()
    const names = answersTo(asked.map(echoOf))
    for (const one of asked)
      if (names.has(nameOf(echoOf(one)))) answered.add(one)
      else answered.delete(one)
    const compared = flows.map(one => ({ ...one, answered: answered.has(one) }))
    const strange = new Map(
      places
        .filter(place => asked.some(({ to }) => to === place))
        .map(place => [place, strangers(place, flows)] as const)
        .filter(([, found]) => found.length > 0),
    )
    const wrong = [...unknown, ...compared.flatMap(differing), ...[...strange.values()].flat()]
    if (wrong.length === 0) return { study, compared }
    if (elapsed() > patience)
      throw new Error(
        `verify and ${flows.length} pings differ in ${wrong.length}:\n  ${wrong.slice(0, 24).join('\n  ')}`,
      )
    await sleep(1)
    // A busy machine loses one of hundreds each time: what was as it should be is not asked again, but with its place.
    const again = new Set([
      ...compared.filter(one => differing(one).length > 0).map(({ to }) => to.machine),
      ...[...strange.keys()].map(({ machine }) => machine),
    ])
    asked = flows.filter(({ to }) => again.has(to.machine))
  }
}

/** How many pings were as foretold, and how many of those had no answer. */
export const numbersOf = ({ compared }: Agreement): string => {
  const silent = compared.filter(({ answered }) => !answered).length
  const unknown = compared.filter(({ flow }) => flow?.verdict === 'unknown').length
  return `${compared.length - unknown}, ${silent} of them unanswered${unknown > 0 ? `; ${unknown} unknown` : ''}`
}

const foretold = ({ net }: Study, { from, to }: Between): Foretold => ({
  from,
  to,
  flow: typeof from.end === 'string' || typeof to.end === 'string' ? null : flowOf(net, from.end, to.end),
})

/** What `verify` does not know differs from nothing. */
const differing = ({ from, to, flow, answered }: Compared): string[] => {
  const verdict = flow?.verdict ?? 'fails'
  if (verdict === 'unknown' || (verdict === 'passes') === answered) return []
  const pair = `${from.who} (${from.address}) to ${to.who} (${to.address})`
  if (!answered) return [`${pair} has no answer; verify says that it has`]
  const { span, message } = flow?.why ?? { span: null, message: 'there is no such place' }
  return [`${pair} is answered; verify: ${span?.file}:${span?.line}: ${message}`]
}

/** Sources under which a place was pinged that `verify` does not say, and those that it says. */
const strangers = ({ who, ledger, address }: Place, flows: readonly Foretold[]): string[] => {
  const here = flows.filter(({ to }) => to.who === who && to.address === address)
  if (!ledger || here.some(({ flow }) => flow?.there.verdict === 'unknown')) return []
  const wanted = new Set(
    here.flatMap(({ flow }) => (flow?.there.verdict === 'passes' ? [flow.there.source] : [])),
  )
  const seen = new Set(ledger.sources().filter(source => source.includes(':') === address.includes(':')))
  return [
    ...[...seen].filter(one => !wanted.has(one)).map(one => `${who} was pinged by ${one}; not so by verify`),
    ...[...wanted].filter(one => !seen.has(one)).map(one => `${who} was not pinged by ${one}; so by verify`),
  ]
}

/** Sends what is for a place to the door of its node. */
const wayIn = (hosts: readonly Host[], { address, end }: Place): string => {
  const host = hosts.find(({ name }) => typeof end !== 'string' && name === end.machine.name) as Host
  const { ipv4, ipv6 } = host.uplink.site
  return `route replace ${address} via ${address.includes(':') ? ipv6 : ipv4}\n`
}

export const echoOf = ({ from, to }: Between): Echo => ({
  machine: from.machine,
  from: from.address,
  to: to.address,
})
