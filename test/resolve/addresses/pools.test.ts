import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout, meshText } from '../../support/resolved.js'
import { segment, tenant } from '../networks/text.js'

const withoutContainers = (...lines: string[]) =>
  lines.some(line => line.startsWith('containers')) ? lines : [...lines, 'containers = none']

const three = (...lines: string[]) =>
  meshText(withoutContainers(...lines), ['id = 2'], ['id = 300'], ['id = 700'])
const said = (text: string) => diagnosticsAbout(text).map(({ message, hint }) => [message, hint])

describe('a pool that ends before some ids', () => {
  test.each([
    ['underlay = 10.79.0.0/24', 'id = 300'],
    ['overlay = 10.78.0.0/24', 'id = 300'],
    ['containers = 10.77.0.0/16 /24', 'id = 300'],
    ['containers = 10.77.0.0/16 /30, fd42::/56 /64', 'id = 300'],
  ])('is at fault once: %s', (line, place) => {
    const more = line.includes('fd42') ? ['overlay = 10.78.0.0/16, fd43::/64'] : []
    expect(codesAbout(three(line, ...more))).toEqual([`pool-too-small ${place}`])
  })

  test('of a segment and of a tenant is so at its own line, and names the first node that is lost', () => {
    const tooSmall = segment('a', 'subnet = 10.90.0.0/16 /24') + tenant('b', 'containers = 10.80.0.0/16 /24')
    const text = `${three('containers = none')}\n${tooSmall}`
    expect(codesAbout(text)).toEqual([
      'pool-too-small subnet = 10.90.0.0/16 /24',
      'pool-too-small containers = 10.80.0.0/16 /24',
    ])
    const lost = (what: string) => `the ${what} has no /24 for ids above 255, such as that of n2`
    expect(said(text).map(([message]) => message)).toEqual([
      lost('subnet 10.90.0.0/16'),
      lost('container pool 10.80.0.0/16'),
    ])
  })

  test.each([
    [
      'underlay = 10.80.0.0/24',
      'the underlay pool 10.80.0.0/24 has no address for ids above 254',
      'write 10.80.0.0/22 instead: it has room for id 700, and no address changes',
    ],
    [
      'underlay = 10.80.3.0/24',
      'the underlay pool 10.80.3.0/24 has no address for ids above 254',
      'write a pool of /22 or less, which changes every address, underlay-address = ADDRESS for the nodes above, or lower ids',
    ],
    [
      'overlay = 10.78.0.0/16, fd42::/120',
      'the overlay pool fd42::/120 has no address for ids above 255',
      'write fd42::/118 instead: it has room for id 700, and no address changes',
    ],
    [
      'containers = 10.80.0.0/16 /24',
      'the container pool 10.80.0.0/16 has no /24 for ids above 255',
      "write 10.80.0.0/14 /24 instead: it has room for id 700, and nobody's part changes",
    ],
    [
      'containers = 10.81.0.0/16 /24',
      'the container pool 10.81.0.0/16 has no /24 for ids above 255',
      'write containers = BRIDGE PREFIX for the nodes above, or 10.81.0.0/16 /26 for smaller parts, or a pool of /14 or less',
    ],
    [
      'containers = 10.81.5.0/24 /28',
      'the container pool 10.81.5.0/24 has no /28 for ids above 15',
      'write containers = BRIDGE PREFIX for the nodes above, or a pool of /18 or less',
    ],
  ])('%s: says to which id it goes, and what has room', (line, message, hint) => {
    expect(said(three(line))).toEqual([[message, hint]])
  })
})

describe('a segment is told smaller parts, a tenant a wider pool, for its own nodes', () => {
  const hint = (network: string) => said(`${three('containers = none')}\n${network}`)[0]?.[1]

  test.each([
    [segment('a', 'subnet = 10.90.0.0/16 /24'), 'write 10.90.0.0/16 /26 instead: it has room for id 700'],
    [
      segment('a', 'subnet = 10.90.0.0/24', 'nodes = n1'),
      'write 10.90.0.0/24 /26 instead: it has room for id 2',
    ],
    [
      segment('a', 'subnet = 10.90.0.0/24 /28'),
      "write 10.90.0.0/18 /28 instead: it has room for id 700, and nobody's part changes",
    ],
    [
      tenant('a', 'containers = 10.80.0.0/16 /24'),
      "write 10.80.0.0/14 /24 instead: it has room for id 700, and nobody's part changes",
    ],
    [
      tenant('a', 'containers = 10.80.0.0/16 /24', 'nodes = n1, n2'),
      "write 10.80.0.0/15 /24 instead: it has room for id 300, and nobody's part changes",
    ],
    [
      tenant('a', 'containers = 10.81.0.0/16 /24'),
      'write 10.81.0.0/16 /26 for smaller parts, or a pool of /14 or less',
    ],
  ])('%s', (network, expected) => {
    expect(hint(network)).toBe(expected)
  })
})

/** What a hint says to write is enough, to the very id. */
test.each([
  ['underlay', '10.80.0.0/30', [1, 2, 3, 5, 6, 7, 13, 14, 15, 254, 255, 256, 1021, 1022, 1023]],
  ['overlay', '10.80.0.0/16, fd42::/126', [1, 3, 4, 7, 8, 255, 256]],
  ['containers', '10.80.0.0/30 /30', [1, 2, 3, 4, 7, 8, 255, 256]],
])('%s = %s grows as far as it has to', (key, value, ids) => {
  for (const id of ids) {
    const [found] = diagnosticsAbout(meshText(withoutContainers(`${key} = ${value}`), [`id = ${id}`]))
    if (!found) continue
    const wide = /^write (\S+( \/\d+)?) instead/.exec(found.hint ?? '')?.[1]
    const others = value.includes(',') ? '10.80.0.0/16, ' : ''
    expect([
      id,
      codesAbout(meshText(withoutContainers(`${key} = ${others}${wide}`), [`id = ${id}`])),
    ]).toEqual([id, []])
    // And with one bit less it would not have been.
    const narrow = wide?.replace(/\/(\d+)/, (_, length) => `/${Number(length) + 1}`)
    expect(
      codesAbout(meshText(withoutContainers(`${key} = ${others}${narrow}`), [`id = ${id}`])),
    ).toHaveLength(1)
  }
})
