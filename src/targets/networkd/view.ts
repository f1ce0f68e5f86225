import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import type { View } from '../../render/template.js'
import { privateKeyPath } from '../linux-links/key-files.js'
import { overlayMadeBy } from '../linux-links/overlay-of.js'

/** The VXLAN device, where it is networkd's to make. */
export const overlayIn = overlayMadeBy('networkd')

/** What `10-<mesh>.netdev` needs to know, but for its peers. */
export const tunnelView = ({ name, mtu, tunnel }: NodePlan): View => ({
  node: name,
  path: mtu.path,
  tunnelOverhead: mtu.tunnelOverhead,
  outer: mtu.tunnelOverhead === 60 ? 'IPv4' : 'IPv6',
  tunnelMtu: mtu.tunnel,
  tunnel: tunnel.interface,
  keyFile: `/${privateKeyPath(tunnel)}`,
  listenPort: tunnel.listenPort,
  fwmark: tunnel.fwmark === null ? null : `0x${tunnel.fwmark.toString(16)}`,
})

/** What `10-<mesh>.network` needs to know, but for its routes. */
export const tunnelNetworkView = (node: NodePlan): View => ({
  node: node.name,
  tunnel: node.tunnel.interface,
  addresses: node.tunnel.addresses,
  overlay: overlayIn(node)?.interface ?? null,
})

/** What `11-<overlay>.netdev` needs to know. */
export const overlayView = ({ name, mtu }: NodePlan, overlay: OverlayPlan): View => ({
  node: name,
  tunnelMtu: mtu.tunnel,
  overhead: mtu.overlayOverhead,
  mtu: mtu.overlay,
  interface: overlay.interface,
  mac: overlay.mac,
  vni: overlay.vni,
  local: overlay.local,
  port: overlay.port,
})

/** What `11-<overlay>.network` needs to know, but for its routes and remotes. */
export const overlayNetworkView = ({ name }: NodePlan, overlay: OverlayPlan): View => ({
  node: name,
  interface: overlay.interface,
  addresses: overlay.addresses,
})
