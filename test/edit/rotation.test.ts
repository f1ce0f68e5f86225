import { expect, it } from 'vitest'
import type { Result } from '../../src/diagnostics/index.js'
import { nextKeyIn, withKey, withNextKey, withoutNextKey } from '../../src/edit/index.js'
import type { PublicKey } from '../../src/net/index.js'

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

const key = 'uBi5HJZOTDXDn77qxSUL3gTjpr+tZi23omlA8EgKJ2I=' as PublicKey
const other = 'jxr6Qcoz4deqXCWIaR9QIfxrLCs0IKZbBAmF2Ve2vzE='

it.each([
  ['a key that is written', `[node a]\npublic-key = ${other} ; old\nid = 1\n`],
  ['a key that only its file says', '[node a]\nid = 1\n'],
  ['one key of two nodes', `[node b]\npublic-key = ${other}\n[node a]\npublic-key="${other}"`],
])('another key is put in place of %s, staged or not, and nothing else moves', (_, text) => {
  const staged = value(withNextKey(text, 'a', key))
  expect(nextKeyIn(staged, 'a')).toBe(key)
  expect(nextKeyIn(staged, 'b')).toBe(null)
  expect(withoutNextKey(staged, 'a')).toBe(text)
  const after = value(withKey(text, 'a', key))
  expect(value(withKey(staged, 'a', key))).toBe(after)
  const moved = text.split('\n').filter((line, at) => line !== after.split('\n')[at])
  expect(moved.length).toBe(/\[node a\][^[]*public-key/.test(text) ? 1 : 0)
  expect(moved.every(line => line.startsWith('public-key'))).toBe(true)
})
