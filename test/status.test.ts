import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const shell = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.sh'))
  .map(path => readFileSync(join(root, 'src', path), 'utf8'))

/** The end of what stands between brackets from `at` on, be it in quotes or in brackets itself. */
const behind = (text: string, at: number, close: string): number => {
  for (let here = at; here < text.length; here++) {
    if (text[here] === close) return here + 1
    if (text[here] === '\\') here++
    else if (text.startsWith('$(', here)) here = behind(text, here + 2, ')') - 1
    else if (text[here] === "'" && close !== '"') here = text.indexOf("'", here + 1)
    else if (text[here] === '"' && close !== '"') here = behind(text, here + 1, '"') - 1
  }
  throw new Error(`no ${close}: ${text.slice(at, at + 60)}`)
}

/** A word in quotes, `…` in place of whatever the shell puts in. */
const worded = (text: string, at: number): string => {
  if (text[at] === "'") return text.slice(at + 1, text.indexOf("'", at + 1))
  let said = ''
  for (let here = at + 1; text[here] !== '"'; ) {
    const name = /^\$(\w+|\*)/.exec(text.slice(here))
    if (name) [said, here] = [`${said}…`, here + name[0].length]
    else if (text.startsWith('$(', here)) [said, here] = [`${said}…`, behind(text, here + 2, ')')]
    else if (text.startsWith('${', here)) [said, here] = [`${said}…`, behind(text, here + 2, '}')]
    else {
      if (text[here] === '\\') here++
      said += text[here++]
    }
  }
  return said
}

/** What awk puts together, of neighbors and of routing tables. */
const composed = [
  'BGP … (…): …',
  'EVPN … (…): …',
  'BGP: … of … networks of other nodes…',
  'tenant …: … of … networks of other nodes…',
  'tenant …: nothing gets to … (…): … has no … for …',
]

/** What a part writes down first, with its verdict, and reads back to say it as it is. */
const noted = /\becho "(?=(?:ok|bad|note) )/g

const sentences = new Set([
  ...shell.flatMap(text =>
    [...text.matchAll(/(?<=^|[ ;{(|&])(?:ok|bad|note|"\$verdict") (?=['"])/gm)].map(match =>
      worded(text, match.index + match[0].length),
    ),
  ),
  ...shell.flatMap(text =>
    [...(text.includes('"$verdict" "$text"') ? text.matchAll(noted) : [])].map(match =>
      worded(text, match.index + match[0].length - 1).replace(/^\w+ /, ''),
    ),
  ),
  ...composed,
])
sentences.delete('…')

const [tables = ''] = readFileSync(join(root, 'docs/status.md'), 'utf8').split('\n## For programs\n')
// Of one node; what is wrong between nodes has a table of its own.
const rows = [
  ...(tables.split('\n## All nodes together\n')[0] as string).matchAll(/^\| `(.*)` \| (.*) \|$/gm),
].map(([, sentence = '', advice = '']) => ({
  sentence,
  advice,
}))

test('every sentence of --status has a row that says what to do', () => {
  expect(sentences.size).toBeGreaterThan(60)
  const known = rows.map(({ sentence }) => sentence)
  expect([...sentences].filter(sentence => !known.includes(sentence))).toEqual([])
  for (const { sentence, advice } of rows) expect(advice, sentence).not.toBe('')
})

test('and every row a sentence', () => {
  expect(rows.filter(({ sentence }) => !sentences.has(sentence))).toEqual([])
  expect(rows.length).toBe(new Set(rows.map(({ sentence }) => sentence)).size)
})

test('of the neighbors and of routing tables too', () => {
  expect(shell.join('')).toMatch(/"EVPN " : "BGP "\) who " \(" at "\): "/)
  expect(shell.join('')).toMatch(
    /"tenant ", .* "BGP", .*\n.*, name ": " .* " of " .* " networks of other nodes"/,
  )
  expect(shell.join('')).toMatch(/"bad " tenant ": nothing gets to " network .*\n.*" has " lack " for "/)
})
