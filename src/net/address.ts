import { collapseIPv6Number } from 'ip-num/dist/src/IPv6Utils.js'
import { accepted, type Brand, type Parsed, quoted, refused } from './brand.js'

/** An IPv4 address in dotted decimals or an IPv6 address as RFC 5952 writes it. */
export type Address = Brand<string, 'Address'>
/** The two versions of the Internet Protocol. */
export type AddressFamily = 'ipv4' | 'ipv6'

/** Bits in an address of the family. */
export const bitsOf = (family: AddressFamily): number => (family === 'ipv4' ? 32 : 128)

/** The family of an address, prefix or the like: only IPv6 has colons. */
export const familyOf = (address: string): AddressFamily => (address.includes(':') ? 'ipv6' : 'ipv4')

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const dottedQuad = new RegExp(`^${octet}(?:\\.${octet}){3}$`)
const hextets = /^[0-9a-fA-F:]{2,39}$/

/**
 * Reads an address of either family. Octets with leading zeros are refused, since some tools read them
 * as octal; so are zones (`%eth0`) and IPv4-in-IPv6 notation.
 */
export const parseAddress = (text: string): Parsed<Address> => {
  if (dottedQuad.test(text)) return accepted(text as Address)
  if (hextets.test(text) && text.includes(':')) {
    const integer = ipv6Integer(text)
    if (integer !== null) return accepted(addressOf('ipv6', integer))
  }
  return refused(
    'address-syntax',
    `${quoted(text)} is not an IP address`,
    'write four decimals, such as 203.0.113.1, or hexadecimals and colons, such as 2001:db8::1',
  )
}

/** The number of an address of either family, or `null` where the text is none. */
export const integerIn = (text: string): bigint | null => {
  if (dottedQuad.test(text)) return BigInt(ipv4Integer(text))
  return hextets.test(text) && text.includes(':') ? ipv6Integer(text) : null
}

/** The 128-bit number, or `null` where the text is no address (RFC 4291, section 2.2). */
const ipv6Integer = (text: string): bigint | null => {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const groups = halves.map(half => (half === '' ? [] : half.split(':')))
  const [head = [], tail = []] = groups
  const given = head.length + tail.length
  if (halves.length === 2 ? given > 7 : given !== 8) return null
  if (![...head, ...tail].every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return null
  const full = [...head, ...Array<string>(8 - given).fill('0'), ...tail]
  return BigInt(`0x${full.map(group => group.padStart(4, '0')).join('')}`)
}

const ipv4Integer = (address: string): number =>
  address.split('.').reduce((integer, part) => integer * 256 + Number(part), 0)

/** 32 bits in dotted decimals. */
export const quadOf = (integer: number): string =>
  [24, 16, 8, 0].map(bits => (integer >>> bits) & 255).join('.')

/** The address as a number: 32 or 128 bits. */
export const integerOf = (address: Address): bigint =>
  familyOf(address) === 'ipv4' ? BigInt(ipv4Integer(address)) : (ipv6Integer(address) as bigint)

/** The address with this number. Throws a `RangeError` outside the family. */
export const addressOf = (family: AddressFamily, integer: bigint): Address => {
  if (integer < 0n || integer >> BigInt(bitsOf(family)) !== 0n)
    throw new RangeError(`${integer} is not an ${family} address`)
  return (family === 'ipv4' ? quadOf(Number(integer)) : ipv6Text(integer)) as Address
}

/**
 * ip-num's own IPv6 makes a string of 128 zeros and ones first, which a thousand nodes would wait for; and loading all of
 * it takes as long as all else that `check` does, so that it is this module of it.
 */
const ipv6Text = (integer: bigint): string => {
  const hextets = integer.toString(16).padStart(32, '0').match(/.{4}/g) as string[]
  return collapseIPv6Number(hextets.join(':'))
}
