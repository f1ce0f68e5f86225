import { expect, test } from 'vitest'
import { isPrivateAsn, parseAsn, parseInteger, parseMtu, parsePort, parseVni } from '../../src/net/index.js'
import { accepted, refusalOf } from '../support/parsed.js'
import { fc } from '../support/property.js'

const range = (text: string) => parseInteger(text, 'a number', 0, 4294967295)

test.each([
  ['0', 0],
  ['1', 1],
  ['4294967295', 4294967295],
])('%s', (text, value) => {
  expect(accepted(range(text))).toBe(value)
})

test.each([
  ...[
    '',
    ' ',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    '010',
    '00',
    '1_000',
    '1,000',
    '１',
    '²',
    'NaN',
    'Infinity',
    'null',
  ],
  ...['1 ', ' 1', '1\n', '0b1', '__proto__', '9'.repeat(400_000).concat('x')],
])('%.40j is not a whole number', text => {
  expect(refusalOf(range(text))).toBe('number-syntax')
})

test.each([['4294967296'], ['99999999999999999999'], ['9'.repeat(400_000)]])(
  '%.40j is out of range',
  text => {
    expect(refusalOf(range(text))).toBe('number-range')
  },
)

test.each([
  [parsePort, 1, 65535],
  [parseMtu, 576, 65535],
  [parseVni, 1, 16777215],
])('%o ends where it should', (parse, least, most) => {
  expect(accepted<number>(parse(`${least}`))).toBe(least)
  expect(accepted<number>(parse(`${most}`))).toBe(most)
  expect(refusalOf(parse(`${least - 1}`))).toBe('number-range')
  expect(refusalOf(parse(`${most + 1}`))).toBe('number-range')
})

test.each([
  ['0', 'number-range'],
  ['23456', 'asn-reserved'],
  ['65535', 'asn-reserved'],
  ['4294967295', 'asn-reserved'],
  ['4294967296', 'number-range'],
  ['1.10', 'number-syntax'],
  ['AS64512', 'number-syntax'],
])('AS %s: %s', (text, code) => {
  expect(refusalOf(parseAsn(text))).toBe(code)
})

test.each([
  ['64511', false],
  ['64512', true],
  ['65534', true],
  ['65536', false],
  ['4199999999', false],
  ['4200000000', true],
  ['4294967294', true],
])('AS %s is private: %s (RFC 6996)', (text, isPrivate) => {
  expect(isPrivateAsn(accepted(parseAsn(text)))).toBe(isPrivate)
})

test('a number is accepted exactly when its decimals are canonical and it lies in the range', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer().map(String), fc.stringMatching(/^[0-9]{1,12}$/)), text => {
      const fits = text === `${Number(text)}` && Number(text) >= 0 && Number(text) <= 4294967295
      expect(range(text).ok).toBe(fits)
    }),
  )
})
