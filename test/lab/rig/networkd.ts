import { type Host, mesh } from './host.js'
import type { Namespace } from './namespace.js'
import { run } from './shell.js'

/** Why the lab cannot run networkd here, or `null`. */
export const reasonToSkipNetworkd = (): string | null => {
  if (run(['test', '-x', '/lib/systemd/systemd-networkd']).status === 0) return null
  if (process.env.CI) throw new Error('systemd-networkd is not installed')
  return 'systemd-networkd is not installed'
}

/**
 * What is asked of systemd about networkd, and no more. The kernel has no WireGuard here, so wireguard-go makes
 * the interface, as a TUN device. networkd refuses to take that for what the .netdev says, so it does not get to
 * see this file; all the others are the real networkd's.
 */
const systemctl = `#!/bin/sh
alive() { [ -e /run/lab/networkd.pid ] && kill -0 "$(cat /run/lab/networkd.pid)" 2>/dev/null; }
case "$*" in
  'restart systemd-networkd')
    if alive; then
      kill "$(cat /run/lab/networkd.pid)"
      while alive; do sleep 0.05; done
    fi
    ip link show dev ${mesh} >/dev/null 2>&1 || wireguard-go ${mesh} >/dev/null 2>&1 || exit 1
    setsid unshare --mount sh -c '
      mount --bind /dev/null /etc/systemd/network/10-${mesh}.netdev
      echo $$ >/run/lab/networkd.pid
      SYSTEMD_LOG_TARGET=console exec /lib/systemd/systemd-networkd' </dev/null >>/run/lab/networkd.log 2>&1 &
    while ! alive; do sleep 0.05; done
    ;;
  'is-active --quiet systemd-networkd') alive ;;
  *) exec /usr/bin/systemctl "$@" ;;
esac
`

/** networkctl asks over D-Bus, which is not there; networkd's own notes say the same. */
const networkctl = `#!/bin/sh
state=$(sed -n 's/^ADMIN_STATE=//p' "/run/systemd/netif/links/$(cat "/sys/class/net/$3/ifindex")")
echo "1 $3 ether routable $state"
`

/** Makes a host one that networkd is on. */
export const installNetworkd = ({ machine }: Host): void => {
  // With /sys read-only networkd waits for no udev, as in a container.
  machine.sh(`mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
    chown -R systemd-network:systemd-network /run/systemd/netif
    mount -o remount,ro /sys`)
  write(machine, 'systemctl', systemctl)
  write(machine, 'networkctl', networkctl)
}

const write = (machine: Namespace, name: string, text: string): void => {
  machine.must(['sh', '-c', 'cat >"$1" && chmod 755 "$1"', 'sh', `/usr/local/bin/${name}`], { input: text })
}

export const restartNetworkd = ({ machine }: Host): void => {
  machine.must(['systemctl', 'restart', 'systemd-networkd'])
}
