import type { EvpnPlan, RoutingPlan } from '../../model/plan.js'
import type { BfdTimers } from '../../model/spec.js'
import { type Address, isOlder } from '../../net/index.js'
import { type Chunk, chunk } from '../../render/chunks.js'

/*
 * bgpd has bfdd watch each neighbor, but when and how depends on the release: 7.5 and 8.4 begin once BGP is
 * established, single-hop; 10.3 at once, multihop, and turns to single-hop later. And 10.2.0 to 10.2.2 and
 * 10.3.0 (Debian 13) do not start BGP with a neighbor while that BFD session is down, so that they would
 * wait for ever for an older neighbor, and for one of their own release that restarts (FRR issue 18742,
 * mended by pull request 18562). So bfdd gets a multihop session with each neighbor of its own, which is up
 * whatever BGP does.
 */

const hasProfiles = (release: string | null): boolean => !isOlder(release, '7.5')

/** What is said about the peer-group: 7.5 prints a profile as one line, 8 as two. */
export const bfdWords = (release: string | null, { interval, multiplier }: BfdTimers): string[] => {
  if (!hasProfiles(release)) return [`bfd ${multiplier} ${interval} ${interval}`]
  return isOlder(release, '8.0') ? ['bfd profile ciab'] : ['bfd', 'bfd profile ciab']
}

/** The section of bfdd, from the release on that has profiles. */
export const bfdSection = (
  release: string | null,
  { bfd, source, neighbors, clients }: RoutingPlan,
  evpn: EvpnPlan | null,
): Chunk[] => {
  if (!hasProfiles(release)) return []
  const profile = [
    ...(bfd.multiplier === 3 ? [] : [`detect-multiplier ${bfd.multiplier}`]),
    ...(bfd.interval === 300
      ? []
      : [`transmit-interval ${bfd.interval}`, `receive-interval ${bfd.interval}`]),
    // Later releases leave a configured session on, and do not print this.
    ...(isOlder(release, '8.0') ? ['no shutdown'] : []),
  ]
  const lines = profile.map(line => `  ${line}\n`).join('')
  const own = evpn && !evpn.sharesSessions ? evpn : null
  return [
    chunk(`bfd\n profile ciab\n${lines}`),
    peersOf(source, clients.concat(neighbors)),
    own ? peersOf(own.local, own.clients.concat(own.neighbors)) : chunk(''),
    chunk('!\n'),
  ]
}

/** Holds our own address, so unlike the rest about a neighbor it is not the same in every node's file. */
const peersOf = (source: Address, neighbors: readonly { readonly address: Address }[]): Chunk =>
  chunk(
    neighbors
      .map(({ address }) => ` peer ${address} multihop local-address ${source}\n  profile ciab\n`)
      .join(''),
  )
