import type { ContainerPools, MeshKeys, NodeKeys, TargetKeys } from '../model/spec.js'
import type { AddressFamily, Asn, InterfaceName, Mtu, Port, Prefix } from '../net/index.js'

const pool = (prefix: string) => ({ ipv4: prefix as Prefix, ipv6: null })

/** What a key means that is not written, each with its reason. */
export const defaults = {
  /** The CIAB scripts run `wg-quick up ciabmesh`. */
  name: 'ciabmesh' as InterfaceName,
  /**
   * 10.77 to 10.79, because the rest is usually taken: 172.31/16 by AWS, 172.16/12 by Docker, 10.128/9 by
   * Google, 10.0/16 by Azure and Hetzner, 10.96/12, 10.244/16 and 10.42/15 by Kubernetes, 100.64/10 by
   * carriers. No IPv6: a ULA prefix is drawn at random (RFC 4193), which only `init` can do.
   */
  underlay: pool('10.79.0.0/16'),
  overlay: pool('10.78.0.0/16'),
  containers: { ipv4: { prefix: '10.77.0.0/16' as Prefix, length: 24 }, ipv6: null } as ContainerPools,
  /** The first of the private AS numbers (RFC 6996). */
  asn: 64512 as Asn,
  /** WireGuard's usual port. */
  port: 51820 as Port,
  /** RFC 7348, section 8. */
  'vxlan-port': 4789 as Port,
  /** Ethernet's, which most clouds give between each other. */
  'path-mtu': 1500 as Mtu,
  families: ['ipv4', 'ipv6'] as readonly AddressFamily[],
  'preshared-keys': false,
  /** The shape that the CIAB guide builds. */
  mode: 'vxlan' as const,
  reflectors: 'none' as const,
  /** A third of the usual: BFD sees a dead tunnel first, and this is for where it does not run. */
  timers: { keepalive: 10, hold: 30 },
  /** Down after 3 s of silence: BGP's own hold time alone would take ten times that. */
  bfd: { interval: 1000, multiplier: 3 },
  'graceful-restart': false,
  /** WireGuard knows its peers already. */
  'session-password': false,
} satisfies Partial<MeshKeys>

/** The same for nodes. */
export const nodeDefaults = {
  /** Nobody goes through, but what mesh.ini says. */
  forward: [] as readonly InterfaceName[],
  /** It holds the host's credentials at its cloud. */
  metadata: false,
  /** Whoever goes out by a node does so under its address. */
  exit: false,
} satisfies Partial<NodeKeys>

/** The bridge that a node gets for its containers when it names none. */
export const defaultBridge = 'ciabbr0' as InterfaceName

/** The tools that the CIAB scripts drive: `wg-quick up`, `service frr start`, LXD. */
export const defaultTargets: TargetKeys = {
  firewall: 'guard',
  tunnel: 'wg-quick',
  overlay: 'wg-quick',
  containers: 'lxd',
  evpn: 'iproute2',
  routing: 'frr',
  names: 'none',
  installer: 'apply',
}
