import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import type { View } from '../../render/template.js'
import { privateKeyPath } from '../systemd-networkd/key-files.js'
import { overlayMadeBy } from '../tunnel/overlay-of.js'
import { overlayView, tunnelView } from '../tunnel/views.js'

/** The VXLAN device, where it is networkd's to make. */
export const overlayIn = overlayMadeBy('networkd')

/** What `10-<mesh>.netdev` needs to know, but for its peers. */
export const netdevView = (node: NodePlan): View => {
  const { tunnel } = node
  return {
    ...tunnelView(node),
    tunnel: tunnel.interface,
    keyFile: `/${privateKeyPath(tunnel)}`,
    fwmark: tunnel.fwmark === null ? null : `0x${tunnel.fwmark.toString(16)}`,
  }
}

/** What `10-<mesh>.network` needs to know, but for its routes. */
export const networkView = (node: NodePlan): View => ({
  node: node.name,
  tunnel: node.tunnel.interface,
  addresses: node.tunnel.addresses,
  overlay: overlayIn(node)?.interface ?? null,
})

/** What `11-<overlay>.netdev` needs to know. */
export const overlayNetdevView = (node: NodePlan, overlay: OverlayPlan): View => ({
  node: node.name,
  ...overlayView(node, overlay),
})

/** What `11-<overlay>.network` needs to know, but for its routes and remotes. */
export const overlayNetworkView = ({ name }: NodePlan, overlay: OverlayPlan): View => ({
  node: name,
  interface: overlay.interface,
  addresses: overlay.addresses,
})
