import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout, meshText } from '../../support/resolved.js'

const limit = (most: number): string[] => [`maximum-prefix = ${most}`]
const reflector = ['reflector = yes']
const two = ['containers[] = ciabbr0 10.77.2.0/24', 'containers[] = ciabbr1 10.77.9.0/24']
const three = (most: number): string => meshText(limit(most), [], two, [])
const reflected = (most: number): string => meshText(limit(most), reflector, reflector, [], [])
const segment = (most: number): string =>
  `${meshText(limit(most), [], [], [])}\n[segment dmz]\nsubnet = 10.90.0.0/16 /24\nnodes = n1, n2`
const tenant = '\n[tenant blue]\ncontainers = 10.91.0.0/16 /24\n'
const alone = (most: number): string => meshText(limit(most), reflector, two, two.map(next))
const next = (line: string): string => line.replace('.2.0', '.3.0').replace('.9.0', '.8.0')
const reflectedSegment = (most: number): string =>
  `${meshText(limit(most), reflector, reflector)}\n[segment dmz]\nsubnet = 10.90.0.0/16 /24\nnodes = n1, n2`
const conflict = (most: number): string[] => [`value-conflict maximum-prefix = ${most}`]

describe('the limit of prefixes', () => {
  test.each([
    ['as many as the node with most has', three(2), []],
    ['one fewer', three(1), conflict(1)],
    ['as many as a reflector passes on', reflected(3), []],
    ['one fewer than a reflector passes on', reflected(2), conflict(2)],
    ['a segment is a network of each member', segment(2), []],
    ['one fewer than with the segment', segment(1), conflict(1)],
    ['a tenant and its segment are counted elsewhere', `${segment(1)}\ntenant = blue\n${tenant}`, []],
    // What its clients hear from it; to itself a reflector alone announces nothing.
    ['as many as the only reflector passes on', alone(3), ['single-reflector reflector = yes']],
    ['one fewer', alone(2), [...conflict(2), 'single-reflector reflector = yes']],
    ["a segment's network comes from the other member too", reflectedSegment(1), conflict(1)],
    ['as many as come with it', reflectedSegment(2), []],
    ['a node alone has no neighbor', meshText(limit(1), two), []],
    ['who does not route announces nothing', meshText(limit(1), [], [...two, 'routing = none'], []), []],
  ])('%s', (_, text, expected) => {
    expect(codesAbout(text as string)).toEqual(expected)
  })

  test('says what to write', () => {
    const [found] = diagnosticsAbout(reflected(2))
    expect(found?.message).toBe(
      'a reflector announces 3 IPv4 networks of this mesh, and more than 2 end its sessions',
    )
    expect(found?.hint).toMatch(/^write maximum-prefix = 6,/)
  })
})
