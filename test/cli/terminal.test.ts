import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { format } from '../../src/diagnostics/index.js'
import { fc } from '../support/property.js'
import { session } from './session.js'

const { run, ok, path } = session()

/** What moves the cursor, turns the direction of text around, or is not seen at all. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u

/** One of each kind, and those that were forgotten once. */
const kinds = [
  ...[
    '\u0007',
    '\u001b[2J',
    '\u0085',
    '\u00ad',
    '\u034f',
    '\u061c',
    '\u115f',
    '\u180e',
    '\u200b',
    '\u200e',
    '\u2028',
  ],
  ...['\u202e', '\u2060', '\u2064', '\u2066', '\u206f', '\u3164', '\ufe0f', '\ufeff', '\ufff9', '\ud800'],
  ...['\u{e0001}', '\u{e0041}', '\u{e0100}', '\u{1d173}', '\u{13430}'],
]

const terminal = (): { said: string; isTerminal: true; write(text: string): void } => ({
  said: '',
  isTerminal: true,
  write(text) {
    this.said += text
  },
})

/** Everything that a command puts on a terminal. */
const shownBy = async (...args: string[]): Promise<string> => {
  const [stdout, stderr] = [terminal(), terminal()]
  await run(args, { stdout, stderr, env: { NO_COLOR: '1' } })
  return stdout.said + stderr.said
}

/** The count of nodes, which a slow machine sees: it is written over itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how
const progress = /\r\d+ of \d+ nodes|\r\u001b\[K/g

const hidden = (text: string): string[] =>
  [...text.replace(progress, '').replace(/[\n\t]/g, '')].filter(character => unseen.test(character))

describe('a terminal is shown no character that is not seen', () => {
  it.each(kinds.map(kind => [JSON.stringify(kind), kind]))('%s', async (_, kind) => {
    await ok('init --nodes a=192.0.2.1')
    const out = `o${kind}ut`
    const shown = [
      await shownBy('gen', '-o', out),
      await shownBy('gen', '-o', out),
      await shownBy('diff', '-o', `${out}2`),
      await shownBy('check', '-f', `m${kind}.ini`),
      await shownBy('check', '-C', `d${kind}`),
      await shownBy(`x${kind}`),
      await shownBy('check', `--x${kind}`),
      await shownBy('add-node', `n${kind}`),
      await shownBy('set', 'node', 'a', 'endpoint', `h${kind}`),
      await shownBy('import', 'wg', `f${kind}.conf`),
    ]
    for (const text of shown) {
      expect(text.length).toBeGreaterThan(0)
      expect([hidden(text), text]).toEqual([[], text])
    }
    // A name that exists, too, and what is in a file.
    if (/[\ud800-\udfff]/.test(kind) && kind.length === 1) return
    mkdirSync(path(`d${kind}`))
    writeFileSync(path(`d${kind}`, 'mesh.ini'), `[mesh]\nname = m${kind}\n`)
    expect(hidden(await shownBy('check', '-C', `d${kind}`))).toEqual([])
    writeFileSync(path(`d${kind}`, 'a.conf'), `[Interface]\n${kind} = 1\n# x\n`)
    expect(hidden(await shownBy('import', 'wg', `d${kind}/a.conf`))).toEqual([])
  })

  it('wherever a diagnostic has it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const span = { file: one, line: 1, column: 1, length: 1 }
        const related = { message: other, span: { ...span, file: other } }
        const text = format(
          { severity: 'error', code: 'ini-syntax', message: one, hint: other, span, related },
          { [one]: other },
        )
        expect(hidden(text)).toEqual([])
      }),
    )
  })

  it('but whoever reads standard output from a pipe gets it as it is', async () => {
    await ok('init --nodes a=192.0.2.1')
    expect((await run(['gen', '-o', 'o\u200but'])).stdout).toContain('created o\u200but/a/etc/')
  })
})

describe('an option that every object of JavaScript has is none of a command', () => {
  const names = [Object.prototype, Function.prototype].flatMap(object => Object.getOwnPropertyNames(object))
  it.each([...new Set(names)])('--%s', async name => {
    for (const args of [
      ['check', `--${name}`],
      ['check', `--${name}=x`],
    ]) {
      const { code, stderr } = await run(args)
      expect([code, stderr]).toEqual([2, expect.stringContaining(`"check" has no option --${name}`)])
    }
  })
})
