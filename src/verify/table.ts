import { bitsOf, familyOf } from '../net/index.js'
import { type Numbers, numberOf, rangeFrom } from './filter/ranges.js'

/** What is said of prefixes, found by the longest one that an address lies in. */
export interface PrefixTable<Value> {
  find(address: string): Value | null
  /** All that hold the address, the longest first, with the bits behind their lengths. */
  all(address: string): readonly (readonly [bits: number, Value])[]
}

/** Of a prefix that stands twice the last one counts. What is no prefix is left out. */
export const tableOf = <Value>(
  entries: Iterable<readonly [prefix: string, Value]>,
  numbers: Numbers = numberOf,
): PrefixTable<Value> => {
  const byFamily = {
    ipv4: new Map<number, Map<bigint, Value>>(),
    ipv6: new Map<number, Map<bigint, Value>>(),
  }
  for (const [prefix, value] of entries) {
    const range = rangeFrom(prefix, numbers)
    if (!range) continue
    const host = hostBitsOf(prefix)
    const of = byFamily[range.family].get(host) ?? new Map<bigint, Value>()
    byFamily[range.family].set(host, of.set(range.first >> BigInt(host), value))
  }
  const sorted = {
    ipv4: [...byFamily.ipv4].sort(([a], [b]) => a - b).map(([host, of]) => [BigInt(host), of] as const),
    ipv6: [...byFamily.ipv6].sort(([a], [b]) => a - b).map(([host, of]) => [BigInt(host), of] as const),
  }
  return {
    find(address) {
      const number = numbers(address)
      if (number === null) return null
      for (const [host, of] of sorted[familyOf(address)]) {
        const found = of.get(number >> host)
        if (found !== undefined) return found
      }
      return null
    },
    all(address) {
      const number = numbers(address)
      if (number === null) return []
      const all: (readonly [number, Value])[] = []
      for (const [host, of] of sorted[familyOf(address)]) {
        const found = of.get(number >> host)
        if (found !== undefined) all.push([Number(host), found])
      }
      return all
    },
  }
}

const hostBitsOf = (prefix: string): number => {
  const length = prefix.split('/')[1]
  return length === undefined ? 0 : bitsOf(familyOf(prefix)) - Number(length)
}
