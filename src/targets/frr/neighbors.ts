import type { NeighborPlan } from '../../model/plan.js'
import { familyOf } from '../../net/index.js'
import type { Stanzas } from '../../render/stanzas.js'

/**
 * All that frr.conf says about one neighbor. The same in every other node's file: what may differ from
 * node to node is said about the peer-group.
 */
export const neighborStanzas: Stanzas<NeighborPlan, NeighborPart> = {
  neighbors: ({ address, name }) =>
    ` neighbor ${address} peer-group CIAB\n neighbor ${address} description ${name}\n`,
  ipv4Lists: neighbor => list('ip', listOf(neighbor), neighbor.accepts.filter(isIpv4)),
  ipv6Lists: neighbor => list('ipv6', listOf(neighbor), neighbor.accepts.filter(isIpv6)),
  filters: neighbor => `  neighbor ${neighbor.address} prefix-list ${listOf(neighbor)} in\n`,
}
export type NeighborPart = 'neighbors' | 'ipv4Lists' | 'ipv6Lists' | 'filters'

export const isIpv4 = (prefix: string): boolean => familyOf(prefix) === 'ipv4'
export const isIpv6 = (prefix: string): boolean => !isIpv4(prefix)

/** Entries of a prefix-list that permits exactly these. FRR denies for a list it lacks too; written, it can be seen. */
export const entries = (prefixes: readonly string[]): { readonly seq: number; readonly rule: string }[] =>
  prefixes.length === 0
    ? [{ seq: 5, rule: 'deny any' }]
    : prefixes.map((prefix, index) => ({ seq: 5 * (index + 1), rule: `permit ${prefix}` }))

/** A word before the node's name, which could be one of FRR's own: `ip prefix-list sequence-number`. */
const listOf = ({ name }: NeighborPlan): string => `from-${name}`

const list = (ip: 'ip' | 'ipv6', name: string, prefixes: readonly string[]): string =>
  entries(prefixes)
    .map(({ seq, rule }) => `${ip} prefix-list ${name} seq ${seq} ${rule}\n`)
    .join('')
