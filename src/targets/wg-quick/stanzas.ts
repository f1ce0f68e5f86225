import type { PeerPlan, RemotePlan, TunnelPlan } from '../../model/plan.js'
import { type Chunk, chunk } from '../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../render/stanzas.js'
import { peerSection, presharedLine } from '../linux-links/peer-section.js'

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

const flood = '00:00:00:00:00:00'

/**
 * A remote's lines in `<mesh>.fdb`. `via` ties the outer packets to the tunnel: without it they would take
 * the default route, in the clear, while the tunnel's own route is missing.
 */
const remoteStanzas = (overlay: string, tunnel: string): Stanzas<RemotePlan, 'remote'> => ({
  remote: ({ name, vtep, mac }) => {
    const place = `dev ${overlay} dst ${vtep} via ${tunnel} self permanent`
    return `# ${name}\nfdb append ${flood} ${place}\nfdb replace ${mac} ${place}\n`
  },
})

/** The same object for the same two interfaces: a cache tells stanzas apart by identity. */
const remoteStanzasOf = (() => {
  const known = new Map<string, Stanzas<RemotePlan, 'remote'>>()
  return (overlay: string, tunnel: string): Stanzas<RemotePlan, 'remote'> => {
    const key = `${overlay} ${tunnel}`
    const stanzas = known.get(key) ?? remoteStanzas(overlay, tunnel)
    known.set(key, stanzas)
    return stanzas
  }
})()

/** The lines of `<mesh>.fdb`. */
export const remoteChunks = (
  remotes: readonly RemotePlan[],
  overlay: string,
  tunnel: string,
  stanzas: StanzaCache,
): Chunk[] => stanzas.chunks(remoteStanzasOf(overlay, tunnel), remotes).remote
