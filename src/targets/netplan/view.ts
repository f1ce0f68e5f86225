import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import type { View } from '../../render/template.js'
import { items, scalar } from '../../render/yaml.js'
import { privateKeyPath } from '../linux-links/key-files.js'
import { overlayMadeBy } from '../linux-links/overlay-of.js'

/** The VXLAN device, where netplan makes it. */
export const overlayIn = overlayMadeBy('netplan')

/** In `etc/systemd/network`: beside what netplan calls the device's file. */
export const dropInOf = (mesh: string, overlay: OverlayPlan): string =>
  `10-netplan-${overlay.interface}.network.d/50-${mesh}.conf`

/** What `60-<mesh>.yaml` needs to know, but for its peers. */
export const yamlView = (node: NodePlan): View => {
  const { tunnel, mtu } = node
  const overlay = overlayIn(node)
  return {
    node: node.name,
    path: mtu.path,
    tunnelOverhead: mtu.tunnelOverhead,
    outer: mtu.tunnelOverhead === 60 ? 'IPv4' : 'IPv6',
    tunnelMtu: mtu.tunnel,
    interface: scalar(tunnel.interface),
    keyFile: scalar(`/${privateKeyPath(tunnel)}`),
    listenPort: tunnel.listenPort,
    fwmark: tunnel.fwmark,
    addresses: items(tunnel.addresses),
    routed: tunnel.routes.length > 0,
    routes: tunnel.routes.map(scalar),
    overlay: overlay && overlayView(node, overlay),
  }
}

const overlayView = ({ mesh, mtu, tunnel }: NodePlan, overlay: OverlayPlan): View => ({
  tunnelMtu: mtu.tunnel,
  overhead: mtu.overlayOverhead,
  mtu: mtu.overlay,
  name: overlay.interface,
  dropIn: dropInOf(mesh, overlay),
  interface: scalar(overlay.interface),
  tunnel: scalar(tunnel.interface),
  vni: overlay.vni,
  local: scalar(overlay.local),
  port: overlay.port,
  mac: scalar(overlay.mac),
  addresses: items(overlay.addresses),
  routed: overlay.routes.length > 0,
  routes: overlay.routes.map(scalar),
})
