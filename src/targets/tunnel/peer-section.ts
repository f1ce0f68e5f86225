import type { PeerPlan } from '../../model/plan.js'
import type { PresharedKey } from '../../net/index.js'

/** A `[Peer]` section as wg(8) reads it, but for the preshared key, which two nodes share and no third. */
export const peerSection = (peer: PeerPlan): string =>
  [
    '\n[Peer]',
    `# ${peer.name}`,
    `PublicKey = ${peer.publicKey}`,
    `AllowedIPs = ${peer.allowedIps.join(', ')}`,
    ...(peer.endpoint === null ? [] : [`Endpoint = ${peer.endpoint}`]),
    ...(peer.keepalive === null ? [] : [`PersistentKeepalive = ${peer.keepalive}`]),
    '',
  ].join('\n')

/** The last line of the section of a pair that shares a key. */
export const presharedLine = (key: PresharedKey): string => `PresharedKey = ${key.reveal()}\n`
