import type { PeerPlan, TunnelPlan } from '../../model/plan.js'
import type { Chunk } from '../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../render/stanzas.js'
import { items, scalar } from '../../render/yaml.js'
import { presharedKeyPath } from '../linux-links/key-files.js'
import { flood, remoteWriter } from '../linux-links/remotes.js'

/** A peer's item in the list `peers`: with a preshared key or without. */
const peerText = (peer: PeerPlan, shared: boolean): string =>
  [
    `        # ${peer.name}`,
    '        - keys:',
    `            public: ${scalar(peer.publicKey)}`,
    ...(shared ? [`            shared: ${scalar(`/${presharedKeyPath(peer.name)}`)}`] : []),
    `          allowed-ips: [${items(peer.allowedIps)}]`,
    ...(peer.endpoint === null ? [] : [`          endpoint: ${scalar(peer.endpoint)}`]),
    ...(peer.keepalive === null ? [] : [`          keepalive: ${peer.keepalive}`]),
    '',
  ].join('\n')

const peerStanzas: Stanzas<PeerPlan, 'plain' | 'shared'> = {
  plain: peer => peerText(peer, false),
  shared: peer => peerText(peer, true),
}

/** The items of `peers`. The key that a pair shares is in a file, whose name is the same on all nodes. */
export const peerChunks = ({ peers, presharedKeys }: TunnelPlan, stanzas: StanzaCache): Chunk[] => {
  if (!presharedKeys) return stanzas.chunks(peerStanzas, peers).plain
  if (presharedKeys.every(key => key !== null)) return stanzas.chunks(peerStanzas, peers).shared
  return peers.flatMap((peer, at) => {
    const { plain, shared } = stanzas.chunks(peerStanzas, [peer])
    return presharedKeys[at] ? shared : plain
  })
}

/**
 * A remote's sections of the drop-in for the VXLAN device. `OutgoingInterface` ties the outer packets to the
 * tunnel: without it they would take the default route, in the clear, while the tunnel's own route is missing.
 */
export const remoteChunks = remoteWriter<{ readonly tunnel: string }>(({ name, vtep, mac }, { tunnel }) =>
  [flood, mac]
    .map((address, at) =>
      [
        '',
        ...(at === 0 ? [`# ${name}`] : []),
        '[BridgeFDB]',
        `MACAddress=${address}`,
        `Destination=${vtep}`,
        `OutgoingInterface=${tunnel}`,
        '',
      ].join('\n'),
    )
    .join(''),
)
