import type { RemotePlan } from '../../model/plan.js'
import type { Chunk } from '../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../render/stanzas.js'

/** The address of the entries that say where to flood. */
export const flood = '00:00:00:00:00:00'

/** The interfaces that a target's text about a remote names. */
type Place = Readonly<Record<string, string | null>>

/**
 * What a target writes about the other nodes on the overlay: the same for all nodes whose interfaces have the
 * same names. A cache tells stanzas apart by identity, so the same names get the same object.
 */
export const remoteWriter = <At extends Place>(
  write: (remote: RemotePlan, at: At) => string,
): ((remotes: readonly RemotePlan[], at: At, cache: StanzaCache) => Chunk[]) => {
  const known = new Map<string, Stanzas<RemotePlan, 'remote'>>()
  return (remotes, at, cache) => {
    const key = JSON.stringify(at)
    const stanzas = known.get(key) ?? { remote: (remote: RemotePlan) => write(remote, at) }
    known.set(key, stanzas)
    return cache.chunks(stanzas, remotes).remote
  }
}
