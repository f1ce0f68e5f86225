import type { NodePlan } from '../../model/plan.js'
import { isOlder } from '../../net/index.js'
import type { Ability, Unsupported } from '../../render/target.js'
import { networkdLimits } from '../systemd-networkd/limits.js'
import { overlayMadeBy } from '../tunnel/overlay-of.js'

const overlayIn = overlayMadeBy('netplan')

/** What netplan, networkd behind it, or the node's release of it, cannot express. */
export const ability: Ability = {
  name: 'netplan',
  concerns: ['tunnel', 'overlay'],
  supports: node => [
    ...networkdLimits('netplan', node, overlayIn(node)),
    ...words(node),
    ...loneliness(node),
    ...releases(node),
  ],
}

const words = ({ tunnel }: NodePlan): Unsupported[] =>
  tunnel.interface === 'renderer'
    ? [{ path: 'tunnel.interface', fact: '"renderer" is a word of netplan\'s own, not an interface' }]
    : []

/** Releases before 1.0 refuse the whole file, and with it the host's whole network. */
const loneliness = ({ tunnel }: NodePlan): Unsupported[] =>
  tunnel.peers.length === 0
    ? [{ path: 'tunnel.peers', fact: 'netplan wants at least one peer, and this node has none' }]
    : []

/** WireGuard came with 0.100, which every release that mesh.ini can name has; of the overlay's keys `mode: vxlan` is the last. */
const releases = (node: NodePlan): Unsupported[] => {
  const { release } = node
  if (!release || !overlayIn(node) || !isOlder(release.netplan, '0.105')) return []
  const fact = `netplan ${release.netplan} of ${release.os} has no VXLAN, which came with 0.105: write networkd for tunnel and overlay`
  return [{ path: 'overlay', fact }]
}
