import type { Span } from '../diagnostics/index.js'
import { type NftTerm, termsOf } from './nft-terms.js'

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

/** A word of the file, or one of `{`, `}`, `,`, `;` and the end of a line. */
export interface Token {
  readonly text: string
  readonly line: number
}

const tokensIn = (text: string): Token[] =>
  text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/^\s*#.*$|\s#.*$/, '')
    const words = line.match(/"[^"]*"|[{};,]|[^\s{};,"]+/g) ?? []
    return [...words, '\n'].map(text => ({ text, line: index + 1 }))
  })

/** Reads it (nft(8)): variables, tables, chains, rules. It follows no `include`. */
export const readNft = (file: string, text: string): NftFile => {
  const tokens = tokensIn(text)
  const sources = text.split('\n')
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
  const word = (offset = 0): string => tokens[at + offset]?.text ?? ''
  const ended = (): boolean => at >= tokens.length
  /** The tokens up to the end of a statement: what stands in braces may have lines of its own. */
  const statement = (): Token[] => {
    const taken: Token[] = []
    for (let depth = 0; !ended(); at++) {
      const token = tokens[at] as Token
      if (depth === 0 && (token.text === '\n' || token.text === ';' || token.text === '}')) break
      if (token.text === '{') depth++
      if (token.text === '}') depth--
      if (token.text !== '\n') taken.push(token)
    }
    if (word() !== '}') at++
    return taken
  }
  const chainOf = (name: string, line: number): NftChain => {
    const rules: NftRule[] = []
    let base: Pick<NftChain, 'type' | 'hook' | 'priority'> = { type: null, hook: null, priority: 0 }
    let policy: 'accept' | 'drop' = 'accept'
    while (!ended() && word() !== '}') {
      const taken = statement()
      const words = taken.map(({ text }) => text)
      const [first, second] = words
      if (first === undefined) continue
      if (first === 'type' && words.includes('hook'))
        base = {
          type: second ?? null,
          hook: words[words.indexOf('hook') + 1] ?? null,
          priority: Number(words[words.indexOf('priority') + 1]),
        }
      else if (first === 'policy') policy = second === 'drop' ? 'drop' : 'accept'
      else
        rules.push({
          text: words.join(' '),
          span: spanAt((taken[0] as Token).line),
          terms: termsOf(words, lists),
        })
    }
    at++
    return { name, ...base, policy, rules, span: spanAt(line) }
  }
  const tableOf = (name: string): void => {
    const chains = new Map<string, NftChain>()
    while (!ended() && word() !== '}') {
      if (word() === '\n' || word() === ';') at++
      else if (word() === 'chain' && word(2) === '{') {
        const [chain, { line }] = [word(1), tokens[at] as Token]
        at += 3
        chains.set(chain, chainOf(chain, line))
      } else
        unread.push(
          ...statement()
            .slice(0, 1)
            .map(({ line }) => spanAt(line)),
        )
    }
    at++
    tables.push({ name, chains })
  }
  while (!ended()) {
    if (word() === '\n' || word() === ';' || word() === '}') at++
    else if (word() === 'define') {
      const [, name, equals, ...value] = statement().map(({ text }) => text)
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
      const taken = statement()
      const known = /^(table \S+ \S+|(delete|flush|add) table \S+ \S+|flush ruleset)$/
      const said = taken.map(({ text }) => text).join(' ')
      if (taken[0] && !known.test(said)) unread.push(spanAt(taken[0].line))
      if (/^delete|^flush/.test(said)) {
        const gone = said.replace(/^\S+ (table|ruleset) ?/, '')
        for (let index = tables.length - 1; index >= 0; index--)
          if (gone === '' || tables[index]?.name === gone) tables.splice(index, 1)
      }
    }
  }
  return { tables, unread }
}
