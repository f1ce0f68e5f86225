import {
  type Address,
  type AddressFamily,
  addressPart,
  bitsOf,
  covers,
  familyOf,
  integerOf,
  lengthPart,
  networkOf,
  type Prefix,
  subnet,
} from '../../net/index.js'

/** Where the reverse trees may be cut: RFC 1035, section 3.5 (octets) and RFC 3596, section 2.5 (nibbles). */
const forms = {
  ipv4: { step: 8, longest: 24, root: 'in-addr.arpa' },
  ipv6: { step: 4, longest: 124, root: 'ip6.arpa' },
} as const

/** A reverse zone: one network that ends where the tree can be cut. */
export interface Cut {
  readonly prefix: Prefix
  readonly origin: string
  /** The smaller networks that it was rounded up from; else it lies within its range. */
  readonly around: readonly Prefix[]
}

/**
 * The reverse zones of some networks. One that does not end at a cut is split into as many zones as it takes,
 * so that no zone answers for anybody else: 172.16.0.0/12 is 16 zones. Only what is smaller than the last cut
 * gets the zone around it: to be found, a zone of RFC 2317 needs aliases in that very zone.
 */
export const cutsOf = (ranges: readonly Prefix[]): Cut[] => {
  const around = new Map<Prefix, Prefix[]>()
  for (const range of ranges)
    for (const prefix of cutsIn(range))
      around.set(prefix, [...(around.get(prefix) ?? []), ...(covers(range, prefix) ? [] : [range])])
  return [...around.keys()]
    .filter(prefix => !wider(prefix).some(other => around.has(other)))
    .sort(byPlace)
    .map(prefix => ({ prefix, origin: originOf(prefix), around: around.get(prefix) ?? [] }))
}

/** The networks around one that end at a cut too. */
const wider = (prefix: Prefix): Prefix[] => {
  const { step } = forms[familyOf(prefix)]
  const count = lengthPart(prefix) / step - 1
  return Array.from({ length: count }, (_, index) => networkOf(addressPart(prefix), step * (index + 1)))
}

const cutsIn = (range: Prefix): Prefix[] => {
  const { step, longest } = forms[familyOf(range)]
  const length = lengthPart(range)
  const cut = Math.min(longest, Math.max(step, Math.ceil(length / step) * step))
  if (cut < length) return [networkOf(addressPart(range), cut)]
  return Array.from({ length: 2 ** (cut - length) }, (_, index) => subnet(range, cut, index) as Prefix)
}

/** The address's owner in the zone of `prefix`: `5.3` for 10.78.3.5 in 10.78.0.0/16. */
export const ownerIn = (prefix: Prefix, address: Address): string =>
  labelsOf(address)
    .slice(lengthPart(prefix) / forms[familyOf(prefix)].step)
    .reverse()
    .join('.')

const originOf = (prefix: Prefix): string => {
  const { step, root } = forms[familyOf(prefix)]
  const labels = labelsOf(addressPart(prefix)).slice(0, lengthPart(prefix) / step)
  return [...labels.reverse(), root].join('.')
}

/** Octets in decimal, or nibbles in hexadecimal, the most significant first. */
const labelsOf = (address: Address): string[] =>
  familyOf(address) === 'ipv4'
    ? address.split('.')
    : [
        ...integerOf(address)
          .toString(16)
          .padStart(bitsOf('ipv6') / forms.ipv6.step, '0'),
      ]

const byPlace = (a: Prefix, b: Prefix): number => {
  const families: [AddressFamily, AddressFamily] = [familyOf(a), familyOf(b)]
  if (families[0] !== families[1]) return families[0] < families[1] ? -1 : 1
  return integerOf(addressPart(a)) < integerOf(addressPart(b)) ? -1 : 1
}
