import { managedBridges } from '../managed-bridges/target.js'

const packaged = ['debian-12', 'debian-13']

/** LXD: its bridges, and a preseed for a host where it was never set up. */
export const lxd = managedBridges({
  name: 'lxd',
  title: 'LXD',
  client: 'lxc',
  init: 'lxd init',
  // The second one is the snap's.
  directories: ['/var/lib/lxd/networks', '/var/snap/lxd/common/lxd/networks'],
  source: os => {
    if (os === null || packaged.includes(os)) return 'lxd'
    return [...(os.startsWith('debian') ? ['apt-get install snapd'] : []), 'snap install lxd']
  },
})
