import { expect, test } from 'vitest'
import { endpointOf, type Port, parseEndpoint } from '../../src/net/index.js'
import { accepted, refusalOf } from '../support/parsed.js'
import { fc } from '../support/property.js'

test.each([
  ['203.0.113.1', '203.0.113.1', 'ipv4', null],
  ['203.0.113.1:51821', '203.0.113.1', 'ipv4', 51821],
  ['[2001:DB8::1]', '2001:db8::1', 'ipv6', null],
  ['[2001:db8:0::1]:51821', '2001:db8::1', 'ipv6', 51821],
  ['2001:db8::1', '2001:db8::1', 'ipv6', null],
  ['Node1.Example.ORG', 'node1.example.org', null, null],
  ['node1.example.org:1', 'node1.example.org', null, 1],
  ['node1', 'node1', null, null],
  // getaddrinfo(3) looks them up.
  ['vpn_home.example.org:1', 'vpn_home.example.org', null, 1],
  ['1und1.example', '1und1.example', null, null],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example', null, null],
])('%s', (text, host, family, port) => {
  expect(accepted(parseEndpoint(text))).toEqual({ host, family, port })
})

test.each([
  ...['', ':', ':51820', '203.0.113', '203.0.113.256', '203.0.113.01', '1.2.3.4.5', '203.0.113.1/32'],
  ...[
    '2001:db8::1:51820',
    '[203.0.113.1]',
    '[]',
    '[::',
    '[2001:db8::1]x',
    '[2001:db8::1%eth0]',
    '[[2001:db8::1]]:1',
  ],
  ...[
    '-node',
    'node-',
    'node..example',
    '.example',
    'a b',
    'node1\n',
    '$(reboot)',
    '%i',
    '../x',
    'bücher.example',
  ],
  ...[
    'example.123',
    '0x7f000001:1:1',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
    '['.repeat(9999),
  ],
])('%j is no endpoint', text => {
  expect(refusalOf(parseEndpoint(text))).toBe('endpoint-syntax')
})

test.each([
  ['203.0.113.1:', 'number-syntax'],
  ['203.0.113.1:0', 'number-range'],
  ['203.0.113.1:65536', 'number-range'],
  ['[2001:db8::1]:70000', 'number-range'],
  ['node1.example:+1', 'number-syntax'],
  ['node1.example:051820', 'number-syntax'],
])('%s has no port: %s', (text, code) => {
  expect(refusalOf(parseEndpoint(text))).toBe(code)
})

test.each([
  ...[
    '0.0.0.0',
    '127.0.0.1',
    '127.1.2.3:51820',
    '169.254.169.254',
    '224.0.0.1',
    '239.1.1.1',
    '255.255.255.255',
  ],
  ...[
    'localhost',
    'LocalHost:51820',
    'node1.localhost',
    'localhost.localdomain',
    'localhost6',
    'ip6-loopback',
  ],
  ...['ip6-allnodes', 'broadcasthost', '[::ffff:7f00:1]', '[::ffff:203.0.113.1]:51820', '::ffff:203.0.113.1'],
  ...['[::ffff:cb00:7101]', '[::FFFF:203.0.113.1]', '[::ffff:0:cb00:7101]'],
  ...['::', '[::]:51820', '[::1]', '[fe80::1]', '[febf::1]', '[ff02::1]'],
])('%s cannot be dialled', text => {
  expect(refusalOf(parseEndpoint(text))).toBe('endpoint-unusable')
})

test.each([
  ['[::ffff:203.0.113.1]:51820', 'write 203.0.113.1:51820'],
  ['[::ffff:203.0.113.1]', 'write 203.0.113.1'],
  ['::ffff:cb00:7101', 'write 203.0.113.1'],
  ['[::ffff:127.0.0.1]', 'write the address or name that other nodes reach it by, or none'],
  ['localhost', 'write the address or name that other nodes reach it by, or none'],
  ['https://vpn.example.net', 'leave out https://: write vpn.example.net'],
  ['http://vpn.example.net:51820/x', 'leave out http://: write vpn.example.net:51820'],
  ['udp://[2001:db8::1]:51820', 'leave out udp://: write [2001:db8::1]:51820'],
  ['https://-', 'write HOST, HOST:PORT or [IPv6]:PORT, or none for a node that cannot be dialled'],
])('of %s it says to %s', (text, hint) => {
  expect(parseEndpoint(text)).toMatchObject({ ok: false, hint })
})

test.each([['localhost.example'], ['ip6-localhost.example'], ['localhosts'], ['[64:ff9b::cb00:7101]']])(
  '%s can, too',
  text => {
    expect(parseEndpoint(text).ok).toBe(true)
  },
)

test.each([
  ['128.0.0.1'],
  ['169.253.0.1'],
  ['223.255.255.1'],
  ['[fec0::1]'],
  ['[::2]'],
  ['[fd00::1]'],
  ['[1::1]'],
])('%s can', text => {
  expect(parseEndpoint(text).ok).toBe(true)
})

test('an endpoint reads back from the form that WireGuard gets', () => {
  const host = fc.oneof(
    fc.ipV4().filter(text => /^(?!0|127|22[4-9]|2[3-5]\d|169\.254)/.test(text)),
    fc.domain().filter(text => text.length < 200),
    fc.ipV6().filter(text => !text.includes('.') && /^[23]/.test(text)),
  )
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65535 }), (text, port) => {
      const spec = accepted(parseEndpoint(text))
      expect(accepted(parseEndpoint(endpointOf(spec, port as Port)))).toEqual({ ...spec, port })
    }),
  )
})
