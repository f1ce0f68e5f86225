import { describe, expect, test } from 'vitest'
import { codesAbout, codesOfResolve, meshText, resolved } from '../../support/resolved.js'

describe('ranges that meet', () => {
  test.each([
    ['overlay = 10.79.0.0/16', 'overlap overlay = 10.79.0.0/16'],
    ['overlay = 10.79.128.0/24', 'overlap overlay = 10.79.128.0/24'],
    ['containers = 10.78.0.0/15 /24', 'overlap containers = 10.78.0.0/15 /24'],
  ])('%s', (line, expected) => {
    expect(codesAbout(meshText([line], []))[0]).toBe(expected)
  })

  test('of IPv6 too, and each pair once', () => {
    const lines = ['underlay = 10.79.0.0/16, fd42::/48', 'overlay = 10.78.0.0/16, fd42:0:0:1::/64']
    expect(codesAbout(meshText(lines, []))).toEqual([`overlap ${lines[1]}`])
  })

  test.each([
    ['containers = lxdbr0 10.77.2.1/24', 'containers of one node on those of another'],
    ['containers = lxdbr0 10.77.2.129/25', 'a part of them'],
    ['containers = lxdbr0 10.79.2.1/24', 'on the underlay pool'],
    ['containers = lxdbr0 10.76.0.1/15', 'around the container pool'],
  ])('%s: %s', line => {
    expect(codesAbout(meshText([], [line], []))).toEqual([`overlap ${line}`])
  })

  test('two networks outside the pools, said once', () => {
    const line = 'containers = lxdbr0 10.5.5.1/24'
    expect(codesAbout(meshText([], [line], [line], [line]))).toEqual([`overlap ${line}`, `overlap ${line}`])
  })

  test('one derived network for two bridges', () => {
    const lines = ['containers[] = a auto', 'containers[] = b auto']
    expect(codesAbout(meshText([], lines))).toEqual([`overlap ${lines[1]}`])
  })

  test('and ranges side by side do not', () => {
    const pools = ['underlay = 10.79.0.0/24', 'overlay = 10.79.1.0/24', 'containers = 10.79.2.0/23 /26']
    expect(codesAbout(meshText(pools, [], []))).toEqual([])
    expect(resolved(meshText(pools, [])).nodes[0]?.networks[0]?.prefixes).toEqual(['10.79.2.64/26'])
  })
})

describe('an endpoint', () => {
  test.each([
    ['endpoint = 10.79.3.3', 'endpoint-inside'],
    ['endpoint = 10.77.2.2:1', 'endpoint-inside'],
    ['endpoint = 10.5.5.9', 'endpoint-inside'],
    ['endpoint = 203.0.113.2', 'duplicate-endpoint'],
    ['endpoint = 203.0.113.2:51820', 'duplicate-endpoint'],
  ])('%s: %s', (line, code) => {
    const text = meshText([], [line], ['containers[] = a auto', 'containers[] = lxdbr0 10.5.5.1/24'])
    const found = codesAbout(text)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(new RegExp(`^${code} `))
  })

  test.each([['203.0.113.9:51821'], ['a.example'], ['10.78.0.1.example']])('%s is fine', endpoint => {
    expect(codesAbout(meshText([], [`endpoint = ${endpoint}`], []))).toEqual([])
  })

  test('that two nodes have as one site sees them is an error, and as two sites see them none', () => {
    const [one, other] = [['endpoint@a = 10.0.0.9'], ['endpoint@a = 10.0.0.9:51820']]
    const there = [['site = a'], ['site = b']]
    expect(codesAbout(meshText([], one, other, ...there))[0]).toBe(`duplicate-endpoint ${other[0]}`)
    const apart = ['endpoint@b = 10.0.0.9']
    expect(codesAbout(meshText([], one, apart, ...there))).toEqual([])
  })

  test('for a site is not inside the mesh either', () => {
    expect(codesAbout(meshText([], ['endpoint@a = 10.79.3.3'], ['site = a']))).toEqual([
      'endpoint-inside endpoint@a = 10.79.3.3',
    ])
  })

  test('of one name and one port is one, whatever the case', () => {
    const text = meshText([], ['endpoint = A.example'], ['endpoint = a.EXAMPLE:51820'])
    expect(codesAbout(text)).toEqual(['duplicate-endpoint endpoint = a.EXAMPLE:51820'])
  })

  test('each of several lines is judged at its own', () => {
    const lines = ['endpoint[] = a.example', 'endpoint[] = 10.79.0.9']
    expect(codesAbout(meshText([], lines))).toEqual([`endpoint-inside ${lines[1]}`])
  })

  test('there are at most two, and not of one family', () => {
    const two = ['endpoint[] = 203.0.113.1', 'endpoint[] = 203.0.113.2']
    expect(codesAbout(meshText([], two))).toEqual([`value-list ${two[1]}`])
    const three = ['endpoint[] = a.example', 'endpoint[] = b.example', 'endpoint[] = 203.0.113.2']
    expect(codesAbout(meshText([], three))).toEqual([`value-list ${three[2]}`])
  })
})

test('thousands of pinned networks and endpoints are compared in no time', () => {
  const nodes = Array.from({ length: 2000 }, (_, at) => [
    `containers = lxdbr0 10.${at >> 8}.${at & 255}.1/24`,
    `endpoint = 198.18.${at >> 8}.${at & 255}`,
    `public-key = ${Buffer.from(`${at}`.padStart(32, 'k')).toString('base64')}`,
  ])
  expect(
    codesOfResolve(meshText(['underlay = 172.16.0.0/20', 'overlay = 172.16.16.0/20'], ...nodes)),
  ).toEqual(['full-mesh-large [mesh]'])
})
