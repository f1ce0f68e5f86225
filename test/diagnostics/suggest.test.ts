import { describe, expect, test } from 'vitest'
import { didYouMean, nearest } from '../../src/diagnostics/index.js'

describe('the word that was meant', () => {
  test.each([
    ['prot', ['port', 'path-mtu'], 'port'],
    ['endpont', ['endpoint', 'underlay'], 'endpoint'],
    ['Asn', ['asn'], 'asn'],
    ['keepalvie', ['keepalive'], 'keepalive'],
    ['fr', ['guard', 'frr'], 'frr'],
    ['port', ['listen-port', 'keepalive'], 'listen-port'],
    ['mtu', ['mtu', 'vni'], 'mtu'],
  ])('%s of %j is %s', (text, known, meant) => {
    expect(nearest(text, known)).toBe(meant)
  })

  test.each([
    ['a', ['b', 'c']],
    ['address', ['underlay-address', 'overlay-address']],
    ['id', ['as']],
    ['node4', ['node1', 'node2', 'node3']],
    ['mail', ['port', 'asn']],
    ['x'.repeat(41), ['x'.repeat(40)]],
  ])('%s of %j is none', (text, known) => {
    expect(nearest(text, known)).toBeNull()
  })

  test('where none was meant the known ones are listed', () => {
    expect(didYouMean('node4', ['node1', 'node2'])).toBe('known are node1, node2')
    expect(didYouMean('none', ['nine'])).toBe('known are nine')
    expect(didYouMean('x', [])).toBe('there are none yet')
  })
})
