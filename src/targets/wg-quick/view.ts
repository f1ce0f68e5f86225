import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import type { View } from '../../render/template.js'
import { overlayMadeBy } from '../tunnel/overlay-of.js'
import { overlayView, tunnelView } from '../tunnel/views.js'

/** The VXLAN device, where it is wg-quick's to make. */
export const overlayIn = overlayMadeBy('wg-quick')

/** Where the private key lies on a node that keeps its own. */
export const keyFileOf = ({ tunnel }: NodePlan): string => `/etc/wireguard/${tunnel.interface}.key`

/** What `<mesh>.conf` needs to know, but for its peers. */
export const configView = (node: NodePlan): View => {
  const { tunnel, firewall } = node
  const overlay = overlayIn(node)
  const hooks = ownHooks(node)
  return {
    ...tunnelView(node),
    privateKey: tunnel.privateKey?.reveal() ?? null,
    keyFile: tunnel.privateKey
      ? null
      : {
          path: keyFileOf(node),
          reload: node.targets.installer === 'none' ? "as this node's notes say" : 'with apply.sh',
        },
    fwmark: tunnel.fwmark === null ? null : `0x${tunnel.fwmark.toString(16)}`,
    addresses: tunnel.addresses.join(', '),
    guarded: firewall.guarded,
    routed: tunnel.routes.length > 0,
    routes: tunnel.routes,
    overlay: overlay && vxlanView(node, overlay),
    hooked: hooks.length > 0,
    hooks,
  }
}

const vxlanView = (node: NodePlan, overlay: OverlayPlan): View => ({
  ...overlayView(node, overlay),
  mesh: node.mesh,
  addresses: overlay.addresses.map(address => ({
    address,
    interface: overlay.interface,
    // Nobody else has it, and duplicate address detection would keep it unusable for a second.
    option: address.includes(':') ? ' nodad' : '',
  })),
  routes: overlay.routes.map(prefix => ({ prefix, interface: overlay.interface })),
})

/** The operator's hooks. They find the tunnel whole: after ours on the way up, before ours on the way down. */
const ownHooks = ({ tunnel: { hooks } }: NodePlan): View[] => [
  ...hooks.preUp.map(command => ({ key: 'PreUp', command })),
  ...hooks.postUp.map(command => ({ key: 'PostUp', command })),
  ...hooks.preDown.map(command => ({ key: 'PreDown', command })),
  ...hooks.postDown.map(command => ({ key: 'PostDown', command })),
]
