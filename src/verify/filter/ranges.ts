import { type AddressFamily, bitsOf, familyOf, integerIn } from '../../net/index.js'

/** Addresses from the first to the last, as numbers. */
export interface Range {
  readonly family: AddressFamily
  readonly first: bigint
  readonly last: bigint
}

/** The number of an address, `null` for what is none. */
export type Numbers = (address: string) => bigint | null

/** The same without a memory. */
export const numberOf: Numbers = integerIn

/** Numbers of addresses of which the same ones come again and again. */
export const rememberedNumbers = (): Numbers => {
  const known = new Map<string, bigint | null>()
  return text => {
    const found = known.get(text)
    if (found !== undefined) return found
    const number = numberOf(text)
    known.set(text, number)
    return number
  }
}

/** `10.77.0.0/16`, `10.77.1.1` or `10.77.1.1-10.77.1.9`; `null` for anything else. Bits behind a length are not looked at. */
export const rangeFrom = (text: string, numbers: Numbers = numberOf): Range | null => {
  const [start = '', end] = text.split('-')
  const [address = '', length] = start.split('/')
  const number = numbers(address)
  if (number === null) return null
  const family = familyOf(address)
  if (end !== undefined) {
    const last = numbers(end)
    return last === null || length !== undefined ? null : { family, first: number, last }
  }
  const bits = length === undefined ? bitsOf(family) : Number(length)
  if (!(bits >= 0 && bits <= bitsOf(family))) return null
  const host = BigInt(bitsOf(family) - bits)
  const first = (number >> host) << host
  return { family, first, last: first + (1n << host) - 1n }
}

/** Whether an address is among some; `null` where one of them is no address. */
export type Among = (address: string) => boolean

/** A set of addresses: single ones are looked up, and of ranges there are few. */
export const amongOf = (texts: readonly string[], numbers: Numbers): Among | null => {
  const hosts = new Set<bigint>()
  const ranges: Range[] = []
  for (const text of texts) {
    const range = rangeFrom(text, numbers)
    if (!range) return null
    if (range.first === range.last) hosts.add(range.first)
    else ranges.push(range)
  }
  // An IPv4 address and an IPv6 one have no number in common but below 2³², which no address of IPv6 in use is.
  return address => {
    const number = numbers(address)
    if (number === null) return false
    if (hosts.has(number)) return true
    const family = familyOf(address)
    return ranges.some(range => range.family === family && range.first <= number && number <= range.last)
  }
}

/** Whether a network, or that of an interface's address, has the address. */
export const isIn = (prefix: string, address: string): boolean => {
  const [range, one] = [rangeFrom(prefix), rangeFrom(address)]
  return (
    range !== null &&
    one !== null &&
    range.family === one.family &&
    range.first <= one.first &&
    one.last <= range.last
  )
}
