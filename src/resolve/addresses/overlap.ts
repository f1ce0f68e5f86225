import type { Span } from '../../diagnostics/index.js'
import {
  type Address,
  type AddressFamily,
  familyOf,
  hostPrefix,
  type Prefix,
  rangeOf,
} from '../../net/index.js'

/** A claim to a range of addresses. */
export interface Claim {
  readonly prefix: Prefix
  /** How a person calls it: `the overlay pool`, `node2's container network`. */
  readonly what: string
  readonly span: Span
  /** Whether it is a LAN, which other machines of its site may be in as well. */
  readonly lan?: true
  /** Whether it comes from an id: then the other of two is what can be changed. */
  readonly derived?: boolean
}

interface Ranged<Kind extends Claim = Claim> {
  readonly claim: Kind
  readonly order: number
  readonly range: readonly [first: bigint, last: bigint]
}

/** The claims of a family by their first address, the wider and then the earlier one first. */
const sorted = <Kind extends Claim>(claims: readonly Kind[], family: AddressFamily): Ranged<Kind>[] =>
  claims
    .filter(({ prefix }) => familyOf(prefix) === family)
    .map((claim, order) => ({ claim, order, range: rangeOf(claim.prefix) }))
    .sort((a, b) => compare(a.range[0], b.range[0]) || compare(b.range[1], a.range[1]) || a.order - b.order)

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** Pairs of claims that share an address, the later one first. Sorted once, so that it stays fast for thousands. */
export const overlappingClaims = <Kind extends Claim>(claims: readonly Kind[]): [Kind, Kind][] =>
  (['ipv4', 'ipv6'] as const).flatMap(family => {
    const pairs: [Kind, Kind][] = []
    let widest: Ranged<Kind> | undefined
    for (const next of sorted(claims, family))
      if (!widest || next.range[0] > widest.range[1]) widest = next
      else pairs.push(next.order > widest.order ? [next.claim, widest.claim] : [widest.claim, next.claim])
    return pairs
  })

/** Finds the widest claim that an address lies in. Prefixes nest or are apart, so those that no other covers are apart. */
export const claimFinder = (claims: readonly Claim[]): ((address: Address) => Claim | undefined) => {
  const outermost = (family: AddressFamily): Ranged[] => {
    const kept: Ranged[] = []
    for (const next of sorted(claims, family)) {
      const last = kept.at(-1)
      if (!last || next.range[0] > last.range[1]) kept.push(next)
    }
    return kept
  }
  const tables = { ipv4: outermost('ipv4'), ipv6: outermost('ipv6') }
  return address => {
    const table = tables[familyOf(address)]
    const [integer] = rangeOf(hostPrefix(address))
    let [low, high] = [0, table.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((table[middle] as Ranged).range[0] <= integer) low = middle + 1
      else high = middle
    }
    const found = table[low - 1]
    return found && integer <= found.range[1] ? found.claim : undefined
  }
}
