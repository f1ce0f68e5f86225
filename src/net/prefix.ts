import {
  type Address,
  type AddressFamily,
  addressOf,
  bitsOf,
  familyOf,
  integerOf,
  parseAddress,
} from './address.js'
import { accepted, type Brand, type Parsed, quoted, refused } from './brand.js'

/** A network: `10.79.0.0/16`, `fd42::/64`. The bits after its length are zero. */
export type Prefix = Brand<string, 'Prefix'>
/** An address and the length of its network, as an interface has it: `10.79.0.1/16`. */
export type InterfaceAddress = Brand<string, 'InterfaceAddress'>

/** Reads `address/length`; bits set after the length are an error whose hint is the network. */
export const parsePrefix = (text: string): Parsed<Prefix> => {
  const split = splitLength(text)
  if (!split.ok) return split
  const [address, length] = split.value
  const network = networkOf(address, length)
  return network === `${address}/${length}`
    ? accepted(network)
    : refused('prefix-host-bits', `${text} has host bits set`, `the network is ${network}`)
}

/** Reads `address/length`, where the address may be any in its network. */
export const parseInterfaceAddress = (text: string): Parsed<InterfaceAddress> => {
  const split = splitLength(text)
  return split.ok ? accepted(interfaceAddress(...split.value)) : split
}

const splitLength = (text: string): Parsed<[Address, number]> => {
  const match = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text)
  const address = match && parseAddress(match[1] as string)
  if (!match || !address?.ok)
    return refused(
      'prefix-syntax',
      `${quoted(text)} is not an address with a prefix length`,
      'write ADDRESS/LENGTH, such as 10.77.0.0/16 or fd42:c1ab:0:1::/64',
    )
  const length = Number(match[2])
  const bits = bitsOf(familyOf(address.value))
  if (length > bits)
    return refused(
      'prefix-length',
      `/${length} is longer than the ${bits} bits of the address`,
      `write /${bits} or less`,
    )
  return accepted([address.value, length])
}

/** An address with the length of its network. */
export const interfaceAddress = (address: Address, length: number): InterfaceAddress =>
  `${address}/${length}` as InterfaceAddress

/** The address of an `address/length`. */
export const addressPart = (text: Prefix | InterfaceAddress): Address =>
  text.slice(0, text.indexOf('/')) as Address

/** The length of an `address/length`, in bits. */
export const lengthPart = (text: Prefix | InterfaceAddress): number =>
  Number(text.slice(text.indexOf('/') + 1))

/** The network of `length` bits that holds the address. */
export const networkOf = (address: Address, length: number): Prefix => {
  const family = familyOf(address)
  const hostBits = BigInt(bitsOf(family) - length)
  return `${addressOf(family, (integerOf(address) >> hostBits) << hostBits)}/${length}` as Prefix
}

/** The network an interface address lies in. */
export const networkOfInterface = (text: InterfaceAddress): Prefix =>
  networkOf(addressPart(text), lengthPart(text))

/** The prefix that holds this address alone: /32 or /128. */
export const hostPrefix = (address: Address): Prefix => `${address}/${bitsOf(familyOf(address))}` as Prefix

/** First and last number in the prefix. */
export const rangeOf = (prefix: Prefix): readonly [first: bigint, last: bigint] => {
  const first = integerOf(addressPart(prefix))
  return [first, first + (1n << BigInt(bitsOf(familyOf(prefix)) - lengthPart(prefix))) - 1n]
}

/** Whether the two share an address. */
export const overlaps = (a: Prefix, b: Prefix): boolean => {
  if (familyOf(a) !== familyOf(b)) return false
  const [firstA, lastA] = rangeOf(a)
  const [firstB, lastB] = rangeOf(b)
  return firstA <= lastB && firstB <= lastA
}

/** Whether every address of `inner` lies in `outer`. */
export const covers = (outer: Prefix, inner: Prefix): boolean =>
  lengthPart(outer) <= lengthPart(inner) && overlaps(outer, inner)

/** Whether the address lies in the prefix. */
export const contains = (prefix: Prefix, address: Address): boolean => {
  if (familyOf(prefix) !== familyOf(address)) return false
  const [first, last] = rangeOf(prefix)
  const integer = integerOf(address)
  return first <= integer && integer <= last
}

/** The `index`-th network of `length` bits inside `pool`, counted from 0, or `null` beyond its end. */
export const subnet = (pool: Prefix, length: number, index: number): Prefix | null => {
  const family: AddressFamily = familyOf(pool)
  const [first, last] = rangeOf(pool)
  const start = first + (BigInt(index) << BigInt(bitsOf(family) - length))
  return start > last ? null : (`${addressOf(family, start)}/${length}` as Prefix)
}
