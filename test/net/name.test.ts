import { expect, test } from 'vitest'
import {
  macOf,
  parseContainerName,
  parseHostName,
  parseInterfaceName,
  parseLabel,
  parseMac,
  parseMeshName,
  parseNetworkName,
  parseNodeName,
  parseSegmentName,
  parseTenantName,
} from '../../src/net/index.js'
import { accepted, refusalOf } from '../support/parsed.js'
import { fc } from '../support/property.js'

/** What no name of anything may be: it would lead elsewhere, or say something to a shell, wg-quick or systemd. */
const hostile = [
  ...[
    '',
    ' ',
    '.',
    '..',
    '../etc',
    '/etc',
    'a/b',
    'a b',
    'a\n',
    'a\nb',
    'a\tb',
    'a\u0000',
    '%i',
    'a%i',
    '$(reboot)',
  ],
  ...[
    '`reboot`',
    'a;b',
    'a&b',
    'a|b',
    "a'b",
    'a"b',
    'a\\b',
    'a*',
    'a?',
    'a~',
    'a:b',
    'a@b',
    '{a}',
    '-a',
    'ä',
    'а',
    'a\u200b',
  ],
]

const parsers = {
  parseInterfaceName,
  parseMeshName,
  parseLabel,
  parseHostName,
  parseNetworkName,
  parseSegmentName,
  parseTenantName,
  parseContainerName,
}

test.each(
  Object.entries(parsers).flatMap(([name, parse]) => hostile.map(text => [name, text, parse] as const)),
)('%s refuses %j', (_, text, parse) => {
  refusalOf(parse(text))
})

test.each([
  [parseInterfaceName, 'ciabbr0', 'a'.repeat(15), 'a'.repeat(16)],
  [parseInterfaceName, 'br-lan_1', '0', 'lo'],
  [parseInterfaceName, 'br0', 'veth', 'br0.100'],
  [parseInterfaceName, 'ALL', 'lo0', 'all'],
  [parseInterfaceName, 'x', 'Default', 'default'],
  [parseMeshName, 'ciabmesh', 'a'.repeat(14), 'a'.repeat(15)],
  [parseMeshName, '_mesh', 'a_b-c', 'a.b'],
  [parseMeshName, '9mesh', 'a-b', '+mesh'],
  [parseLabel, 'node1', 'a'.repeat(63), 'a'.repeat(64)],
  [parseLabel, 'NODE-1', '1', 'node-'],
  [parseLabel, 'constructor', 'toString', '__proto__'],
  [parseLabel, 'a', 'a--b', 'a.b'],
  [parseTenantName, 'blue', 'a'.repeat(11), 'a'.repeat(12)],
  [parseSegmentName, 'blue', 'a'.repeat(8), 'a'.repeat(9)],
  [parseNetworkName, 'blue', 'a'.repeat(11), 'a'.repeat(12)],
  [parseTenantName, '9a', 'a-b', 'Blue'],
  [parseTenantName, 'nones', 'a', 'none'],
  [parseTenantName, '0', 'x--y', 'a-'],
  [parseContainerName, 'web', 'a'.repeat(63), 'a'.repeat(64)],
  [parseContainerName, 'Web-1', 'x', '1web'],
  [parseContainerName, 'container', 'underlays', 'underlay'],
  [parseContainerName, 'c', 'containers-1', 'Containers'],
  [parseHostName, 'node1', 'node1.example.org', 'node1.example.org.'],
  [parseHostName, 'a.b', `${'a'.repeat(63)}.b`, `${'a'.repeat(64)}.b`],
  [parseHostName, 'a', 'a.'.repeat(126).concat('a'), 'a.'.repeat(127).concat('a')],
])('%o accepts %j and %j, and refuses %j', (parse, one, other, wrong) => {
  expect(accepted<string>(parse(one))).toBe(one)
  expect(accepted<string>(parse(other))).toBe(other)
  refusalOf(parse(wrong))
})

test.each([
  ['02:CA:12:f3:1b:8c', '02:ca:12:f3:1b:8c'],
  ['00:00:00:00:00:01', '00:00:00:00:00:01'],
])('%s is a MAC address', (text, canonical) => {
  expect(accepted(parseMac(text))).toBe(canonical)
})

test.each([
  ['', 'mac-syntax'],
  ['02-ca-12-f3-1b-8c', 'mac-syntax'],
  ['02ca.12f3.1b8c', 'mac-syntax'],
  ['2:ca:12:f3:1b:8c', 'mac-syntax'],
  ['02:ca:12:f3:1b', 'mac-syntax'],
  ['02:ca:12:f3:1b:8c:00', 'mac-syntax'],
  ['02:ca:12:f3:1b:8g', 'mac-syntax'],
  ['02:ca:12:f3:1b:8c\n', 'mac-syntax'],
  ['01:00:5e:00:00:01', 'mac-unicast'],
  ['ff:ff:ff:ff:ff:ff', 'mac-unicast'],
  ['00:00:00:00:00:00', 'mac-unicast'],
])('%j is none: %s', (text, code) => {
  expect(refusalOf(parseMac(text))).toBe(code)
})

test('48 bits give a MAC address that reads as itself', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: (1n << 48n) - 1n }), bits => {
      const mac = macOf(bits)
      expect(BigInt(`0x${mac.replaceAll(':', '')}`)).toBe(bits)
      expect(parseMac(mac).ok).toBe((bits >> 40n) % 2n === 0n)
    }),
  )
})

test('no name that is accepted holds anything but letters, digits and a few marks', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), text => {
      for (const parse of Object.values(parsers))
        if (parse(text).ok) expect(text).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  'localhost',
  'Localhost',
  'localhost4',
  'ip6-localhost',
  'ip6-loopback',
  'ip6-allnodes',
  'IP6-allrouters',
  'ip6-mcastprefix',
  'broadcasthost',
  'none',
])('no node can be called %s', text => {
  expect(refusalOf(parseNodeName(text))).toBe('node-name')
})

test.each(['node1', 'ip6', 'ip6-router', 'localhost-1', 'nones'])('a node can be called %s', text => {
  expect(parseNodeName(text)).toEqual({ ok: true, value: text })
})
