import addresses from '../../apply/links/addresses.sh'
import apply from '../../apply/links/apply.sh'
import endpoints from '../../apply/links/endpoints.sh'
import facts from '../../apply/links/facts.sh'
import moving from '../../apply/links/moving.sh'
import networkd from '../../apply/links/networkd.sh'
import overlay from '../../apply/links/overlay.sh'
import remove from '../../apply/links/remove.sh'
import staged from '../../apply/links/staged.sh'
import status from '../../apply/links/status.sh'
import sync from '../../apply/links/sync.sh'
import told from '../../apply/links/told.sh'
import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import { dialsNames } from './moving-names.js'

/** What changes a tunnel and its VXLAN device by difference, for the one target of a node that has both. */
export const links: readonly string[] = [
  apply,
  facts,
  endpoints,
  sync,
  addresses,
  overlay,
  staged,
  moving,
  status,
  told,
  remove,
]

/** The same where systemd-networkd makes them. */
export const networkdLinks: readonly string[] = [...links, networkd]

/**
 * What {@link links} have to know; `overlay` is the VXLAN device, where it is the target's to make, and
 * `keyFile` holds the node's own key, where the tunnel's file does not.
 */
export const linkVariables = (
  node: NodePlan,
  overlay: OverlayPlan | null,
  keyFile: string,
): Record<string, string> => ({
  link_mtu: String(node.mtu.tunnel),
  // A peer is about to have another key.
  link_staged: node.tunnel.nextPeers ? 'yes' : '',
  // A peer is dialled by a name.
  link_moving: dialsNames(node) ? 'yes' : '',
  link_key_file: keyFile,
  // Peers that come and go as they like.
  link_clients: node.tunnel.clients?.join(' ') ?? '',
  link_tunnel_addresses: node.tunnel.addresses.join(' '),
  link_overlay: overlay?.interface ?? '',
  // The mesh has no VXLAN device at all, on any node.
  link_bare: node.overlay === null ? 'yes' : '',
  link_overlay_mtu: String(node.mtu.overlay),
  link_overlay_addresses: overlay?.addresses.join(' ') ?? '',
  link_overlay_vni: String(overlay?.vni ?? ''),
  link_overlay_mac: overlay?.mac ?? '',
  link_overlay_local: overlay?.local ?? '',
  link_overlay_port: String(overlay?.port ?? ''),
})
