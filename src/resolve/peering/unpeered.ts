import { endpointsSeen, localEndpoints } from '../../model/dialing.js'
import type { MeshNode } from '../../model/mesh.js'
import type { MeshSpec } from '../../model/spec.js'
import type { AddressFamily } from '../../net/index.js'
import type { Report } from '../report.js'
import type { Apart } from './pairs.js'

/** Says which pairs do not peer, and what becomes of them; of pairs that are alike the first, and how many more. */
export const reportApart = (spec: MeshSpec, apart: readonly Apart[], report: Report): void => {
  const spans = new Map(spec.nodes.map(node => [node.name, node.keys.endpoint?.span ?? node.span]))
  const alike = new Map<string, { readonly pair: Apart; count: number }>()
  for (const pair of apart) {
    const seen = alike.get(likeness(pair))
    if (seen) seen.count++
    else alike.set(likeness(pair), { pair, count: 1 })
  }
  for (const { pair, count } of alike.values()) {
    const { a, b, excluded, relay, unfit } = pair
    const span = excluded ?? spans.get(b.name) ?? spec.mesh.span
    const first = excluded ? undefined : spans.get(a.name)
    const related = first && { message: `${a.name} is here`, span: first }
    const subject = `${a.name} ${b.name} ${count}`
    const about = `${a.name} and ${b.name}`
    const more = count === 1 ? '' : ` (and ${count - 1} more ${count === 2 ? 'pair' : 'pairs'})`
    if (sharesNoFamily(pair)) {
      const message = `${a.name} and ${b.name} share no address family: ${familiesIn(a, b)} and ${familiesIn(b, a)}`
      report.error('no-common-family', `${message}${more}`, span, noCommonFamilyHint(a, b), related)
    } else if (!relay) {
      const message = `nothing carries packets between ${a.name} and ${b.name}${more}: their containers cannot reach each other`
      const direct = excluded
        ? 'delete one of the two here'
        : `give one of the two an endpoint${besideHint(pair)}`
      const third = unfit
        ? `give ${unfit.name}, that both peer with, a target for routing: without it it has no routes to containers`
        : `add a node that both ${excluded ? 'peer with' : 'can dial'}`
      report.warn('unreachable-pair', subject, message, span, `${direct}, or ${third}`, related, about)
    } else {
      const message = `${a.name} and ${b.name} do not peer and meet through ${relay.name}${more}`
      const direct = excluded
        ? 'delete one of the two here'
        : `give one of them an endpoint${besideHint(pair)} for a direct tunnel`
      const hint = `${direct}, or leave it so: ${relay.name} carries their traffic, encrypted on each leg`
      report.warn('relayed-pair', subject, message, span, hint, related, about)
    }
  }
}

/** Two that nobody dials may well share a switch. */
const besideHint = ({ a, b }: Apart): string => {
  const site = a.site ?? b.site
  if (site !== null && a.site === b.site) return ` (endpoint@${site} = ADDRESS, if they see each other)`
  return site === null ? ' (endpoint@NAME and site = NAME for both, if they share a network)' : ''
}

const sharesNoFamily = ({ a, b, excluded }: Apart): boolean =>
  !excluded && endpointsSeen(a, b).length + endpointsSeen(b, a).length > 0

/** Pairs of one likeness get one diagnostic: a mesh with a hundred nodes behind NAT has thousands of pairs. */
const likeness = (pair: Apart): string => {
  const { a, b, excluded, relay, unfit } = pair
  if (sharesNoFamily(pair)) return [familiesIn(a, b), familiesIn(b, a)].sort().join(' / ')
  const why = excluded ? 'excluded' : 'undialable'
  return `${why} ${relay?.id ?? `unreachable ${unfit?.id ?? ''}`}`
}

const familiesIn = (node: MeshNode, other: MeshNode): string => {
  const endpoints = endpointsSeen(other, node)
  const dials = localEndpoints(node, other) ? node.familiesAtSite : node.families
  const names = (families: readonly AddressFamily[]) =>
    families.map(family => (family === 'ipv4' ? 'IPv4' : 'IPv6')).join(' and ')
  return endpoints.length === 0
    ? `one that dials ${names(dials)}`
    : `one reached by ${names([...new Set(endpoints.flatMap(endpoint => endpoint.families))])}`
}

const noCommonFamilyHint = (a: MeshNode, b: MeshNode): string =>
  `write a second endpoint for one of them, or families = ipv4, ipv6 where it can dial both, or [exclude] ${a.name} = ${b.name} to let another node carry their traffic`
