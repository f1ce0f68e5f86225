import { afterAll, beforeEach, describe, expect } from 'vitest'
import { networkd } from '../../src/targets/networkd/index.js'
import { judged } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

const host = new Host(networkd)
afterAll(() => host.remove())

beforeEach(() => {
  host.reset()
  host.lay(
    meshText(
      [
        'vni = 7281461',
        'underlay = 10.79.0.0/16, fd79::/64',
        'overlay = 10.78.0.0/16, fd78::/64',
        '[targets]',
        ...['firewall', 'containers', 'routing'].map(concern => `${concern} = none`),
        'tunnel = networkd',
      ],
      ['hostname = n1'],
      ['hostname = n2'],
    ),
  )
})

/**
 * The real networkd, each time until it is done with the VXLAN device. It is not told of the tunnel, which it would
 * want to be WireGuard of the kernel.
 */
const story = `
mount -t sysfs -o ro sysfs /sys && chmod 755 /run /etc
mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
chown -R systemd-network:systemd-network /run/systemd/netif && echo 0123456789abcdef0123456789abcdef >/etc/machine-id
ip link set lo up && wireguard-go ciabmesh >/dev/null 2>&1
networkd() {
  : >/run/log
  unshare --mount sh -c "mount --bind /dev/null /etc/systemd/network/10-ciabmesh.netdev
    SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_COLOR=0 exec /lib/systemd/systemd-networkd" \\
    >>/run/log 2>&1 &
  tries=0
  until grep -q "vciabmesh: State changed: configuring -> " /run/log; do
    tries=$((tries + 1)); [ $tries -lt 200 ] || break; sleep 0.1
  done
  kill $!; wait $! 2>/dev/null
  sed -n "s/^vciabmesh: State changed: configuring -> //p" /run/log
}
addresses() { ip -o address show dev vciabmesh scope global | sed "s/.* inet6* \\(.*\\) scope global.*/\\1/"; }
echo "== made"; networkd; addresses
ip address del 10.78.0.1/16 dev vciabmesh && ip address del fd78::1/64 dev vciabmesh
echo "== applied"; sh /etc/ciab/apply.sh | grep -v permissions; addresses
ip route add 10.77.2.0/24 via 10.78.0.2 dev vciabmesh proto bgp
ip -6 route add fd77:2::/64 via fd78::2 dev vciabmesh proto bgp
echo "== made again"; networkd; addresses
ip route show proto bgp; ip -6 route show proto bgp
echo "== applied again"; sh /etc/ciab/apply.sh
`

describe('systemd-networkd, started anew', () => {
  judged(
    [...hostTools, 'wg', 'wireguard-go', 'ip', 'bridge', 'networkctl', '/lib/systemd/systemd-networkd'],
    'takes the addresses that apply.sh has added for its own, and leaves the routing daemon its routes',
    () => {
      const addresses = '10.78.0.1/16 brd 10.78.255.255\nfd78::1/64\n'
      const { output } = host.run(`unshare --pid --fork --kill-child --mount-proc sh -c '${story}'`)
      expect(output.split(/^== .*\n/m)).toEqual([
        '',
        `configured\n${addresses}`,
        expect.stringContaining(`\nchange vciabmesh: add 10.78.0.1/16, add fd78::1/64\n`),
        expect.stringMatching(
          `^configured\n${addresses}10.77.2.0/24 via 10.78.0.2 .*\nfd77:2::/64 via fd78::2 .*\n`,
        ),
        'nothing changed\n',
      ])
    },
  )
})
