import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunk, textOf } from '../../src/render/chunks.js'
import { template, type View } from '../../src/render/template.js'
import { forAll } from '../support/property.js'

const print = (source: string, view: View): string => textOf(template(source).chunks(view))

describe('a template', () => {
  test('prints values as they are, whatever they look like', () =>
    forAll(
      fc.string({ unit: 'grapheme-ascii' }).filter(text => text !== ''),
      value => {
        expect(print('a {{x}} b', { x: value })).toBe(`a ${value} b`)
      },
    ))

  test('prints the number 0, and repeats over lists of words', () => {
    expect(print('{{n}}{{#list}} {{.}}{{/list}}', { n: 0, list: ['a', 'b'] })).toBe('0 a b')
  })

  test('puts chunks where its slots are, and takes the end of a line that is a slot', () => {
    const slots = { one: [chunk('1\n'), chunk('2\n')], two: [] }
    const page = template('a\n{{> one}}\nb {{x}}\n{{> two}}\nc\n')
    expect(textOf(page.chunks({ x: 'y' }, slots))).toBe('a\n1\n2\nb y\nc\n')
  })

  test.each([
    ['a misspelt name', '{{nmae}}', { name: 'x' }],
    ['a name of the surrounding section', '{{#a}}{{b}}{{/a}}', { a: { c: 1 }, b: 'x' }],
    ['a name that every object has', '{{constructor}}', {}],
    ['a line end in a value', '{{x}}', { x: 'a\nb' }],
    ['a control character', '{{x}}', { x: 'a\u001bb' }],
    ['a line separator', '{{x}}', { x: 'a\u2028b' }],
    ['an unescaped name', '{{{x}}}', { x: 'a' }],
    ['an unescaped name in a section', '{{#x}}{{&y}}{{/x}}', { x: { y: 'a' } }],
    ['a slot in a section', '{{#x}}{{> slot}}{{/x}}', { x: true }],
    ['a slot that nothing fills', '{{> slot}}', {}],
  ])('refuses %s', (_, source, view) => {
    expect(() => template(source).chunks(view)).toThrow()
  })

  test('refuses a function, which mustache would call', () => {
    expect(() => print('{{x}}', { x: (() => 'y') as never })).toThrow('function')
  })
})
