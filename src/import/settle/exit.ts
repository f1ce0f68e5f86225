import type { FoundNode } from '../found.js'
import { stepsOf } from '../hooks/commands.js'
import { valueAfter, wayOutIn } from '../hooks/ip.js'

/**
 * Whether the hooks of a node send what comes out of the tunnel on under its own address: then it was the way to the internet
 * of whoever asked it to be. A rule that has the tunnel as its way out is for hosts behind the node, who enter the tunnel.
 */
export const wasExit = ({ hooks, interface: tunnel }: FoundNode, mesh: string): boolean =>
  [...hooks.preUp, ...hooks.postUp]
    .flatMap(command => stepsOf(command) ?? [])
    .flatMap(({ tries }) => tries)
    .some(({ words }) => {
      const out = outOf(words)
      return out !== null && !['%i', mesh, tunnel].includes(out)
    })

/** The interface under whose address a rule sends packets on, `*` for each, or `null` where it does no such thing. */
const outOf = (words: readonly string[]): string | null => {
  const tool = (words[0] ?? '').replace(/^\/(usr\/)?s?bin\//, '')
  if (tool === 'iptables' || tool === 'ip6tables') {
    const adds = words.some(word => /^(-A|-I|--append|--insert)$/.test(word))
    const rewrites = words.includes('MASQUERADE') || words.includes('SNAT')
    return adds && rewrites ? (wayOutIn(words) ?? '*') : null
  }
  if (tool !== 'nft' || words[1] !== 'add' || !(words.includes('masquerade') || words.includes('snat')))
    return null
  return valueAfter(words, 'oifname') ?? valueAfter(words, 'oif') ?? '*'
}
