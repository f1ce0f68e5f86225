import { abilityOf } from '../managed-bridges/ability.js'
import type { Daemon } from '../managed-bridges/daemon.js'

const packaged = ['debian-12', 'debian-13']

export const daemon: Daemon = {
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
}

export const ability = abilityOf(daemon)
