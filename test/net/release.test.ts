import { describe, expect, test } from 'vitest'
import { isOlder, parseOs, releaseOf } from '../../src/net/index.js'
import { accepted, refusalOf } from '../support/parsed.js'

describe('a release', () => {
  test.each([
    ['debian-11', { systemd: 247, netplan: '0.101', frr: '7.5' }],
    ['debian-12', { systemd: 252, netplan: '0.106', frr: '8.4' }],
    ['ubuntu-20.04', { systemd: 245, netplan: '0.104', frr: '7.2' }],
    ['ubuntu-24.04', { systemd: 255, netplan: '1.0', frr: '8.4' }],
  ])('%s has %j', (name, tools) => {
    expect(releaseOf(accepted(parseOs(name)))).toEqual({ os: name, ...tools })
  })

  test.each([
    ['debian'],
    ['debian-10'],
    ['Debian-12'],
    ['ubuntu-25.04'],
    ['bookworm'],
    ['toString'],
    ['__proto__'],
    [''],
  ])('%j is not known, and the hint says which are', name => {
    expect(refusalOf(parseOs(name))).toBe('value-choice')
    const refusal = parseOs(name)
    expect(refusal.ok ? '' : refusal.hint).toBe(
      'write one of debian-11, debian-12, debian-13, ubuntu-20.04, ubuntu-22.04, ubuntu-24.04',
    )
  })
})

test.each<[string | null, string, boolean]>([
  ['7.5', '8.0', true],
  ['8.0', '8.0', false],
  ['8.4', '8.0', false],
  ['10.3', '8.4', false],
  ['8.4', '10.3', true],
  ['0.101', '0.105', true],
  ['0.106', '0.105', false],
  ['1.0', '0.105', false],
  ['7', '7.2', true],
  [null, '99.0', false],
])('%s is older than %s: %s', (version, other, expected) => {
  expect(isOlder(version, other)).toBe(expected)
})
