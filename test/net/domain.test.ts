import { describe, expect, test } from 'vitest'
import { parseDomain } from '../../src/net/index.js'
import { accepted, refusalOf } from '../support/parsed.js'

describe('a domain', () => {
  test.each([
    ['mesh.example.net', 'mesh.example.net'],
    ['Mesh.Example.NET.', 'mesh.example.net'],
    ['lan', 'lan'],
    ['4.mesh', '4.mesh'],
    ['bücher.example', 'xn--bcher-kva.example'],
    // The same letters, composed and not (RFC 5891, section 4.1).
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['faß.de', 'xn--fa-hia.de'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['ｍｅｓｈ.example', 'mesh.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ])('%s is %s', (text, domain) => {
    expect(accepted(parseDomain(text))).toBe(domain)
  })

  test.each([
    '',
    '.',
    '..',
    'a..b',
    '.example',
    'a_b.example',
    '-a.example',
    'a-.example',
    'a b',
    'a/b',
    'a:53',
    'user@example.net',
    '%61.example',
    '[::1]',
    '10.0.0.1',
    'mesh.10',
    '0x7f.1',
    '１２７.1',
    'xn--a.example',
    'xn--\u0661.example',
    '*.example',
    'example.net..',
    `${'a'.repeat(64)}.example`,
    `${'ü'.repeat(60)}.example`,
    `${'a.'.repeat(127)}example`,
    'a\nb',
    '78.10.in-addr.arpa',
    'ip6.arpa',
  ])('%j is none', text => {
    expect(refusalOf(parseDomain(text))).toBe('domain-syntax')
  })
})
