import type { MtuPlan } from '../model/plan.js'
import type { Mode } from '../model/spec.js'
import type { AddressFamily, Mtu } from '../net/index.js'

/** WireGuard's data header: type, receiver, counter and tag, 32 bytes, in UDP (8) in IPv4 (20) or IPv6 (40). */
const wireguardOverhead = { ipv4: 60, ipv6: 80 }

/** VXLAN's header (8) and the inner Ethernet header (14) in UDP (8) in IPv4 (20): RFC 7348, section 5. */
const vxlanOverhead = 50

/** The MTUs, in bytes, of a mesh whose smallest path between two nodes carries `path`. */
export const planMtu = (path: Mtu, families: readonly AddressFamily[], mode: Mode): MtuPlan => {
  const tunnelOverhead = families.includes('ipv6') ? wireguardOverhead.ipv6 : wireguardOverhead.ipv4
  const tunnel = (path - tunnelOverhead) as Mtu
  const overlayOverhead = mode === 'vxlan' ? vxlanOverhead : 0
  return {
    path,
    tunnelOverhead,
    tunnel,
    overlayOverhead,
    overlay: (tunnel - overlayOverhead) as Mtu,
    vxlan: (tunnel - vxlanOverhead) as Mtu,
  }
}
