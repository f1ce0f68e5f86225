import type { Span } from '../diagnostics/index.js'
import { type NftTerm, termsOf } from './nft-terms.js'
import { recall } from './recall.js'

/** A rule: its terms in order, and where it stands. */
export interface NftRule {
  readonly text: string
  readonly span: Span
  readonly terms: readonly NftTerm[]
}

/** A chain; a base chain has a hook (nft(8), CHAINS). */
export interface NftChain {
  readonly name: string
  readonly type: string | null
  readonly hook: string | null
  readonly priority: number
  readonly policy: 'accept' | 'drop'
  readonly rules: readonly NftRule[]
  readonly span: Span
}

/** A table of one family: `inet ciab`. */
export interface NftTable {
  readonly name: string
  readonly chains: ReadonlyMap<string, NftChain>
}

/** What is read of an nftables file; what stands outside of its tables and is not known here, is `unread`. */
export interface NftFile {
  readonly tables: readonly NftTable[]
  readonly unread: readonly Span[]
}

const wordsOf = (text: string): readonly string[] => text.match(/"[^"]*"|[{};,]|[^\s{};,"]+/g) ?? []

/** Words of a line, `{`, `}`, `,` and `;` among them, and its end. */
const lineOf = (line: string): readonly string[] => [...wordsOf(line.replace(/^\s*#.*$|\s#.*$/, '')), '\n']

/** Reads files of nftables. */
export type NftReader = (file: string, text: string) => NftFile

/** A reader of many files (nft(8)): variables, tables, chains, rules. It follows no `include`. */
export const nftReader = (): NftReader => {
  const wordsIn = recall(lineOf)
  const termsIn = recall(text => ({ text, terms: termsOf(wordsOf(text), new Map()) }))
  return (file, text) => readWith(file, text, wordsIn, termsIn)
}

/** The words of a file, one after the other, and the line of each. */
interface Words {
  readonly texts: readonly string[]
  readonly lines: readonly number[]
}

const wordsOfAll = (sources: readonly string[], wordsIn: (line: string) => readonly string[]): Words => {
  const [texts, lines]: [string[], number[]] = [[], []]
  for (const [index, source] of sources.entries())
    for (const word of wordsIn(source)) {
      texts.push(word)
      lines.push(index + 1)
    }
  return { texts, lines }
}

const readWith = (
  file: string,
  text: string,
  wordsIn: (line: string) => readonly string[],
  termsIn: (rule: string) => Pick<NftRule, 'text' | 'terms'>,
): NftFile => {
  const sources = text.split('\n')
  const { texts, lines } = wordsOfAll(sources, wordsIn)
  const spanAt = (line: number): Span => ({
    file,
    line,
    column: 1,
    length: Math.max(1, (sources[line - 1] ?? '').trimEnd().length),
  })
  const lists = new Map<string, readonly string[]>()
  const tables: { name: string; chains: Map<string, NftChain> }[] = []
  const unread: Span[] = []
  let at = 0
  const word = (offset = 0): string => texts[at + offset] ?? ''
  const ended = (): boolean => at >= texts.length
  /** The words up to the end of a statement, and its line: what stands in braces may have lines of its own. */
  const statement = (): { readonly words: string[]; readonly line: number } => {
    const words: string[] = []
    let line = lines[at] ?? 1
    for (let depth = 0; !ended(); at++) {
      const next = word()
      if (depth === 0 && (next === '\n' || next === ';' || next === '}')) break
      if (next === '{') depth++
      if (next === '}') depth--
      if (next === '\n') continue
      if (words.length === 0) line = lines[at] ?? 1
      words.push(next)
    }
    if (word() !== '}') at++
    return { words, line }
  }
  const chainOf = (name: string, line: number): NftChain => {
    const rules: NftRule[] = []
    let base: Pick<NftChain, 'type' | 'hook' | 'priority'> = { type: null, hook: null, priority: 0 }
    let policy: 'accept' | 'drop' = 'accept'
    while (!ended() && word() !== '}') {
      const { words, line: own } = statement()
      const [first, second] = words
      if (first === undefined) continue
      if (first === 'type' && words.includes('hook'))
        base = {
          type: second ?? null,
          hook: words[words.indexOf('hook') + 1] ?? null,
          priority: Number(words[words.indexOf('priority') + 1]),
        }
      else if (first === 'policy') policy = second === 'drop' ? 'drop' : 'accept'
      else {
        const text = words.join(' ')
        // What stands for a variable is this file's own.
        const read = text.includes('$') ? { text, terms: termsOf(words, lists) } : termsIn(text)
        rules.push({ text: read.text, span: spanAt(own), terms: read.terms })
      }
    }
    at++
    return { name, ...base, policy, rules, span: spanAt(line) }
  }
  const tableOf = (name: string): void => {
    const chains = new Map<string, NftChain>()
    while (!ended() && word() !== '}') {
      if (word() === '\n' || word() === ';') at++
      else if (word() === 'chain' && word(2) === '{') {
        const [chain, line] = [word(1), lines[at] ?? 1]
        at += 3
        chains.set(chain, chainOf(chain, line))
      } else {
        const { words, line } = statement()
        if (words.length > 0) unread.push(spanAt(line))
      }
    }
    at++
    tables.push({ name, chains })
  }
  while (!ended()) {
    if (word() === '\n' || word() === ';' || word() === '}') at++
    else if (word() === 'define') {
      const [, name, equals, ...value] = statement().words
      if (name !== undefined && equals === '=')
        lists.set(
          name,
          value.filter(text => !/^[{},]$/.test(text)).map(text => text.replace(/^"|"$/g, '')),
        )
    } else if (word() === 'table' && word(3) === '{') {
      const name = `${word(1)} ${word(2)}`
      at += 4
      tableOf(name)
    } else {
      const { words, line } = statement()
      const known = /^(table \S+ \S+|(delete|flush|add) table \S+ \S+|flush ruleset)$/
      const said = words.join(' ')
      if (words.length > 0 && !known.test(said)) unread.push(spanAt(line))
      if (/^delete|^flush/.test(said)) {
        const gone = said.replace(/^\S+ (table|ruleset) ?/, '')
        for (let index = tables.length - 1; index >= 0; index--)
          if (gone === '' || tables[index]?.name === gone) tables.splice(index, 1)
      }
    }
  }
  return { tables, unread }
}
