import { describe, expect, test } from 'vitest'
import {
  type Address,
  addressOf,
  addressPart,
  bitsOf,
  contains,
  covers,
  hostPrefix,
  integerOf,
  lengthPart,
  networkOf,
  networkOfInterface,
  overlaps,
  type Prefix,
  parseInterfaceAddress,
  parsePrefix,
  rangeOf,
  subnet,
} from '../../src/net/index.js'
import { accepted, refusalOf } from '../support/parsed.js'
import { fc } from '../support/property.js'

test.each([
  ['10.79.0.0/16', '10.79.0.0/16'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['10.79.0.1/32', '10.79.0.1/32'],
  ['FD42:0:0::/64', 'fd42::/64'],
  ['::/0', '::/0'],
])('%s is a prefix', (text, canonical) => {
  expect(accepted(parsePrefix(text))).toBe(canonical)
})

test.each([
  ['10.79.0.0', 'prefix-syntax'],
  ['10.79.0.0/', 'prefix-syntax'],
  ['/16', 'prefix-syntax'],
  ['10.79/16', 'prefix-syntax'],
  ['10.79.0.0/016', 'prefix-syntax'],
  ['10.79.0.0/+16', 'prefix-syntax'],
  ['10.79.0.0/-1', 'prefix-syntax'],
  ['10.79.0.0/1e1', 'prefix-syntax'],
  ['10.79.0.0/16/16', 'prefix-syntax'],
  ['10.79.0.0/255.255.0.0', 'prefix-syntax'],
  ['10.79.0.0 /16', 'prefix-syntax'],
  ['10.79.0.0/33', 'prefix-length'],
  ['::/129', 'prefix-length'],
  ['::/999', 'prefix-length'],
  ['10.79.0.1/16', 'prefix-host-bits'],
  ['172.16.10.0/12', 'prefix-host-bits'],
  ['fd42::1/64', 'prefix-host-bits'],
])('%s is none: %s', (text, code) => {
  expect(refusalOf(parsePrefix(text))).toBe(code)
})

test('the hint of host bits is the network', () => {
  expect(parsePrefix('172.16.10.0/12')).toMatchObject({ hint: 'the network is 172.16.0.0/12' })
})

test('an interface address keeps its host bits', () => {
  expect(accepted(parseInterfaceAddress('10.5.5.1/24'))).toBe('10.5.5.1/24')
  expect(refusalOf(parseInterfaceAddress('10.5.5.1'))).toBe('prefix-syntax')
})

test.each([
  ['10.77.0.0/16', 24, 0, '10.77.0.0/24'],
  ['10.77.0.0/16', 24, 255, '10.77.255.0/24'],
  ['10.77.0.0/16', 24, 256, null],
  ['10.76.0.0/14', 24, 256, '10.77.0.0/24'],
  ['10.77.0.0/24', 24, 1, null],
  ['10.77.0.0/30', 32, 3, '10.77.0.3/32'],
  ['fd42:c1ab::/49', 64, 0x7fff, 'fd42:c1ab:0:7fff::/64'],
  ['fd42:c1ab::/49', 64, 0x8000, null],
  ['255.255.255.0/24', 30, 64, null],
] as const)('%s: network %i/%i is %s', (pool, length, index, expected) => {
  expect(subnet(pool as string as Prefix, length, index)).toBe(expected)
})

describe('with an oracle of whole numbers', () => {
  const prefix = fc
    .constantFrom('ipv4' as const, 'ipv6' as const)
    .chain(family =>
      fc.record({
        family: fc.constant(family),
        // Close together, so that they meet.
        integer: fc.bigInt({ min: 0n, max: 4095n }).map(low => low << BigInt(bitsOf(family) - 12)),
        length: fc.nat(bitsOf(family)),
      }),
    )
    .map(({ family, integer, length }) => {
      const size = 1n << BigInt(bitsOf(family) - length)
      const first = (integer / size) * size
      return {
        family,
        length,
        first,
        last: first + size - 1n,
        text: `${addressOf(family, first)}/${length}` as Prefix,
      }
    })

  test('network, range and parts', () => {
    fc.assert(
      fc.property(
        prefix,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ family, first, last, length, text }, where) => {
          const inside = first + ((last - first) * BigInt(Math.floor(where * 1000))) / 1000n
          const address = addressOf(family, inside)
          expect(accepted(parsePrefix(text))).toBe(text)
          expect(networkOf(address, length)).toBe(text)
          expect(networkOfInterface(accepted(parseInterfaceAddress(`${address}/${length}`)))).toBe(text)
          expect(rangeOf(text)).toEqual([first, last])
          expect([integerOf(addressPart(text)), lengthPart(text)]).toEqual([first, length])
          expect(contains(text, address)).toBe(true)
          if (last + 1n < 1n << BigInt(bitsOf(family)))
            expect(contains(text, addressOf(family, last + 1n))).toBe(false)
          if (first > 0n) expect(contains(text, addressOf(family, first - 1n))).toBe(false)
        },
      ),
    )
  })

  test('overlaps and covers', () => {
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        const meet = a.family === b.family && a.first <= b.last && b.first <= a.last
        expect(overlaps(a.text, b.text)).toBe(meet)
        expect(overlaps(b.text, a.text)).toBe(meet)
        expect(covers(a.text, b.text)).toBe(a.family === b.family && a.first <= b.first && b.last <= a.last)
      }),
      { numRuns: 2000 },
    )
  })
})

test('one address alone is a /32 or a /128', () => {
  expect(hostPrefix('10.0.0.1' as Address)).toBe('10.0.0.1/32')
  expect(hostPrefix('fd42::1' as Address)).toBe('fd42::1/128')
})
