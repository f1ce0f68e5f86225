import type { NodePlan } from '../../model/plan.js'
import type { Ability, Unsupported } from '../../render/target.js'
import { networkdLimits } from '../systemd-networkd/limits.js'
import { overlayMadeBy } from '../tunnel/overlay-of.js'

const overlayIn = overlayMadeBy('networkd')

/** What networkd, or the node's release of it, cannot express. */
export const ability: Ability = {
  name: 'networkd',
  concerns: ['tunnel', 'overlay'],
  supports: node => [...networkdLimits('networkd', node, overlayIn(node)), ...ties(node)],
}

/** `OutgoingInterface=` of `[BridgeFDB]` came with systemd 249 (systemd.network(5)). */
export const tiesEntries = ({ release }: NodePlan): boolean => release === null || release.systemd >= 249

/** Without it, only the packet filter keeps the overlay's packets off the uplink while the tunnel is down. */
const ties = (node: NodePlan): Unsupported[] => {
  const { release, firewall } = node
  if (!release || !overlayIn(node) || tiesEntries(node) || firewall.guarded) return []
  const fact = `systemd ${release.systemd} of ${release.os} cannot tie forwarding entries to the tunnel, which came with 249: while the tunnel is down they would lead out in the clear, unless the guard is the node's firewall`
  return [{ path: 'overlay.remotes', fact }]
}
