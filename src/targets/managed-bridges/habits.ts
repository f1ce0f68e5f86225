import type { BridgeHabits } from '../../model/plan.js'
import type { Daemon } from './daemon.js'

/** What both daemons do to bridges by themselves, whatever the files say. */
export const habitsOf = ({ directories }: Daemon): BridgeHabits => ({
  // Keeps the bridge's MTU. Without it nobody is told when the daemon has changed the bridge.
  companion: '-mtu',
  // Taken for a tunnel of the bridge, whenever that is started or changed (`setup` in the daemons' bridge driver).
  sweeps: '-',
  /*
   * A dnsmasq on each bridge that has an address: for DHCP (RFC 2131, RFC 8415), whether leases are wanted or no more
   * than router advertisements, and for names, but not in a VRF. It shares its ports with other dnsmasqs only, and of
   * WireGuard or VXLAN and it the first has them: without its port a tunnel does not come up, nor without dnsmasq the
   * bridge.
   */
  services: [
    { service: 'the name server', port: 53, family: 'ipv4', inVrf: false },
    { service: 'DHCP', port: 67, family: 'ipv4', inVrf: true },
    { service: 'the name server', port: 53, family: 'ipv6', inVrf: false },
    { service: 'DHCPv6', port: 547, family: 'ipv6', inVrf: true },
  ],
  directories,
})
