import { familyOf, type Prefix } from '../../net/index.js'
import { type Chunk, chunk } from '../../render/chunks.js'
import { peerWriter } from '../systemd-networkd/stanzas.js'

/** The `[WireGuardPeer]` sections of `10-<mesh>.netdev`. */
export const peerChunks = peerWriter((peer, presharedKeyFile) =>
  [
    '\n[WireGuardPeer]',
    `# ${peer.name}`,
    `PublicKey=${peer.publicKey}`,
    ...(presharedKeyFile === null ? [] : [`PresharedKeyFile=${presharedKeyFile}`]),
    `AllowedIPs=${peer.allowedIps.join(',')}`,
    ...(peer.endpoint === null ? [] : [`Endpoint=${peer.endpoint}`]),
    ...(peer.keepalive === null ? [] : [`PersistentKeepalive=${peer.keepalive}`]),
    '',
  ].join('\n'),
)

/** A `[Route]` section for each prefix. Up to systemd 245 an IPv4 route's scope is global if it is not said. */
export const routeChunks = (prefixes: readonly Prefix[]): Chunk[] =>
  prefixes.map(prefix =>
    chunk(`\n[Route]\nDestination=${prefix}\n${familyOf(prefix) === 'ipv4' ? 'Scope=link\n' : ''}`),
  )
