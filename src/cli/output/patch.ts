import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

type PatchPaint = (role: 'added' | 'removed' | 'head', text: string) => string

/** Edits beyond which two texts are shown whole: the search for the shortest way costs their square. */
const mostEdits = 4000

/** A unified diff of two versions of a file, `null` where there is none, with every key hidden. */
export const patch = (
  path: string,
  before: string | null,
  after: string | null,
  paint: PatchPaint,
): string => {
  const [old, now] = [hideKeys(before ?? ''), hideKeys(after ?? '')]
  const from = before === null ? '/dev/null' : path
  const to = after === null ? '/dev/null' : path
  if (old === now && before !== null && after !== null)
    return `${paint('head', `--- ${from}\n+++ ${to}`)}\n(only hidden keys differ)\n`
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY, maxEditLength: mostEdits }
  const text =
    createTwoFilesPatch(from, to, old, now, undefined, undefined, options) ?? whole(from, to, old, now)
  return text
    .split('\n')
    .map((line, index) => painted(line, index, paint))
    .join('\n')
}

const painted = (line: string, index: number, paint: PatchPaint): string => {
  if (index < 2 || line.startsWith('@@')) return line === '' ? line : paint('head', line)
  if (line.startsWith('+')) return paint('added', line)
  return line.startsWith('-') ? paint('removed', line) : line
}

/** All old lines out, all new lines in. */
const whole = (from: string, to: string, old: string, now: string): string => {
  const [gone, come] = [old, now].map(text => text.replace(/\n$/, '').split('\n')) as [string[], string[]]
  const head = `--- ${from}\n+++ ${to}\n@@ -1,${gone.length} +1,${come.length} @@\n`
  return `${head}${gone.map(line => `-${line}\n`).join('')}${come.map(line => `+${line}\n`).join('')}`
}

/** 32 bytes in base64. On a line that speaks of a public key it is one; anywhere else it may be a secret. */
const hideKeys = (text: string): string =>
  text.replace(/^.*[A-Za-z0-9+/]{43}=.*$/gm, line =>
    /public/i.test(line) ? line : line.replace(/[A-Za-z0-9+/]{43}=/g, '(hidden)'),
  )
