import { describe, expect, it } from 'vitest'
import { chunk, joined, textOf } from '../../src/render/chunks.js'
import { fc } from '../support/property.js'

/** Short and long, of one to four bytes a character. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 5 }), fc.nat(9000))
    .map(([unit, times]) => unit.repeat(times)),
)

describe('chunks', () => {
  it('keep their bytes, however many are made after them', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), texts => {
        const chunks = texts.map(chunk)
        expect(chunks.map(part => Buffer.from(part).toString('utf8'))).toEqual(texts)
        expect(textOf(chunks)).toBe(texts.join(''))
      }),
    )
  })

  it('are joined into bytes of their own', () => {
    const part = chunk('one ')
    const bytes = joined([part, chunk(''), chunk('two')])
    bytes[0] = 0x4f
    expect([textOf([bytes]), textOf([part])]).toEqual(['One two', 'one '])
  })
})
