import { expect, test } from 'vitest'
import { codes } from '../../src/diagnostics/index.js'
import { corpus, judge } from './judge.js'
import { diceOf, dictionary, inputOf } from './mutate.js'

/** `npm run fuzz -- 100000` goes on where this stops. */
const inputs = 3000

test(`${inputs} mutated files give meshes or diagnostics, and nothing else`, () => {
  const seen = new Set<string>()
  let accepted = 0
  for (let index = 0; index < inputs; index++) {
    const text = inputOf(index, 1, corpus)
    try {
      const verdict = judge(text)
      if (verdict.ok) accepted++
      for (const code of verdict.codes) seen.add(code)
    } catch (error) {
      throw new Error(`input ${index}: ${JSON.stringify(text.slice(0, 3000))}`, { cause: error })
    }
  }
  // A fuzzer whose inputs all fail at the same door looks at that door only.
  expect(accepted).toBeGreaterThan(inputs / 50)
  expect(seen.size).toBeGreaterThan(Object.keys(codes).length / 2)
})

test('every word of the dictionary is met in every place of a small file', () => {
  const small = '[mesh]\nname = ciabmesh\n[node node1]\nid = 1\nendpoint = 203.0.113.1\n'
  for (const word of dictionary)
    for (let at = 0; at <= small.length; at++) judge(small.slice(0, at) + word + small.slice(at))
})

test('the same seed gives the same inputs', () => {
  expect(inputOf(7, 1, corpus)).toBe(inputOf(7, 1, corpus))
  expect(inputOf(7, 1, corpus)).not.toBe(inputOf(7, 2, corpus))
  const dice = diceOf(1)
  const thrown = Array.from({ length: 1000 }, () => dice(10))
  expect(new Set(thrown).size).toBe(10)
})
