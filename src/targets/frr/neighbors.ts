import type { NeighborPlan } from '../../model/plan.js'
import type { Stanzas } from '../../render/stanzas.js'
import { entries, isIpv4, isIpv6 } from './lists.js'

/** All that frr.conf says about one neighbor, the same in every file that has it in the same group. */
export type NeighborPart = 'neighbors' | 'ipv4Lists' | 'ipv6Lists' | 'filters'

/** What may differ from node to node is said about the peer-group. */
const about = (group: string): Pick<Stanzas<NeighborPlan, NeighborPart>, 'neighbors'> => ({
  neighbors: ({ address, name }) =>
    ` neighbor ${address} peer-group ${group}\n neighbor ${address} description ${name}\n`,
})

const nothing = { ipv4Lists: () => '', ipv6Lists: () => '', filters: () => '' }

const lists: Pick<Stanzas<NeighborPlan, NeighborPart>, 'ipv4Lists' | 'ipv6Lists'> = {
  ipv4Lists: neighbor => list('ip', listOf(neighbor), neighbor.accepts.filter(isIpv4)),
  ipv6Lists: neighbor => list('ipv6', listOf(neighbor), neighbor.accepts.filter(isIpv6)),
}

/** In a full mesh: a filter for each. */
export const peerStanzas: Stanzas<NeighborPlan, NeighborPart> = {
  ...about('CIAB'),
  ...lists,
  filters: neighbor => `  neighbor ${neighbor.address} prefix-list ${listOf(neighbor)} in\n`,
}

/** What comes from a reflector may be anybody's, and was looked at there. */
export const reflectorStanzas: Stanzas<NeighborPlan, NeighborPart> = { ...about('REFLECTORS'), ...nothing }

/** Of clients the reflector's route-maps tell one from another. */
export const clientStanzas: Stanzas<NeighborPlan, NeighborPart> = {
  ...about('CLIENTS'),
  ...lists,
  filters: () => '',
}

/** A word before the node's name, which could be one of FRR's own: `ip prefix-list sequence-number`. */
export const listOf = ({ name }: { readonly name: string }): string => `from-${name}`

const list = (ip: 'ip' | 'ipv6', name: string, prefixes: readonly string[]): string =>
  entries(prefixes)
    .map(({ seq, rule }) => `${ip} prefix-list ${name} seq ${seq} ${rule}\n`)
    .join('')
