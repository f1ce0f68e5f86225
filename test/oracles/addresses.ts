import type { Family } from '../arbitraries/blueprint.js'

/** Address arithmetic of our own, on big integers and the platform's URL parser. */

export const familyOf = (text: string): Family => (text.includes(':') ? 'ipv6' : 'ipv4')

export const bits = (family: Family): bigint => (family === 'ipv4' ? 32n : 128n)

/** The address of `ADDRESS/LENGTH` as a number. */
export const numberOf = (text: string): bigint => {
  const [address = ''] = text.split('/')
  if (!address.includes(':')) return address.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n)
  const [head = '', tail] = address.split('::')
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = Array<string>(8 - left.length - right.length).fill('0')
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
}

export const lengthOf = (text: string): bigint => BigInt(text.split('/')[1] ?? bits(familyOf(text)))

/** The canonical text: RFC 5952 as the WHATWG URL serialiser writes it. */
export const textOf = (family: Family, number: bigint): string => {
  if (family === 'ipv4') return [24n, 16n, 8n, 0n].map(shift => (number >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((number >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}

/** First and last number of a prefix, or of the network an interface address lies in. */
export const rangeOf = (text: string): [first: bigint, last: bigint] => {
  const size = 1n << (bits(familyOf(text)) - lengthOf(text))
  const first = (numberOf(text) / size) * size
  return [first, first + size - 1n]
}

export const isWithin = (inner: string, outer: string): boolean => {
  if (familyOf(inner) !== familyOf(outer)) return false
  const [a, b] = rangeOf(inner)
  const [c, d] = rangeOf(outer)
  return a >= c && b <= d
}

export const meet = (a: string, b: string): boolean => {
  if (familyOf(a) !== familyOf(b)) return false
  const [firstA, lastA] = rangeOf(a)
  const [firstB, lastB] = rangeOf(b)
  return firstA <= lastB && firstB <= lastA
}

/** Every two that share an address. */
export const clashes = (prefixes: readonly string[]): string[] => {
  const ranges = prefixes
    .map(prefix => ({ prefix, family: familyOf(prefix), range: rangeOf(prefix) }))
    .sort((a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : a.range[0] < b.range[0] ? -1 : 1))
  return ranges.flatMap((next, at) => {
    const before = ranges[at - 1]
    return before && meet(before.prefix, next.prefix) ? [`${before.prefix} and ${next.prefix}`] : []
  })
}

export const host = (address: string): string => `${address}/${bits(familyOf(address))}`

export const network = (text: string): string =>
  `${textOf(familyOf(text), rangeOf(text)[0])}/${lengthOf(text)}`

export const bare = (text: string): string => text.split('/')[0] as string
