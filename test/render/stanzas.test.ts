import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textOf } from '../../src/render/chunks.js'
import { StanzaCache } from '../../src/render/stanzas.js'
import { forAll } from '../support/property.js'

interface Item {
  readonly text: string
}

const stanzas = {
  head: ({ text }: Item) => `[${text.slice(0, 2)}]`,
  /** Sometimes nothing, sometimes more than a page of the cache holds. */
  body: ({ text }: Item) => text,
}

/** Up to a fifth of a page long, so that a few of them end on another; now and then longer than one. */
const items: fc.Arbitrary<Item[]> = fc.array(
  fc
    .tuple(fc.constantFrom('', 'a', 'ü✓🚀\n'), fc.constantFrom(1, 7, 50_000, 300_000))
    .map(([unit, length]) => ({ text: unit.repeat(length / Math.max(1, unit.length)) })),
  { minLength: 1, maxLength: 12 },
)

test('shared text reads as if each file had been written by itself, whichever items it has, in any order', () =>
  forAll(
    fc.tuple(items, fc.array(fc.array(fc.nat(), { maxLength: 15 }), { maxLength: 6 })),
    ([all, picks]) => {
      const cache = new StanzaCache()
      for (const pick of picks) {
        const chosen = pick.map(number => all[number % all.length] as Item)
        const parts = cache.chunks(stanzas, chosen)
        expect(textOf(parts.head)).toBe(chosen.map(stanzas.head).join(''))
        expect(textOf(parts.body) === chosen.map(stanzas.body).join('')).toBe(true)
      }
    },
  ))

test('what stands in many files is laid down once', () => {
  const all = Array.from({ length: 50 }, (_, at) => ({ text: `stanza ${at}\n` }))
  const cache = new StanzaCache()
  const first = cache.chunks(stanzas, all).body
  const others = all.map(
    left =>
      cache.chunks(
        stanzas,
        all.filter(item => item !== left),
      ).body,
  )
  for (const body of others) {
    expect(body.length).toBeLessThanOrEqual(2)
    for (const part of body) expect(part.buffer).toBe(first[0]?.buffer)
  }
})
