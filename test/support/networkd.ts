import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What {@link complaintsOfNetworkd} takes: `judged(networkdJudge, …)`. */
export const networkdJudge = ['root', 'unshare', 'ip', 'mount', 'chroot', 'networkctl']

/**
 * Everything in namespaces that go with it: an /etc of its own with the tree's files in it, /sys read-only, as
 * where containers run (networkd then waits for no udev), and no network but its own.
 */
const script = `
set -eu
tree=$1 etc=$2
for file in passwd group nsswitch.conf ld.so.cache; do [ ! -e /etc/$file ] || cp /etc/$file "$etc"; done
echo 0123456789abcdef0123456789abcdef >"$etc/machine-id"
mkdir -p "$etc/systemd/network"
[ ! -d "$tree/etc" ] || cp -r "$tree/etc/." "$etc"
chown -R root:systemd-network "$etc"
chmod -R u+rwX,g+rX,o-w "$etc"
chmod 755 "$etc"
[ ! -d "$etc/ciab/keys" ] || chmod -R o-rwx "$etc/ciab/keys"
mount --bind "$etc" /etc
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
[ ! -d "$tree/run/systemd/network" ] || cp -r "$tree/run/systemd/network/." /run/systemd/network
chown -R systemd-network:systemd-network /run/systemd/netif
mount -t sysfs -o ro sysfs /sys
ip link set lo up
networkd=/usr/lib/systemd/systemd-networkd
[ -e $networkd ] || networkd=/lib/systemd/systemd-networkd
SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_COLOR=0 $networkd >/run/log 2>&1 &
tries=0
while [ $tries -lt 300 ] && ! grep -q 'Enumeration completed' /run/log; do
  kill -0 $! 2>/dev/null || break
  tries=$((tries + 1))
  sleep 0.05
done
sleep 0.3
kill $! 2>/dev/null || :
wait $! 2>/dev/null || :
cat /run/log
`

/** All that networkd says of a node's tree, from its start until it has read the files and tried to make the devices. */
const logOf = (tree: string): string[] => {
  const etc = mkdtempSync(join(tmpdir(), 'ciab-networkd-'))
  try {
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['--mount', '--net', '--propagation', 'private', 'sh', '-c', script, '-', tree, etc],
      { encoding: 'utf8', timeout: 60_000, env: { ...process.env, LC_ALL: 'C' } },
    )
    if (!stdout.includes('Enumeration completed'))
      throw new Error(`networkd did not start: ${stdout}${stderr}`)
    return stdout.split('\n')
  } finally {
    rmSync(etc, { recursive: true })
  }
}

/**
 * What the real systemd-networkd has to say against the files in a node's tree: `etc/systemd/network`,
 * `run/systemd/network` and the key files in `etc/ciab/keys`. A kernel without WireGuard is not their fault.
 */
export const complaintsOfNetworkd = (tree: string): string[] =>
  logOf(tree).filter(line => complaints.some(complaint => complaint.test(line)) && !beside.test(line))

const complaints = [
  // `FILE:LINE: Unknown key …`, `FILE: …`
  /^\/(etc|run)\/systemd\/network(d\.conf\.d)?\//,
  /Failed to (read|parse|load)[^:]*key|Dropping network device|world.?readable/i,
  /^[\w.-]+: (Failed|Could not|Invalid|netdev could not)/i,
]

const beside = /^(lo|rtnl): |Operation not supported$/
