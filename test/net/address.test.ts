import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type Address, addressOf, familyOf, integerOf, parseAddress } from '../../src/net/index.js'
import { accepted, refusalOf } from '../support/parsed.js'
import { fc } from '../support/property.js'

describe('an address is read as its one canonical text', () => {
  test.each([
    ['0.0.0.0', '0.0.0.0'],
    ['10.79.0.1', '10.79.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:db8::1', '2001:db8::1'],
    // RFC 5952, section 4: no leading zeros, lower case, the longest run of zeros, the first of equal ones,
    // and never a run of one.
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fd42:0:0:0:0:0:0:0', 'fd42::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::ffff:c000:201', '::ffff:c000:201'],
  ])('%s', (text, canonical) => {
    expect(accepted(parseAddress(text))).toBe(canonical)
  })
})

describe('what is no address is refused', () => {
  test.each([
    ...['', ' ', '1', '1.2.3', '1.2.3.4.5', '256.0.0.1', '1.2.3.-4', '1.2.3.4 ', ' 1.2.3.4', '1.2.3.4\n'],
    ...[
      '01.2.3.4',
      '1.2.3.04',
      '0x7f.0.0.1',
      '1,2,3,4',
      '1.2.3.4/24',
      '¹.2.3.4',
      '１.2.3.4',
      '1.2.3.4\u0000',
    ],
    ...[':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::1:2:3:4:5:6:7:8', '12345::', 'g::'],
    ...['1:2:3:4:5:6:7:', ':1:2:3:4:5:6:7', 'fe80::1%eth0', '::ffff:192.0.2.1', '[::1]', '::1/64', '::1\n'],
    ...['node1', '__proto__', '1'.repeat(5000), ':'.repeat(5000), `${'0:'.repeat(5000)}1`],
  ])('%j', text => {
    expect(refusalOf(parseAddress(text))).toBe('address-syntax')
  })
})

const integer = (bits: bigint) => fc.bigInt({ min: 0n, max: (1n << bits) - 1n })

test('a number gives an address, and the address that number', () => {
  fc.assert(
    fc.property(fc.oneof(integer(32n), integer(128n)), fc.boolean(), (number, six) => {
      const family = six || number >> 32n ? 'ipv6' : 'ipv4'
      const address = addressOf(family, number)
      expect(familyOf(address)).toBe(family)
      expect(integerOf(address)).toBe(number)
      expect(accepted(parseAddress(address))).toBe(address)
    }),
  )
})

test('an IPv6 address is written as the WHATWG URL standard writes one, which follows RFC 5952 too', () => {
  const group = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffff }))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), groups => {
      const text = addressOf(
        'ipv6',
        groups.reduce((number, part) => (number << 16n) + BigInt(part), 0n),
      )
      const written = groups.map(part => part.toString(16)).join(':')
      expect(`[${text}]`).toBe(new URL(`http://[${written}]/`).hostname)
    }),
    { numRuns: 2000 },
  )
})

test('a number beyond the family has no address', () => {
  for (const [family, number] of [
    ['ipv4', -1n],
    ['ipv4', 1n << 32n],
    ['ipv6', 1n << 128n],
  ] as const)
    expect(() => addressOf(family, number)).toThrow(RangeError)
})

test('what is accepted is what Node takes for an address, zones and embedded IPv4 apart', () => {
  const piece = fc.constantFrom(
    '0',
    '00',
    '1',
    'ff',
    'FFFF',
    '12345',
    ':',
    '::',
    '.',
    '255',
    '256',
    '10',
    'g',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 17 }), pieces => {
      const text = pieces.join('')
      expect(parseAddress(text).ok).toBe(isIPv4(text) || (isIPv6(text) && !text.includes('.')))
    }),
    { numRuns: 3000 },
  )
})

test('reading is stable: the canonical text reads as itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => {
      const parsed = parseAddress(text)
      if (parsed.ok) expect(accepted(parseAddress(parsed.value))).toBe(parsed.value)
      else expect(text).toMatch(/:.*\./)
    }),
  )
})

test('more addresses than are remembered have their numbers all the same', () => {
  for (let number = 0n; number < 40_000n; number++) integerOf(addressOf('ipv4', (10n << 24n) + number))
  expect(integerOf('10.1.2.1' as Address)).toBe(0x0a010201n)
})
