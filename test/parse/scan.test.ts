import { describe, expect, test } from 'vitest'
import { format } from '../../src/diagnostics/index.js'
import { type ScannedEntry, scan } from '../../src/parse/scan.js'

const only = (line: string): ScannedEntry => {
  const { sections, diagnostics } = scan(`[s]\n${line}`, 'mesh.ini')
  expect(diagnostics).toEqual([])
  return sections[0]?.entries[0] as ScannedEntry
}

describe('a value', () => {
  test.each([
    // as written · the value · where it stands, from column, length · whether a comment cut it short
    ['key = value', 'value', 7, 5, false],
    ['key=value', 'value', 5, 5, false],
    ['  key  =   a b\t c  ', 'a b\t c', 12, 6, false],
    ['key = a = b', 'a = b', 7, 5, false],
    ['key =', '', 5, 1, false],
    ['key = ; nothing', '', 5, 1, true],
    ['key = value ; more', 'value', 7, 5, true],
    ['key = value;more', 'value', 7, 5, true],
    ['key = value # more', 'value', 7, 5, true],
    ['key = a\\;b', 'a;b', 7, 4, false],
    ['key = a\\#b ; c', 'a#b', 7, 4, true],
    ['key = a\\\\;b', 'a\\', 7, 3, true],
    ['key = a\\\\\\;b', 'a\\;b', 7, 6, false],
    ['key = a\\nb', 'a\\nb', 7, 4, false],
    ['key = "a; b"', 'a; b', 7, 6, false],
    ['key = "a; b" ; c', 'a; b', 7, 6, false],
    ['key = "a # b"# c', 'a # b', 7, 7, false],
    ['key = "say \\"hi\\""', 'say "hi"', 7, 12, false],
    ['key = "a\\\\"', 'a\\', 7, 5, false],
    ['key = "a\\nb"', 'a\nb', 7, 6, false],
    ["key = 'a; b'", 'a; b', 7, 6, false],
    ["key = 'a' ; 'b'", 'a', 7, 3, false],
    ["key = '5'", '5', 7, 3, false],
    ["key = 'null'", 'null', 7, 6, false],
    ["key = '{}'", '{}', 7, 4, false],
    ['key = ""', '', 7, 2, false],
    ['key = "', '"', 7, 1, false],
    ["key = '", "'", 7, 1, false],
    ["key = 'a' 'b'", "'a' 'b'", 7, 7, false],
    ['key = "a" && "b"', '"a" && "b"', 7, 10, false],
    ['key = "a', '"a', 7, 2, false],
    ['key = a"', 'a"', 7, 2, false],
    ['key = true', 'true', 7, 4, false],
  ])('%s', (line, value, column, length, commented) => {
    const entry = only(line)
    expect(entry).toMatchObject({ key: 'key', value, commented, index: 1 })
    expect(entry.valueSpan).toEqual({ file: 'mesh.ini', line: 2, column, length })
  })
})

describe('a key', () => {
  test.each([
    ['key = value', 'key', false, 1, 3],
    ['  key[] = value', 'key', true, 3, 5],
    ['key [] = value', 'key', true, 1, 6],
    ['pre-up = value', 'pre-up', false, 1, 6],
    ['__proto__ = value', '__proto__', false, 1, 9],
    ['"key" = value', '"key"', false, 1, 5],
  ])('%s', (line, key, list, column, length) => {
    const entry = only(line)
    expect(entry).toMatchObject({ key, list })
    expect(entry.keySpan).toEqual({ file: 'mesh.ini', line: 2, column, length })
  })
})

describe('a header', () => {
  test.each([
    ['[node node1]', 'node node1', 1, 12],
    ['  [ node \t node1 ]  ; the first', 'node node1', 3, 16],
    ['[a]# b ]', 'a', 1, 3],
    ['[__proto__]', '__proto__', 1, 11],
  ])('%s', (line, header, column, length) => {
    const { sections, diagnostics } = scan(line, 'mesh.ini')
    expect(diagnostics).toEqual([])
    expect(sections).toMatchObject([{ header, span: { line: 1, column, length }, entries: [] }])
  })
})

test('blank lines and comments say nothing, and neither do line ends', () => {
  const text = '\n  \n; a [b]\n # c = d\n\t\r\n[s]\r\na = 1\r\n;\r\nb = 2'
  expect(scan(text, 'f')).toMatchObject({
    diagnostics: [],
    sections: [
      {
        entries: [
          { key: 'a', value: '1', index: 6 },
          { key: 'b', value: '2', index: 8 },
        ],
      },
    ],
  })
})

describe('a fault', () => {
  test.each([
    ['[s]\nnothing', 'ini-syntax', 2, 1, 7],
    ['[s]\n = value', 'ini-syntax', 2, 2, 7],
    ['key = value', 'ini-syntax', 1, 1, 3],
    ['[s', 'ini-syntax', 1, 1, 2],
    ['[]', 'ini-syntax', 1, 1, 2],
    ['[ ]', 'ini-syntax', 1, 1, 3],
    ['[a [b]]', 'ini-syntax', 1, 1, 7],
    ['[a] b', 'ini-syntax', 1, 1, 5],
    ['[s]\nkey = "\\q"', 'ini-syntax', 2, 7, 4],
    ['[s]\nkey = "a\tb"', 'ini-syntax', 2, 7, 5],
    ['[s]\na = 1\na = 2', 'duplicate-key', 3, 1, 1],
    ['[s]\na = 1\na[] = 2', 'duplicate-key', 3, 1, 3],
    ['[s]\na[] = 1\na = 2', 'duplicate-key', 3, 1, 1],
    ['[s]\n[t]\n[ s ]', 'duplicate-section', 3, 1, 5],
    ['[node  a]\n[node a]', 'duplicate-section', 2, 1, 8],
    ['\ufeff[s]', 'control-character', 1, 1, 1],
    ['\ufeff[s]\na = 1', 'control-character', 1, 1, 1],
    ['[s]\na = 1\n[\u0007t]\na = 2', 'control-character', 3, 2, 1],
    ['[s]\na = \u0000b', 'control-character', 2, 5, 1],
    ['[s]\ra = b', 'control-character', 1, 4, 1],
    ['[s]\na = b\u2028c', 'control-character', 2, 6, 1],
  ])('in %j is %s', (text, code, line, column, length) => {
    const { diagnostics } = scan(text, 'mesh.ini')
    expect(diagnostics).toMatchObject([{ severity: 'error', code, span: { line, column, length } }])
  })

  test('that is met twice points at the first', () => {
    expect(scan('[s]\na = 1\na = 2', 'f').diagnostics[0]?.related).toMatchObject({
      span: { line: 2, column: 1 },
    })
    expect(scan('[s]\n[s]', 'f').diagnostics[0]?.related).toMatchObject({ span: { line: 1 } })
  })
})

test('ini’s own lists may stand again and again', () => {
  const { sections, diagnostics } = scan('[s]\na[] = 1\na[] = 2\n', 'f')
  expect(diagnostics).toEqual([])
  expect(sections[0]?.entries.map(({ value }) => value)).toEqual(['1', '2'])
})

test('after a hundred faults the file is something else', () => {
  expect(scan('junk\n'.repeat(5000), 'f').diagnostics).toHaveLength(100)
})

describe('megabytes on one line are read once', () => {
  const million = 1 << 20
  test.each([
    ['spaces in a header', `[${' '.repeat(million)}`],
    ['spaces in a header that ends', `[${' '.repeat(million)}x[`],
    ['spaces behind a key', `[s]\nkey${' '.repeat(million)}`],
    ['a quoted value', `[s]\nkey = "${'a'.repeat(million)}"`],
    ['backslashes', `[s]\nkey = "${'\\\\'.repeat(million)}`],
    ['quotes', `[s]\nkey = ${'"'.repeat(million)}`],
    ['single quotes', `[s]\nkey = ${"'".repeat(million)}`],
    ['equals signs', `[s]\nkey ${'='.repeat(million)}`],
    ['comments', `[s]\nkey = a\\${';'.repeat(million)}`],
    ['lines', '\n'.repeat(million)],
    ['headers', Array.from({ length: million / 8 }, (_, at) => `[a${at}]\n`).join('')],
  ])('%s', (_, text) => {
    const result = scan(text, 'f')
    for (const diagnostic of result.diagnostics)
      expect(format(diagnostic, { f: text }).length).toBeLessThan(2000)
  })
})
