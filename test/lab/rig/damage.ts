import { type Draw, one } from './draw.js'
import { type Host, mesh } from './host.js'
import type { Life } from './life.js'

/** Something that breaks while nobody changes the mesh. */
export interface Damage {
  readonly what: string
  readonly strike: () => void
  /** What undoes it; `null` where it is for apply.sh on the node. */
  readonly mend: (() => void) | null
  readonly host: Host
}

/** Shell on a node, and the shell that undoes it where apply.sh is not to. */
const onNode =
  (what: string, script: string, undo: string | null = null) =>
  (host: Host): Damage => ({
    what: `${host.name}: ${what}`,
    host,
    strike: () => host.machine.sh(script),
    mend: undo === null ? null : () => host.machine.sh(undo),
  })

const own = "bridge=$(ls /run/lab/lxd | grep -v '^br-' | head -n 1)"
const theirs = "route=$(ip -4 route show proto bgp | head -n 1 | cut -d ' ' -f 1)"
const theirs6 = "route=$(ip -6 route show proto bgp | head -n 1 | cut -d ' ' -f 1)"

const kinds: readonly ((host: Host, life: Life) => Damage)[] = [
  (host, { lab }) => ({
    what: `${host.name}: its cable is pulled`,
    host,
    strike: () => lab.internet.cable(host.uplink.site, 'down'),
    mend: () => lab.internet.cable(host.uplink.site, 'up'),
  }),
  onNode(
    'its port is shut',
    `nft -f - <<END
table inet shut { chain in { type filter hook input priority -400; iifname eth0 udp dport 1024-65535 drop; }; }
END`,
    'nft delete table inet shut',
  ),
  onNode(
    'another firewall forwards nothing',
    `nft -f - <<END
table inet other { chain forward { type filter hook forward priority 0; policy drop; }; }
END`,
    'nft delete table inet other',
  ),
  onNode('a peer is taken away', `wg set ${mesh} peer "$(wg show ${mesh} peers | head -n 1)" remove`),
  onNode(
    'a peer has other allowed IPs',
    `wg set ${mesh} peer "$(wg show ${mesh} peers | head -n 1)" allowed-ips 203.0.113.1/32`,
  ),
  onNode('the tunnel is shut', `ip link set ${mesh} down`),
  onNode('the overlay is shut', `ip link set v${mesh} down`),
  onNode('the overlay is deleted', `ip link del v${mesh}`),
  onNode(
    'a forwarding entry is deleted',
    `bridge fdb show dev v${mesh} | sed -n 's/ dst.*//;s/ .*//;/^00:00/!p' | head -n 1 | xargs -I MAC bridge fdb del MAC dev v${mesh}`,
  ),
  onNode('its bridge is shut', `${own}; ip link set "$bridge" down`, `${own}; ip link set "$bridge" up`),
  onNode('a route of BGP is deleted', `${theirs}; ip route del "$route" proto bgp`),
  onNode(
    'another route is in the way',
    `${theirs}; ip route add blackhole "$route" metric 1`,
    'ip route show type blackhole metric 1 | while read -r _ route _; do ip route del blackhole "$route" metric 1; done',
  ),
  onNode(
    'another IPv6 route is in the way',
    `${theirs6}; ip -6 route add blackhole "$route" metric 1`,
    'ip -6 route show metric 1 | sed -n \'s/^blackhole \\([^ ]*\\) .*/\\1/p\' | while read -r route; do ip -6 route del blackhole "$route" metric 1; done',
  ),
  onNode('nothing is forwarded', 'sysctl -qw net.ipv4.ip_forward=0'),
  onNode(
    'IPv6 is off on its bridge',
    `${own}; sysctl -qw "net.ipv6.conf.$bridge.disable_ipv6=1"`,
    `${own}; sysctl -qw "net.ipv6.conf.$bridge.disable_ipv6=0"; lxc network set "$bridge" ipv6.address="$(lxc network get "$bridge" ipv6.address)"`,
  ),
  onNode('the packet filter is gone', 'nft delete table inet ciab'),
  onNode('bgpd dies', 'kill -9 "$(cat /run/frr/bgpd.pid)"'),
  onNode('bgpd hangs', 'kill -STOP "$(cat /run/frr/bgpd.pid)"', 'kill -CONT "$(cat /run/frr/bgpd.pid)"'),
  onNode('zebra dies', 'kill -9 "$(cat /run/frr/zebra.pid)"'),
  onNode('FRR ends', '/usr/lib/frr/frrinit.sh stop'),
  onNode(
    'a network is not announced',
    `asn=$(sed -n 's/^router bgp \\([0-9]*\\)$/\\1/p' /etc/frr/frr.conf)
    line=$(grep -m 1 '^  network ' /etc/frr/frr.conf)
    vtysh -c 'configure terminal' -c "router bgp $asn" -c 'address-family ipv4 unicast' -c "no $line"`,
  ),
  onNode(
    'a neighbor is wrong',
    `ip -4 neigh replace "$(ip -4 route show proto bgp | sed -n '1s/.* via \\([^ ]*\\) .*/\\1/p')" lladdr 02:00:00:00:00:99 dev v${mesh} nud permanent`,
    `ip -4 neigh flush dev v${mesh} nud permanent`,
  ),
  onNode(
    'policy routing is in the way',
    `${theirs}; ip rule add to "$route" pref 10 blackhole`,
    'ip rule del pref 10',
  ),
]

export const drawDamage = (draw: Draw, life: Life): Damage => {
  const host = one(draw, life.lab.hosts)
  return one(draw, kinds)(host, life)
}
