import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import type { View } from '../../render/template.js'
import { items, scalar } from '../../render/yaml.js'
import { privateKeyPath } from '../systemd-networkd/key-files.js'
import { overlayMadeBy } from '../tunnel/overlay-of.js'
import { overlayView, tunnelView } from '../tunnel/views.js'

/** The VXLAN device, where netplan makes it. */
export const overlayIn = overlayMadeBy('netplan')

/** In `etc/systemd/network`: beside what netplan calls the device's file. */
export const dropInOf = (mesh: string, overlay: OverlayPlan): string =>
  `10-netplan-${overlay.interface}.network.d/50-${mesh}.conf`

/** What `60-<mesh>.yaml` needs to know, but for its peers. */
export const yamlView = (node: NodePlan): View => {
  const { tunnel } = node
  const overlay = overlayIn(node)
  return {
    ...tunnelView(node),
    interface: scalar(tunnel.interface),
    keyFile: scalar(`/${privateKeyPath(tunnel)}`),
    fwmark: tunnel.fwmark,
    addresses: items(tunnel.addresses),
    routed: tunnel.routes.length > 0,
    routes: tunnel.routes.map(scalar),
    overlay: overlay && vxlanView(node, overlay),
  }
}

const vxlanView = (node: NodePlan, overlay: OverlayPlan): View => ({
  ...overlayView(node, overlay),
  name: overlay.interface,
  dropIn: dropInOf(node.mesh, overlay),
  interface: scalar(overlay.interface),
  tunnel: scalar(node.tunnel.interface),
  local: scalar(overlay.local),
  mac: scalar(overlay.mac),
  addresses: items(overlay.addresses),
  routed: overlay.routes.length > 0,
  routes: overlay.routes.map(scalar),
})
