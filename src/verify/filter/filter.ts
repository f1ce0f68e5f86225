import { familyOf } from '../../net/index.js'
import type { FileText, NftReader, NftRule } from '../../readers/index.js'
import { chainsOf, type Source, type Steps } from './chains.js'
import type { Packet } from './packet.js'

/** Where a packet is looked at: nft(8), HOOKS. */
export type Hook = 'prerouting' | 'input' | 'forward' | 'output'

/** What becomes of a packet, and which rule says so, if one does. */
export interface Verdict {
  readonly verdict: 'passes' | 'fails' | 'unknown'
  readonly rule: NftRule | null
}

/** The packet filter of a node. */
export interface Filter {
  at(hook: Hook, packet: Packet): Verdict
  source(packet: Packet): Source
  /** All rules, for whoever looks for one. */
  rules(): readonly NftRule[]
}

const passes: Verdict = { verdict: 'passes', rule: null }

/** Reads tables of nftables and runs packets through them; rules that are not known make it say that it does not know. */
export const filterOf = (files: readonly FileText[], steps: Steps, readNft: NftReader): Filter | null => {
  const read = files.map(({ file, text }) => readNft(file, text))
  const tables = read.flatMap(one => one.tables).filter(({ name }) => /^(inet|ip|ip6) /.test(name))
  const unread = read.flatMap(one => one.unread)
  if (tables.length === 0 && unread.length === 0) return null
  const bases = tables.flatMap(table => {
    const chains = chainsOf(table, steps)
    const family = table.name.startsWith('inet ') ? null : table.name.startsWith('ip ') ? 'ipv4' : 'ipv6'
    return [...table.chains.values()]
      .filter(({ hook }) => hook !== null)
      .map(chain => ({ family, chain, run: chains.run(chain), source: chains.source(chain) }))
  })
  const byHook = (hook: string, type: string) =>
    bases
      .filter(({ chain }) => chain.hook === hook && chain.type === type)
      .sort((a, b) => a.chain.priority - b.chain.priority)
  const hooks = {
    prerouting: byHook('prerouting', 'filter'),
    input: byHook('input', 'filter'),
    forward: byHook('forward', 'filter'),
    output: byHook('output', 'filter'),
  }
  const leaving = byHook('postrouting', 'nat')
  const rules = tables.flatMap(({ chains }) => [...chains.values()].flatMap(chain => chain.rules))
  const doubt: Verdict | null =
    unread[0] === undefined
      ? null
      : { verdict: 'unknown', rule: { text: 'what is not understood', span: unread[0], terms: [] } }
  const unsaid: Source = { becomes: doubt ? 'unknown' : 'unsaid', rule: doubt?.rule ?? null }
  return {
    at(hook, packet) {
      let said = doubt ?? passes
      for (const { family, chain, run } of hooks[hook]) {
        if (family !== null && family !== familyOf(packet.from)) continue
        const end = run(packet)
        if (end.verb === 'drop') return { verdict: 'fails', rule: end.rule }
        if (end.verb === 'unknown') said = { verdict: 'unknown', rule: end.rule }
        else if (said.verdict === 'passes' && end.rule) said = { verdict: 'passes', rule: end.rule }
        if (end.verb === 'return' && chain.policy === 'drop')
          return { verdict: 'fails', rule: { text: 'policy drop', span: chain.span, terms: [] } }
      }
      return said
    },
    source(packet) {
      for (const { family, source } of leaving) {
        if (family !== null && family !== familyOf(packet.from)) continue
        const said = source(packet)
        if (said) return said
      }
      return unsaid
    },
    rules: () => rules,
  }
}
