import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/diagnostics/index.js'
import { addExclusions, isExcluded, removeExclusions } from '../../src/edit/index.js'
import { fc } from '../support/property.js'

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

const head = '[mesh]\nname = ciabmesh\n\n[node a]\nid = 1\n'

describe('addExclusions', () => {
  it.each([
    ['a section of its own', head, `${head}\n[exclude]\na = b, c\n`],
    ['a line behind others', '[exclude]\nx    = y ; far\n', '[exclude]\nx    = y ; far\na    = b, c\n'],
    ['members of its line', '[exclude]\na = x ; far\n[mesh]\n', '[exclude]\na = x, b, c ; far\n[mesh]\n'],
    ['only what is not said yet', '[exclude]\nb = a\n', '[exclude]\nb = a\na = c\n'],
    ['nothing where all is said', '[exclude]\nb = a\na = c\n', '[exclude]\nb = a\na = c\n'],
    ['members in quotes', '[exclude]\na = "x"\n', '[exclude]\na = "x, b, c"\n'],
    ['lines of a list', '[exclude]\na[] = x\n', '[exclude]\na[] = x\na[] = b\na[] = c\n'],
    ['CRLF', '[mesh]\r\n', '[mesh]\r\n\r\n[exclude]\r\na = b, c\r\n'],
    ['no final line end', '[mesh]', '[mesh]\n\n[exclude]\na = b, c'],
  ])('writes %s, and removing it leaves nothing', (_, before, after) => {
    expect(value(addExclusions(before, 'a', ['b', 'c']))).toBe(after)
    const news = ['b', 'c'].filter(other => !isExcluded(before, 'a', other))
    expect(removeExclusions(after, 'a', news)).toBe(before)
  })
})

describe('removeExclusions', () => {
  it.each([
    ['from either side', '[exclude]\nb = a, x\na = y\n', '[exclude]\nb = x\na = y\n'],
    ['however often it is said', '[exclude]\nb = a\na = b, x\n', '[exclude]\na = x\n'],
    ['with the section that is left bare', `${head}\n[exclude]\nb = a\n`, head],
    ['but not with what somebody wrote in it', '[exclude]\n; far\nb = a\n', '[exclude]\n; far\n'],
    ['nothing that is not there', '[exclude]\n\n[mesh]\n', '[exclude]\n\n[mesh]\n'],
    ['not what only looks like it', '[exclude]\nb = ab\n', '[exclude]\nb = ab\n'],
  ])('takes a pair out %s', (_, before, after) => {
    expect(removeExclusions(before, 'a', ['b'])).toBe(after)
  })
})

const names = ['a', 'b', 'c', 'd', 'e'] as const
const line = fc
  .tuple(
    fc.constantFrom(...names),
    fc.constantFrom(' = ', '=', '   =  '),
    fc.subarray([...names], { minLength: 1 }),
    fc.constantFrom(', ', ',', ' , '),
    fc.constantFrom('', ' ; far', '   # "x"', '  '),
  )
  .map(([key, equals, members, comma, comment]) => `${key}${equals}${members.join(comma)}${comment}`)

const mesh = fc
  .record({
    before: fc.constantFrom('', head, `${head}\n`, '; only a comment\n'),
    lines: fc.option(
      fc.uniqueArray(line, { minLength: 1, maxLength: 4, selector: text => text.split(/[ =]/)[0] }),
    ),
    after: fc.constantFrom('', '\n[node z]\nid = 9\n', '; end\n', '\n\n'),
    end: fc.constantFrom('\n', '\r\n'),
    cut: fc.boolean(),
  })
  .map(({ before, lines, after, end, cut }) => {
    const section = lines ? `[exclude]\n${lines.map(text => `${text}\n`).join('')}` : ''
    const text = `${before}${section}${after}`.replaceAll('\n', end)
    return cut ? text.replace(/(\r?\n)+$/, '') : text
  })
  // To an empty file a line end has to be added.
  .filter(text => text !== '')

it('adding is undone by removing, byte for byte, and both count for either order', () => {
  fc.assert(
    fc.property(mesh, fc.shuffledSubarray([...names], { minLength: 2 }), (text, [node, ...others]) => {
      const one = node as string
      const news = others.filter(other => !isExcluded(text, one, other))
      const added = value(addExclusions(text, one, others))
      for (const other of others) expect(isExcluded(added, other, one)).toBe(true)
      expect(removeExclusions(added, one, news)).toBe(text)
      const removed = removeExclusions(added, one, others)
      for (const other of others) expect(isExcluded(removed, other, one)).toBe(false)
      expect(value(addExclusions(added, one, others))).toBe(added)
    }),
    { numRuns: 500 },
  )
})
