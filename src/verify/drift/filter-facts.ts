import type { FileText, NftReader } from '../../readers/index.js'
import { type Fact, shown } from './fact.js'

/** What a file of nftables says: its lists, chains and rules. */
export const filterFacts = (node: string, { file, text }: FileText, readNft: NftReader): Fact[] => {
  const { tables } = readNft(file, text)
  const chains = tables.flatMap(({ name, chains }) =>
    [...chains.values()].map(chain => ({ ...chain, own: `chain ${name} ${chain.name}` })),
  )
  return [
    ...listsIn(node, { file, text }),
    ...chains.flatMap(({ own, name, hook, policy, rules, span }): Fact[] => [
      {
        key: own,
        value: '',
        under: null,
        group: 'chains',
        span,
        has: `${node}'s packet filter has the chain ${name}`,
        lacks: `${node}'s packet filter lacks the chain ${name}`,
      },
      {
        key: `${own} policy`,
        value: `${hook} ${policy}`,
        under: own,
        group: own,
        span,
        has: `${node}'s chain ${name} is of the hook ${hook ?? 'of others'} and has the policy ${policy}`,
        lacks: `${node}'s chain ${name} has no policy`,
      },
      ...rules.map(
        (rule): Fact => ({
          key: `${own} rule ${rule.text}`,
          value: '',
          under: own,
          group: own,
          span: rule.span,
          has: `${node}'s packet filter has "${shown(rule.text)}" in ${name}`,
          lacks: `${node}'s packet filter lacks "${shown(rule.text)}" in ${name}`,
        }),
      ),
      {
        key: `${own} order`,
        value: rules.map(rule => rule.text).join('\n'),
        under: own,
        group: own,
        span,
        has: `${node}'s packet filter has the rules of ${name} in another order`,
        lacks: '',
      },
    ]),
  ]
}

/** `define local4 = { 10.77.1.0/24, … }`, over several lines or not. */
const listsIn = (node: string, { file, text }: FileText): Fact[] => {
  const facts: Fact[] = []
  let name: string | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/#.*$/, '').trim()
    const opened = /^define (\S+)\s*=\s*(.*)$/.exec(line)
    if (opened) name = opened[1] as string
    if (name === null) continue
    const rest = opened ? (opened[2] as string) : line
    const span = { file, line: index + 1, column: 1, length: Math.max(1, raw.trimEnd().length) }
    const list = name
    for (const item of rest.split(/[\s,{}]+/).filter(word => word !== ''))
      facts.push({
        key: `define ${list} ${item}`,
        value: '',
        under: null,
        group: `define ${list}`,
        span,
        has: `${node}'s packet filter has ${item} in $${list}`,
        lacks: `${node}'s packet filter lacks ${item} in $${list}`,
      })
    if (!rest.includes('{') ? opened || rest.includes('}') : rest.includes('}')) name = null
  }
  return facts
}
