/**
 * Where a daemon has a directory for each network that it manages, by its target's name. It makes that before the
 * bridge, which it makes anew at boot, and deletes it with the network (`setup` and `delete` in the daemons' bridge
 * driver). LXD's second one is the snap's.
 */
export const networkDirectories: Readonly<Record<string, readonly string[]>> = {
  lxd: ['/var/lib/lxd/networks', '/var/snap/lxd/common/lxd/networks'],
  incus: ['/var/lib/incus/networks'],
}
