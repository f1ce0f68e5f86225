import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  base64Of,
  bytesOf,
  hashBits,
  parsePresharedKey,
  parsePrivateKey,
  parsePublicKey,
  presharedKeyOf,
  privateKeyOf,
  publicKeyOf,
} from '../../src/net/index.js'
import { presharedFor, privateTextFor, publicHalf } from '../oracles/keys.js'
import { privateKeyFor, publicKeyFor } from '../support/keys.js'
import { accepted, refusalOf } from '../support/parsed.js'
import { fc } from '../support/property.js'

const someBytes = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('the public half is the one that OpenSSL computes', () => {
  fc.assert(
    fc.property(someBytes, bytes => {
      const key = privateKeyOf(bytes)
      expect(publicKeyOf(key)).toBe(publicHalf(key.reveal()))
    }),
    { numRuns: 30 },
  )
})

test('private keys are clamped as wg genkey clamps them, and clamping twice is clamping once', () => {
  fc.assert(
    fc.property(someBytes, bytes => {
      const [first, last] = [
        bytesOf(privateKeyOf(bytes).reveal())[0],
        bytesOf(privateKeyOf(bytes).reveal())[31],
      ]
      expect((first as number) & 7).toBe(0)
      expect((last as number) & 0xc0).toBe(0x40)
      const text = privateKeyOf(bytes).reveal()
      expect(accepted(parsePrivateKey(text)).reveal()).toBe(text)
      expect(accepted(parsePrivateKey(base64Of(bytes))).reveal()).toBe(text)
    }),
  )
})

test('the keys of tests come from names, as test/support/keys.ts says', () => {
  expect(privateKeyFor('node1').reveal()).toBe(privateTextFor('node1'))
  expect(publicKeyFor('node1')).toBe('moL+gW+29euB/JnyKasCzjMQTxOwyZZnChnhBcpnnBU=')
})

const key = 'moL+gW+29euB/JnyKasCzjMQTxOwyZZnChnhBcpnnBU='

test.each([
  ...[
    '',
    key.slice(1),
    key.slice(0, -1),
    `${key}=`,
    ` ${key}`,
    `${key}\n`,
    key.replace('+', '-'),
    key.replace('/', '_'),
  ],
  // 33 bytes, and a last character whose spare bits are set: base64 of nothing.
  ...[`m${key}`, `${'A'.repeat(42)}B=`, 'A'.repeat(44), `${key}${key}`, 'x'.repeat(1 << 20)],
])('%.50j is not a key', text => {
  for (const parse of [parsePublicKey, parsePrivateKey, parsePresharedKey])
    expect(refusalOf(parse(text))).toBe('key-syntax')
})

test('all zeros are no public key, but a preshared one may be anything', () => {
  const zeros = `${'A'.repeat(43)}=`
  expect(refusalOf(parsePublicKey(zeros))).toBe('key-syntax')
  expect(parsePresharedKey(zeros).ok).toBe(true)
})

test('a refusal never quotes the key', () => {
  const spoilt = key.slice(0, -1)
  for (const parse of [parsePublicKey, parsePrivateKey, parsePresharedKey])
    expect(JSON.stringify(parse(spoilt))).not.toContain(key.slice(0, 20))
})

test('secrets show themselves only when asked by name', () => {
  const secret = privateKeyFor('node1')
  const text = secret.reveal()
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
  ]
  for (const one of [...shown, Object.values(secret).join(), JSON.stringify(Object.entries(secret))])
    expect(one).not.toContain(text)
  expect(`${secret}`).toBe('(hidden)')
})

test('a preshared key is the same from both sides, another for every pair, and what HMAC-SHA-512 says', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(names, fc.uint8Array({ minLength: 1, maxLength: 200 }), (names, seed) => {
      const [a, b, c] = names.map(name => publicKeyOf(privateKeyFor(name))) as [never, never, never]
      const shared = presharedKeyOf(seed, a, b).reveal()
      expect(presharedKeyOf(seed, b, a).reveal()).toBe(shared)
      expect(presharedKeyOf(seed, a, c).reveal()).not.toBe(shared)
      expect(shared).toBe(presharedFor(seed, a, b))
      expect(parsePresharedKey(shared).ok).toBe(true)
    }),
    { numRuns: 20 },
  )
})

test('hashed bits stay in their number, and differ', () => {
  const seen = new Set<number>()
  for (let at = 0; at < 200; at++) {
    const bits = hashBits(`mesh ${at}`, 16)
    expect(bits).toBeGreaterThanOrEqual(0)
    expect(bits).toBeLessThan(1 << 16)
    seen.add(bits)
  }
  expect(seen.size).toBeGreaterThan(190)
})
