import { addressOf, familyOf } from '../../net/index.js'
import { isIn, rangeFrom } from '../filter/ranges.js'
import { type End, endsOf, internetAt } from '../flow/ends.js'
import type { Net } from '../flow/net.js'
import type { Selector, WantedEnds } from './expectation.js'

/** Two ends that packets go between. */
export type Between = readonly [from: End, to: End]

/** All ends of the files, found by what lines say of them. */
export interface Chooser {
  /** Of one family each, and never from an end to itself. */
  between(from: WantedEnds, to: WantedEnds): readonly Between[]
  /** What of it the files show nothing of, as its author calls it; `null` where they show all. */
  missing(wanted: WantedEnds): string | null
}

/** Looks all ends up once. */
export const chooserOf = (net: Net): Chooser => {
  const all = net.machines.flatMap(machine => endsOf(net, machine))
  const known = new Map<WantedEnds, readonly End[]>()
  const choose = (wanted: WantedEnds): readonly End[] => {
    const before = known.get(wanted)
    if (before) return before
    const found = [...new Set(wanted.any.flatMap(selector => chosen(all, selector)))]
    known.set(wanted, found)
    return found
  }
  const isInternet = ({ any }: WantedEnds): boolean => any.some(({ of }) => of === 'internet')
  return {
    between(from, to) {
      // It comes in, and goes out, at any node.
      if (isInternet(from))
        return choose(to).flatMap(end =>
          net.machines.map((machine): Between => [internetAt(machine, familyOf(end.address)), end]),
        )
      if (isInternet(to))
        return choose(from).map((end): Between => [end, internetAt(end.machine, familyOf(end.address))])
      const targets = choose(to)
      return choose(from).flatMap(end =>
        targets
          .filter(other => other !== end && familyOf(other.address) === familyOf(end.address))
          .filter(other => other.address !== end.address)
          .map((other): Between => [end, other]),
      )
    },
    missing(wanted) {
      if (isInternet(wanted)) return null
      const lacking = wanted.any.filter(selector => chosen(all, selector).length === 0)
      const [first] = lacking
      if (!first) return null
      return lacking.length === wanted.any.length ? wanted.text : nameOf(first, wanted)
    },
  }
}

const nameOf = (selector: Selector, { text }: WantedEnds): string =>
  selector.of === 'node' ? `node ${selector.node}` : text

const chosen = (all: readonly End[], selector: Selector): readonly End[] => {
  switch (selector.of) {
    case 'node': {
      const own = all.filter(end => end.machine.name === selector.node && end.tenant === null)
      const networks = own.filter(({ kind }) => kind === 'containers' || kind === 'lan')
      return networks.length > 0 ? networks : own.filter(({ kind }) => kind === 'host')
    }
    case 'device':
      return all.filter(
        ({ machine, device, kind }) =>
          machine.name === selector.node && device === selector.device && kind !== 'client',
      )
    case 'tenant':
      return all.filter(({ tenant }) => tenant === selector.name)
    case 'segment':
      return all.filter(({ segment }) => segment === selector.name)
    case 'client':
      return all.filter(({ kind, address }) => kind === 'client' && selector.addresses.includes(address))
    case 'address':
      return all.flatMap(end => at(end, selector.prefix))
    case 'internet':
      return []
  }
}

/** The end, with the address where one is named, if it is of the prefix or has it. */
const at = (end: End, prefix: string): End[] => {
  if (isIn(prefix, end.address)) return [end]
  const range = rangeFrom(prefix)
  if (!range || end.kind === 'host' || end.kind === 'client') return []
  const address = addressOf(range.family, range.first === range.last ? range.first : range.first + 1n)
  const networks =
    end.kind === 'lan'
      ? end.machine.lans.filter(({ device }) => device === end.device).map(({ prefix }) => prefix)
      : (end.machine.bridges.get(end.device)?.addresses ?? []).map(({ value }) => value)
  const own = networks.some(network => isIn(network, end.address) && isIn(network, address))
  return own ? [{ ...end, address }] : []
}
