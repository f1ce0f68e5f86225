import { addressPart, hostPrefix } from '../../net/index.js'
import type { FoundMesh, FoundNode } from '../found.js'

/**
 * The node that a peer is a client of, by its name in the files, or `null` where the peer is a node: one that has no file and
 * no endpoint, that a single file knows, and of which that accepts its own address alone.
 */
export const carrierIn = (found: FoundMesh, node: FoundNode): string | null => {
  const views = found.views.filter(({ to }) => to === node.name)
  const [view] = views
  if (node.given || view === undefined || views.length > 1 || (node.endpoints ?? []).length > 0) return null
  const hosts = node.underlay.map(address => hostPrefix(addressPart(address)))
  const alone = view.allowedIps.length > 0 && view.allowedIps.every(prefix => hosts.includes(prefix))
  return alone && view.endpoint === null && view.proxy === null ? view.from : null
}
