import {
  type Address,
  type AddressFamily,
  bitsOf,
  familyOf,
  integerOf,
  parseAddress,
} from '../../net/index.js'

/** Addresses from the first to the last, as numbers. */
export interface Range {
  readonly family: AddressFamily
  readonly first: bigint
  readonly last: bigint
}

const known = new Map<string, bigint | null>()
const most = 100_000

/** The number of an address, `null` for what is none. What was asked for is kept: the same ones come again and again. */
export const numberOf = (text: string): bigint | null => {
  const found = known.get(text)
  if (found !== undefined) return found
  const read = parseAddress(text)
  const number = read.ok ? integerOf(read.value as Address) : null
  if (known.size >= most) known.clear()
  known.set(text, number)
  return number
}

/** `10.77.0.0/16`, `10.77.1.1` or `10.77.1.1-10.77.1.9`; `null` for anything else. Bits behind a length are not looked at. */
export const rangeFrom = (text: string): Range | null => {
  const found = ranges.get(text)
  if (found !== undefined) return found
  const range = readRange(text)
  if (ranges.size >= most) ranges.clear()
  ranges.set(text, range)
  return range
}

const ranges = new Map<string, Range | null>()

const readRange = (text: string): Range | null => {
  const [start = '', end] = text.split('-')
  const [address = '', length] = start.split('/')
  const number = numberOf(address)
  if (number === null) return null
  const family = familyOf(address)
  if (end !== undefined) {
    const last = numberOf(end)
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
export const amongOf = (texts: readonly string[]): Among | null => {
  const hosts = new Set<bigint>()
  const ranges: Range[] = []
  for (const text of texts) {
    const range = rangeFrom(text)
    if (!range) return null
    if (range.first === range.last) hosts.add(range.first)
    else ranges.push(range)
  }
  // An IPv4 address and an IPv6 one have no number in common but below 2³², which no address of IPv6 in use is.
  return address => {
    const number = numberOf(address)
    if (number === null) return false
    if (hosts.has(number)) return true
    const family = familyOf(address)
    return ranges.some(range => range.family === family && range.first <= number && number <= range.last)
  }
}
