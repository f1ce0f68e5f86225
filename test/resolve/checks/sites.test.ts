import { describe, expect, test } from 'vitest'
import { endpointFor } from '../../../src/model/dialing.js'
import { codesAbout, diagnosticsAbout, meshText, nodeIn, resolved } from '../../support/resolved.js'

const none = 'endpoint = none'

/** What n1 dials for n2. */
const dialed = (...nodes: readonly (readonly string[])[]): string | undefined => {
  const mesh = resolved(meshText([], ...nodes))
  return endpointFor(nodeIn(mesh, 'n1'), nodeIn(mesh, 'n2'))?.endpoint
}

describe('what a node of a site dials', () => {
  const lan = 'endpoint@home = 192.168.1.2:99, [fd00::2]'

  test.each([
    ['its own place', ['site = home'], ['site = home', lan], '192.168.1.2:99'],
    ['another place', ['site = home'], [lan], '192.168.1.2:99'],
    ['nothing that is for others', [], ['site = home', lan], '203.0.113.2:51820'],
    ['nothing for a site of another case', ['site = Home'], [lan], '203.0.113.2:51820'],
    ['nothing where it says none', ['site = home'], ['endpoint@home = none'], undefined],
    ['a family that the place has', ['site = home', 'families = ipv6'], [lan], '[fd00::2]:51820'],
    ['a proxy of its own', ['site = home'], ['endpoint@home = 127.0.0.1:7000'], '127.0.0.1:7000'],
    ['a neighbor on the link', ['site = home'], ['endpoint@home = 169.254.7.7'], '169.254.7.7:51820'],
  ] as const)('%s', (_, first, second, endpoint) => {
    expect(dialed(first, second)).toBe(endpoint)
  })

  test('says nothing of the families that it dials the rest of the world in', () => {
    const nodes = [['site = home', 'endpoint@home = fd00::1'], ['endpoint = 203.0.113.2, 2001:db8::2']]
    expect(dialed(...nodes)).toBe('203.0.113.2:51820')
  })

  test('may be in IPv6, though its own endpoint is in IPv4', () => {
    expect(dialed(['site = home'], ['site = home', 'endpoint@home = fd00::2'])).toBe('[fd00::2]:51820')
  })

  test('is nobody else: an endpoint for everybody is none of a link', () => {
    expect(codesAbout(meshText([], ['endpoint = 169.254.7.7']))).toEqual([
      'endpoint-unusable endpoint = 169.254.7.7',
    ])
    expect(codesAbout(meshText([], ['endpoint = 127.0.0.1:99']))).toEqual([
      'endpoint-unusable endpoint = 127.0.0.1:99',
    ])
  })
})

describe('two behind one NAT', () => {
  const carrier: readonly string[] = []
  const home = [none, 'site = home']

  test('need no relay once one of them says where it is on their LAN', () => {
    const apart = resolved(meshText([], carrier, home, home))
    expect(apart.detours.get(2)?.get(3)).toBe(1)
    const beside = resolved(meshText([], carrier, [...home, 'endpoint@home = 192.168.1.2'], home))
    expect(beside.detours.size).toBe(0)
  })

  test('need one where a third is at another place', () => {
    const mesh = resolved(meshText([], carrier, [...home, 'endpoint@home = 192.168.1.2'], home, [none]))
    expect([...(mesh.detours.get(4) ?? [])]).toEqual([
      [2, 1],
      [3, 1],
    ])
  })
})

describe('check says', () => {
  test.each([
    ['a private endpoint beside a public one', ['endpoint = 192.168.1.2']],
    ['one behind a carrier', ['endpoint = 100.64.1.2']],
    ['one of IPv6', ['endpoint = fd00::2', 'families = ipv4, ipv6']],
    ['one of another site', ['site = office', 'endpoint = 192.168.1.2', 'endpoint@vpc = 10.0.0.2']],
  ])('%s', (_, lines) => {
    const found = diagnosticsAbout(meshText([], ['families = ipv4, ipv6'], lines, ['site = vpc']))
    expect(found.map(({ code }) => code)).toContain('endpoint-private')
    expect(found.find(({ code }) => code === 'endpoint-private')?.message).toMatch(/^n1 /)
  })

  test.each([
    ['where all are in one place', [['endpoint = 10.0.0.1'], ['endpoint = 10.0.0.2'], ['endpoint = none']]],
    [
      'where only its site dials it',
      [
        ['site = a', 'endpoint = 10.0.0.1'],
        ['site = a', none],
      ],
    ],
    [
      'where the others are told another',
      [
        ['site = a', 'endpoint = 10.0.0.1', 'endpoint@b = 1.2.3.4'],
        ['site = b', none],
      ],
    ],
  ])('nothing of a private endpoint %s', (_, nodes) => {
    expect(codesAbout(meshText([], ...nodes)).filter(code => code.startsWith('endpoint-private'))).toEqual([])
  })

  test('nothing of a private endpoint that is excluded from who would dial it', () => {
    const text = meshText([], [], ['endpoint = 192.168.1.2'])
    expect(codesAbout(text)).toEqual(['endpoint-private endpoint = 192.168.1.2'])
    expect(codesAbout(`${text}\n[exclude]\nn1 = n2`)[0]).not.toMatch(/endpoint-private/)
  })

  test('two at one address, until they say how they see each other', () => {
    const [one, other] = ['endpoint = 198.51.100.7:1001', 'endpoint = 198.51.100.7:1002']
    expect(codesAbout(meshText([], [one], [other]))).toEqual([`endpoint-hairpin ${other}`])
    const local = (address: string): string[] => ['site = home', `endpoint@home = ${address}`]
    const beside = meshText([], [one, ...local('192.168.1.1')], [other, ...local('192.168.1.2')])
    expect(codesAbout(beside)).toEqual([])
  })

  test('a site of one, unless another says what it dials', () => {
    expect(codesAbout(meshText([], ['site = home'], []))).toEqual(['site-alone site = home'])
    expect(codesAbout(meshText([], ['site = home'], ['endpoint@home = 127.0.0.1:7000']))).toEqual([])
  })

  test('a site that nobody is in, and the one that was meant', () => {
    const [found] = diagnosticsAbout(
      meshText([], ['site = home'], ['site = home', 'endpoint@hmoe = 192.168.1.2']),
    )
    expect([found?.code, found?.hint]).toEqual([
      'unknown-site',
      expect.stringMatching(/^write endpoint@home,/),
    ])
  })

  test('a family that the mesh does not dial, at its line', () => {
    const text = meshText(['families = ipv4'], ['endpoint@home = [fd00::1]:5'], ['site = home'])
    expect(codesAbout(text)).toEqual(['family-unused endpoint@home = [fd00::1]:5'])
  })
})
