import type { Diagnostic } from '../diagnostics/index.js'
import { addressPart, type Prefix } from '../net/index.js'
import { finding } from './finding.js'
import type { NodeFiles } from './node.js'
import { flood } from './overlay.js'
import { bare, type World } from './world.js'

/** What keeps packets for a network of `to` from arriving there, or `null`: VXLAN where both have it, WireGuard below. */
export const lostOnTheWay = (
  world: World,
  from: NodeFiles,
  to: NodeFiles,
  prefix: string,
): Diagnostic | null => {
  const [own, its] = [from.overlay, to.overlay]
  if (own && its) {
    const [source, destination] = [own.local?.value, its.local?.value]
    if (source === undefined || destination === undefined) return null
    return world.entriesTo(from, destination).length > 0
      ? tunnelled(world, from, to, source, destination)
      : finding(
          'verify-tunnel',
          from.forwarding[0]?.span ?? own.span,
          `${from.name} has no forwarding entry for ${to.name}`,
          `add entries for ${flood} and ${its.mac?.value} with the destination ${destination}`,
        )
  }
  const address = from.addresses.find(({ value }) => value.includes(':') === prefix.includes(':'))
  // An operator's own carrier is not in these files.
  if (own || its || !address) return null
  return tunnelled(world, from, to, bare(address.value), addressPart(prefix as Prefix))
}

/** Follows a packet by the allowed IPs, out and in, at most over three nodes (wg(8)). */
const tunnelled = (
  world: World,
  from: NodeFiles,
  to: NodeFiles,
  source: string,
  destination: string,
): Diagnostic | null => {
  let at = from
  for (let hops = 0; hops < 3; hops++) {
    const peer = world.route(at, destination)
    const next = peer && world.nodeOf(peer)
    if (!peer || !next)
      return finding(
        'verify-tunnel',
        world.peerFor(at, to)?.allowed[0]?.span ?? peer?.span ?? at.span,
        `${at.name} sends ${destination} of ${to.name} to no node`,
        `add ${destination} to the allowed IPs of the peer that leads to ${to.name}`,
      )
    const back = world.route(next, source)
    if (!back || world.nodeOf(back) !== at) {
      const place = world.peerFor(next, at)
      return finding(
        'verify-tunnel',
        place?.allowed[0]?.span ?? place?.span ?? next.span,
        `${next.name} does not take ${source} of ${from.name} from ${at.name}`,
        `add ${source} to the allowed IPs of the peer ${at.name}`,
      )
    }
    if (next === to) return null
    at = next
  }
  return finding(
    'verify-tunnel',
    at.span,
    `${destination} of ${to.name} goes in a circle from ${from.name}`,
    'let each address lead to one peer that is nearer to it',
  )
}
