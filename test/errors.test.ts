import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { codes } from '../src/diagnostics/index.js'
import { diagnosticsOf, drawn, errorFolders, folders, liesIn, loadFolder, textIn } from './support/errors.js'

/**
 * `fixtures/errors/<code>/` holds the smallest realistic mesh.ini with that fault, `keys/` where the keys
 * are at fault, and `stderr.txt`, all that is said about it. `npm run golden` writes stderr.txt anew. A
 * folder with a command.txt is about files or the command line: see error-commands.test.ts.
 */
const rewrite = process.env.GOLDEN === 'write' && process.env.CI === undefined

test('every code has a folder, and every folder is named after a code', () => {
  expect(folders).toEqual(Object.keys(codes).sort())
})

describe.each(errorFolders)('$code', folder => {
  const { code, directory } = folder
  const text = textIn(folder)
  const result = loadFolder(folder)
  const diagnostics = diagnosticsOf(result)

  test('is what mesh.ini shows first', () => {
    expect(diagnostics[0]?.code).toBe(code)
  })

  test('is said as stderr.txt has it', () => {
    const said = drawn(diagnostics, text)
    if (rewrite) writeFileSync(`${directory}/stderr.txt`, said)
    expect(said).toBe(
      existsSync(`${directory}/stderr.txt`) ? readFileSync(`${directory}/stderr.txt`, 'utf8') : '',
    )
  })

  test('ends the run exactly when it is no warning', () => {
    expect(result.ok).toBe(codes[code].endsWith('(warning)'))
  })

  test('names a place in the file and says what to write', () => {
    const lines = text.split('\n')
    for (const { span, related, hint, message } of diagnostics) {
      expect(span).not.toBeNull()
      for (const place of [span, related?.span])
        if (place) expect(place).toSatisfy(() => liesIn(place, lines))
      expect(hint).toMatch(/\S/)
      // One fact in one sentence: no full stop at its end or within, no line break.
      expect(message).toMatch(/^[^\n]+[^\n.]$/)
      expect(message).not.toMatch(/\. [A-Z]/)
    }
  })
})
