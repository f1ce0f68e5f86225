import type { PeerPlan, TunnelPlan } from '../../model/plan.js'
import type { Chunk } from '../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../render/stanzas.js'
import { flood, remoteWriter } from '../tunnel/remotes.js'
import { presharedKeyPath } from './key-files.js'

/**
 * Writes the peers of a tunnel, each with a preshared key or without: the key is in a file, whose name is the same on
 * all nodes.
 */
export const peerWriter = (
  write: (peer: PeerPlan, presharedKeyFile: string | null) => string,
): ((tunnel: TunnelPlan, cache: StanzaCache) => Chunk[]) => {
  const stanzas: Stanzas<PeerPlan, 'plain' | 'shared'> = {
    plain: peer => write(peer, null),
    shared: peer => write(peer, `/${presharedKeyPath(peer.name)}`),
  }
  return ({ peers, presharedKeys }, cache) => {
    if (!presharedKeys) return cache.chunks(stanzas, peers).plain
    if (presharedKeys.every(key => key !== null)) return cache.chunks(stanzas, peers).shared
    return peers.flatMap((peer, at) => {
      const { plain, shared } = cache.chunks(stanzas, [peer])
      return presharedKeys[at] ? shared : plain
    })
  }
}

/**
 * A remote's `[BridgeFDB]` sections of the VXLAN device's `.network` file. `via` ties the outer packets to the tunnel:
 * without it they would take the default route, in the clear, while the tunnel's own route is missing.
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
