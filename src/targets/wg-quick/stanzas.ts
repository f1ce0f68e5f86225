import type { PeerPlan, TunnelPlan } from '../../model/plan.js'
import { type Chunk, chunk } from '../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../render/stanzas.js'
import { peerSection, presharedLine } from '../tunnel/peer-section.js'
import { flood, remoteWriter } from '../tunnel/remotes.js'

const peerStanzas: Stanzas<PeerPlan, 'peer'> = { peer: peerSection }

/** The `[Peer]` sections of `<mesh>.conf`. */
export const peerChunks = ({ peers, presharedKeys }: TunnelPlan, stanzas: StanzaCache): Chunk[] => {
  if (!presharedKeys) return stanzas.chunks(peerStanzas, peers).peer
  return peers.flatMap((peer, at) => {
    const key = presharedKeys[at]
    if (key === undefined) throw new Error(`the plan has no preshared key for ${peer.name}`)
    const stanza = stanzas.chunks(peerStanzas, [peer]).peer
    return key === null ? stanza : [...stanza, chunk(presharedLine(key))]
  })
}

/**
 * A remote's lines in `<mesh>.fdb`. `via` ties the outer packets to the tunnel: without it they would take
 * the default route, in the clear, while the tunnel's own route is missing.
 */
export const remoteChunks = remoteWriter<{ readonly overlay: string; readonly tunnel: string }>(
  ({ name, vtep, mac }, { overlay, tunnel }) => {
    const place = `dev ${overlay} dst ${vtep} via ${tunnel} self permanent`
    return `fdb append ${flood} ${place} # ${name}\nfdb replace ${mac} ${place}\n`
  },
)
