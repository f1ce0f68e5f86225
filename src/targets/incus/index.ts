import { managedBridges } from '../managed-bridges/target.js'

const packaged = ['debian-13', 'ubuntu-24.04']

/** Incus: the same as LXD under other names. */
export const incus = managedBridges({
  name: 'incus',
  title: 'Incus',
  client: 'incus',
  init: 'incus admin init',
  directories: ['/var/lib/incus/networks'],
  source: os => {
    if (os === null || packaged.includes(os)) return 'incus'
    return os === 'debian-12'
      ? ['apt-get install -t bookworm-backports incus']
      : [`# ${os} has no package of it: add the package source of whoever builds it`, 'apt-get install incus']
  },
})
