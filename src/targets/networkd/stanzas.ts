import type { PeerPlan, TunnelPlan } from '../../model/plan.js'
import { familyOf, type Prefix } from '../../net/index.js'
import { type Chunk, chunk } from '../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../render/stanzas.js'
import { presharedKeyPath } from '../linux-links/key-files.js'
import { flood, remoteWriter } from '../linux-links/remotes.js'

const peerText = (peer: PeerPlan, shared: boolean): string =>
  [
    '\n[WireGuardPeer]',
    `# ${peer.name}`,
    `PublicKey=${peer.publicKey}`,
    ...(shared ? [`PresharedKeyFile=/${presharedKeyPath(peer.name)}`] : []),
    `AllowedIPs=${peer.allowedIps.join(',')}`,
    ...(peer.endpoint === null ? [] : [`Endpoint=${peer.endpoint}`]),
    ...(peer.keepalive === null ? [] : [`PersistentKeepalive=${peer.keepalive}`]),
    '',
  ].join('\n')

/** A `[WireGuardPeer]` section, with a preshared key or without: the key itself is in a file of the peer's name. */
const peerStanzas: Stanzas<PeerPlan, 'plain' | 'shared'> = {
  plain: peer => peerText(peer, false),
  shared: peer => peerText(peer, true),
}

/** The `[WireGuardPeer]` sections of `10-<mesh>.netdev`. */
export const peerChunks = ({ peers, presharedKeys }: TunnelPlan, stanzas: StanzaCache): Chunk[] => {
  if (!presharedKeys) return stanzas.chunks(peerStanzas, peers).plain
  if (presharedKeys.every(key => key !== null)) return stanzas.chunks(peerStanzas, peers).shared
  return peers.flatMap((peer, at) => {
    const { plain, shared } = stanzas.chunks(peerStanzas, [peer])
    return presharedKeys[at] ? shared : plain
  })
}

/** A `[Route]` section for each prefix. Up to systemd 245 an IPv4 route's scope is global if it is not said. */
export const routeChunks = (prefixes: readonly Prefix[]): Chunk[] =>
  prefixes.map(prefix =>
    chunk(`\n[Route]\nDestination=${prefix}\n${familyOf(prefix) === 'ipv4' ? 'Scope=link\n' : ''}`),
  )

/**
 * A remote's `[BridgeFDB]` sections of `11-<overlay>.network`. `via` ties the outer packets to the tunnel: without
 * it they would take the default route, in the clear, while the tunnel's own route is missing.
 */
export const remoteChunks = remoteWriter<{ readonly via: string | null }>(({ name, vtep, mac }, { via }) => {
  const entry = (address: string): string =>
    [
      '\n[BridgeFDB]',
      `# ${name}`,
      `MACAddress=${address}`,
      `Destination=${vtep}`,
      ...(via === null ? [] : [`OutgoingInterface=${via}`]),
      '',
    ].join('\n')
  return entry(flood) + entry(mac)
})
