import type { NodePlan, OverlayPlan } from '../../model/plan.js'

/** What every tool's file about a tunnel begins with. */
export const tunnelView = ({ name, mtu, tunnel }: NodePlan) => ({
  node: name,
  path: mtu.path,
  tunnelOverhead: mtu.tunnelOverhead,
  outer: mtu.tunnelOverhead === 60 ? 'IPv4' : 'IPv6',
  tunnelMtu: mtu.tunnel,
  listenPort: tunnel.listenPort,
})

/** What every tool is told of a VXLAN device. */
export const overlayView = ({ mtu }: NodePlan, { interface: name, mac, vni, local, port }: OverlayPlan) => ({
  tunnelMtu: mtu.tunnel,
  overhead: mtu.overlayOverhead,
  mtu: mtu.overlay,
  interface: name,
  mac,
  vni,
  local,
  port,
})
