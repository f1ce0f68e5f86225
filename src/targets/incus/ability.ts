import { abilityOf } from '../managed-bridges/ability.js'
import type { Daemon } from '../managed-bridges/daemon.js'

const packaged = ['debian-13', 'ubuntu-24.04']

export const daemon: Daemon = {
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
}

export const ability = abilityOf(daemon)
