import { expect, test } from 'vitest'
import { ipv6OfKey, macOfKey } from '../../src/import/vwgen/derive.js'
import type { Prefix, PublicKey } from '../../src/net/index.js'
import { numberOf, textOf } from '../oracles/addresses.js'
import { publicKeyFor } from '../oracles/keys.js'
import { imported, masterOf, nodeNumber } from './cases.js'

const names = ['node1', 'node2', 'a', 'b', 'c']

test.each([
  'fd00::/8',
  'fdcd:c4cb:ac3d::/48',
  'fd42:42:42::/64',
  'fd64:2f29:e428::/80',
  'fd00::/112',
  'fd00::/128',
])("vwgen's IPv6 address in %s: the last 16 bytes of the public key behind the prefix", pool => {
  for (const name of names) {
    const bytes = Buffer.from(publicKeyFor(name), 'base64').subarray(16)
    const [base = '', length = ''] = pool.split('/')
    const mask = (1n << BigInt(128 - Number(length))) - 1n
    const host = BigInt(`0x${bytes.toString('hex')}`) & mask
    expect(ipv6OfKey(publicKeyFor(name) as PublicKey, pool as Prefix)).toBe(
      `${textOf('ipv6', numberOf(base) | host)}/${length}`,
    )
  }
})

test("vwgen's MAC address: the last 6 bytes, unicast and locally administered", () => {
  for (const name of names) {
    const bytes = Buffer.from(publicKeyFor(name), 'base64').subarray(26)
    bytes[0] = ((bytes[0] as number) & 0xfe) | 2
    expect(macOfKey(publicKeyFor(name) as PublicKey)).toBe(
      (bytes.toString('hex').match(/../g) ?? []).join(':'),
    )
  }
})

test('without a pool there is no address of the key', () => {
  const without = masterOf({ node1: nodeNumber(1) }, { AddressPoolIPv6: '""' })
  expect(imported(without).text).toMatch(/^overlay-address += 192\.168\.168\.1$/m)
})

test('what may be a key is shown nowhere, under whatever name it was stored', () => {
  const secret = nodeNumber(2).PrivateKey as string
  const { report, text } = imported(
    masterOf({
      node1: nodeNumber(1, {
        PresharedKey: secret,
        Endpoint: secret,
        PostUp: `[ "wg set %i # ${JSON.parse(secret)}" ]`,
      }),
    }),
  )
  expect(report).toMatch(/vwgen never read "PresharedKey" = \(hidden\)/)
  expect(report + text).not.toContain(JSON.parse(secret))
})
