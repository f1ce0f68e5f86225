import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout, meshText, nodeIn, resolved } from '../../support/resolved.js'

const mesh = [
  'underlay = 10.79.0.0/16',
  'overlay = 10.78.0.0/16, fd42:0:0:fffe::/64',
  'containers = 10.77.0.0/16 /24, fd42::/49 /64',
]
const bridges = ['containers[] = ciabbr0 auto', 'containers[] = lxdbr0 10.5.5.1/24']
const withLines = (...lines: readonly string[]): string =>
  meshText(mesh, [...bridges, ...lines.map(line => `container-address[] = ${line}`)])
const hintsAbout = (text: string) => diagnosticsAbout(text).map(({ hint }) => hint)

describe('a container with an address of its own', () => {
  test('belongs to the network that the address lies in, IPv4 first', () => {
    const text = withLines('web fd42:0:0:1::10, 10.77.1.10', 'web 10.5.5.200', 'Mail-2 10.77.1.99')
    const networks = nodeIn(resolved(text), 'n1').networks
    expect(networks.map(({ bridge, pinned, dhcp6 }) => [bridge, pinned, dhcp6])).toEqual([
      [
        'ciabbr0',
        [
          { name: 'web', addresses: ['10.77.1.10', 'fd42:0:0:1::10'] },
          { name: 'Mail-2', addresses: ['10.77.1.99'] },
        ],
        ['fd42:0:0:1:8000::', 'fd42::1:ffff:ffff:ffff:ffff'],
      ],
      ['lxdbr0', [{ name: 'web', addresses: ['10.5.5.200'] }], null],
    ])
  })

  test('leaves the others their own IPv6 addresses where it has none', () => {
    const [network] = nodeIn(resolved(withLines('web 10.77.1.10')), 'n1').networks
    expect(network?.dhcp6).toBeNull()
  })

  test.each([
    ['web 10.77.2.10', 'write one in 10.77.1.0/24 or fd42:0:0:1::/64 or 10.5.5.0/24'],
    ['web 10.77.1.10, fd43::1', 'write one in 10.77.1.0/24 or fd42:0:0:1::/64 or 10.5.5.0/24'],
    ['web 10.5.5.9, fd42:0:0:1::9', 'write a line for each bridge'],
    ['web 10.77.1.1', 'write one from 10.77.1.2 to 10.77.1.99'],
    ['web 10.77.1.0', 'write one from 10.77.1.2 to 10.77.1.99'],
    ['web 10.77.1.255', 'write one from 10.77.1.2 to 10.77.1.99'],
    ['web 10.77.1.100', 'write one from 10.77.1.2 to 10.77.1.99'],
    ['web 10.77.1.254', 'write one from 10.77.1.2 to 10.77.1.99'],
    ['web 10.5.5.1', 'write another address in 10.5.5.0/24'],
    ['web 10.5.5.255', 'write another address in 10.5.5.0/24'],
    ['web fd42:0:0:1::', 'write one from fd42:0:0:1::2 to fd42::1:7fff:ffff:ffff:ffff'],
    ['web fd42:0:0:1::1', 'write one from fd42:0:0:1::2 to fd42::1:7fff:ffff:ffff:ffff'],
    ['web fd42:0:0:1:8000::', 'write one from fd42:0:0:1::2 to fd42::1:7fff:ffff:ffff:ffff'],
  ])('cannot be %s', (line, hint) => {
    expect(codesAbout(withLines(line))).toEqual([`container-address container-address[] = ${line}`])
    expect(hintsAbout(withLines(line))).toEqual([hint])
  })

  test('needs a network, and room in it', () => {
    const none = meshText([], ['containers = none', 'container-address = web 10.77.1.9'])
    expect(hintsAbout(none)).toEqual(['give the node a container network'])
    const narrow = meshText([], ['containers = ciabbr0 10.5.5.0/30', 'container-address = web 10.5.5.2'])
    expect(hintsAbout(narrow)).toEqual([
      '10.5.5.0/30 has no room beside what is leased: give the bridge a shorter prefix',
    ])
  })

  test.each([
    ['the address of another', 'mail 10.77.1.10'],
    ['two lines for one bridge', 'web 10.77.1.11'],
    ['a name that differs only in case, which DNS does not tell apart', 'WEB 10.5.5.7'],
  ])('does not have %s', (_, line) => {
    const text = withLines('web 10.77.1.10', line)
    expect(codesAbout(text)).toEqual([`container-address container-address[] = ${line}`])
    expect(diagnosticsAbout(text)[0]?.related?.span.line).toBe(
      text.split('\n').findIndex(l => /web /.test(l)) + 1,
    )
  })

  test.each([
    ['container-name', '1web 10.77.1.10'],
    ['container-name', 'web- 10.77.1.10'],
    ['container-name', '10.77.1.10'],
    ['container-name', `${'x'.repeat(64)} 10.77.1.10`],
    ['container-name', 'containers 10.77.1.10'],
    ['container-name', 'Underlay 10.77.1.10'],
    ['address-syntax', 'web'],
    ['address-syntax', 'web 10.77.1.10/24'],
    ['value-list', 'web 10.77.1.10, 10.77.1.11'],
  ])('%s: %s', (code, line) => {
    expect(codesAbout(withLines(line))).toEqual([`${code} container-address[] = ${line}`])
  })

  test('has a name that fits into DNS', () => {
    const label = 'x'.repeat(63)
    const domain = `${label}.${'y'.repeat(63)}.${'z'.repeat(40)}`
    const lines = (name: string) => [`[node ${label}]`, `container-address = ${name} 10.77.1.10`]
    expect(codesAbout(meshText([`domain = ${domain}`], lines('x'.repeat(20))))).toEqual([])
    expect(codesAbout(meshText([`domain = ${domain}`], lines('x'.repeat(21))))).toEqual([
      `domain-length container-address = ${'x'.repeat(21)} 10.77.1.10`,
    ])
  })
})
