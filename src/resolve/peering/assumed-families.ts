import { endpointFor, localEndpoints } from '../../model/dialing.js'
import type { MeshNode } from '../../model/mesh.js'
import type { Placed } from '../checks/address-overlaps.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { Apart } from './pairs.js'

/**
 * Behind NAT, where a literal endpoint would tell, nobody knows which families a node has: it dials IPv4 wherever
 * it can. Said of the first node that has to dial IPv6 all the same, and how many others do.
 */
export const reportAssumed = (
  placed: readonly Placed[],
  apart: readonly Apart[],
  settings: Settings,
  report: Report,
): void => {
  if (settings.isWritten('families')) return
  const onlyIpv6 = placed.map(([node]) => node).filter(isOnlyIpv6)
  if (onlyIpv6.length === 0) return
  const excluded = new Set(apart.flatMap(({ a, b }) => [`${a.id} ${b.id}`, `${b.id} ${a.id}`]))
  const found = placed.flatMap(([node, { keys, span }]) => {
    if (node.endpoints.length > 0 || keys.families) return []
    const peer = onlyIpv6.find(
      one =>
        !excluded.has(`${node.id} ${one.id}`) &&
        localEndpoints(node, one) === null &&
        endpointFor(node, one) !== null,
    )
    return peer ? [{ node, peer, span: keys.endpoint?.span ?? span }] : []
  })
  const [first] = found
  if (!first) return
  const others = found.length - 1
  const more = others === 0 ? '' : ` (and ${others} more ${others === 1 ? 'node' : 'nodes'})`
  report.warn(
    'family-assumed',
    `${first.node.name} ${first.peer.name} ${others}`,
    `${first.node.name} dials ${first.peer.name} in IPv6, and does not say that it has IPv6${more}`,
    first.span,
    `write families = ipv4, ipv6 for ${first.node.name} if it has, or give ${first.peer.name} an IPv4 endpoint too`,
  )
}

const isOnlyIpv6 = ({ endpoints }: MeshNode): boolean =>
  endpoints.length > 0 && endpoints.every(({ families }) => families.every(family => family === 'ipv6'))
