/** A simple command of a hook, its words without quotes. */
export interface Simple {
  readonly text: string
  readonly words: readonly string[]
}

/** `a || b`: tried one after the other. What stands before it is `;` or `&&`, or nothing. */
export interface Step {
  readonly before: ';' | '&&' | ''
  readonly tries: readonly Simple[]
}

/** Of a hook: far longer than any that people write. */
export const longest = 4096

/** What makes more of a line than simple commands in a row: it is left whole. */
const compound =
  /[`{}()<\\\n]|\$\(|(^|[;&|]\s*)(if|for|while|until|case|do|then|else|fi|done|function|\[|\[\[|!)(\s|$)|[^|]\|[^|]|[^&>]&(?![&>\d])|&$/

/**
 * Takes a hook apart into simple commands, as a shell reads it (POSIX.1, Shell Command Language, section 2.10); `null` where
 * it is more than a row of them.
 */
export const stepsOf = (command: string): Step[] | null => {
  if (command.length > longest) return null
  const foreground = command.endsWith('&') ? command.slice(0, -1).trimEnd() : command
  const bare = foreground.replace(/'[^']*'|"[^"`$\\]*"/g, quoted => 'q'.repeat(quoted.length))
  const plain = bare.replace(/[\d&]?>>?\s*(\/dev\/null|&\d)/g, sink => ' '.repeat(sink.length))
  if (/["']/.test(plain) || compound.test(plain)) return null
  const steps: Step[] = []
  let start = 0
  let before: Step['before'] = ''
  for (const match of [...bare.matchAll(/;|&&|$/g)]) {
    const text = foreground.slice(start, match.index)
    const tries = triesIn(text, bare.slice(start, match.index))
    if (tries.length > 0) steps.push({ before: steps.length === 0 ? '' : before, tries })
    before = match[0] as Step['before']
    start = match.index + match[0].length
  }
  return steps
}

const triesIn = (text: string, bare: string): Simple[] => {
  const tries: Simple[] = []
  let start = 0
  for (const match of bare.matchAll(/\|\||$/g)) {
    const part = text.slice(start, match.index).trim()
    if (part !== '') tries.push({ text: part, words: wordsOf(part) })
    start = match.index + match[0].length
  }
  return tries
}

const wordsOf = (text: string): string[] =>
  [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)]
    .map(([word]) => word.replace(/["']/g, ''))
    .filter(word => !/^[\d&]?>>?(&\d|\/dev\/null)?$/.test(word) && word !== '/dev/null')

export const textOf = (steps: readonly Step[]): string =>
  steps
    .map(({ before, tries }, index) => {
      const text = tries.map(simple => simple.text).join(' || ')
      return index === 0 ? text : `${before === ';' ? ';' : ' &&'} ${text}`
    })
    .join('')
