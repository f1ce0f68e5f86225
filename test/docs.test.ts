import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { filled, generated } from '../docs/generate.js'
import { manPage } from '../docs/man.js'
import { meshMeanings } from '../src/parse/meanings.js'
import { meshFields } from '../src/parse/schema.js'
import { defaults } from '../src/resolve/defaults.js'
import { ask, judged } from './support/judge.js'
import { pages } from './support/pages.js'

/** `npm run docs:write` writes what is generated anew; here a page that is not as the code has it fails. */
const rewrite = process.env.GOLDEN === 'write' && process.env.CI === undefined

test.each(pages)('$path is as the code has it', ({ path, text }) => {
  const fresh = filled(text)
  if (rewrite && fresh !== text) writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), fresh)
  else expect(text, '"npm run docs:write" writes it').toBe(fresh)
})

const manual = fileURLToPath(new URL('../docs/ciab-gen.1', import.meta.url))

test('the manual page is as the code has it', () => {
  if (rewrite) writeFileSync(manual, manPage())
  else expect(readFileSync(manual, 'utf8'), '"npm run docs:write" writes it').toBe(manPage())
})

for (const tool of ['man', 'groff', 'mandoc'])
  judged([tool], `the manual page has nothing that ${tool} warns of`, () => {
    const words = {
      man: ['-c', 'man --warnings -E UTF-8 -l -Tutf8 -P cat "$0" >/dev/null', manual],
      groff: ['-ww', '-z', '-man', '-Tutf8', manual],
      mandoc: ['-T', 'lint', '-W', 'error', manual],
    }[tool] as string[]
    expect(ask(tool === 'man' ? 'sh' : tool, words)).toEqual({ status: 0, output: '' })
  })

test('everything that is generated stands on one page', () => {
  const standing = pages.flatMap(({ text }) =>
    [...text.matchAll(/^<!-- generated: (.*) -->$/gm)].map(([, name]) => name as string),
  )
  expect(standing.sort()).toEqual([...generated].sort())
})

test('a default that is told is the one that holds', () => {
  const told = (text: string, { type }: { type: { parse(text: string): unknown } }) =>
    type.parse(text.replaceAll('`', ''))
  for (const key of Object.keys(defaults) as (keyof typeof defaults)[])
    expect([key, told(meshMeanings[key].default, meshFields[key])]).toEqual([key, defaults[key]])
})
