import type { NodePlan } from '../../model/plan.js'
import type { Notes, Step, Update } from '../../render/notes.js'
import { foreignRoutesFiles } from '../linux-links/foreign-routes.js'
import { keyDeletes, keyOwners, privateKeyPath } from '../linux-links/key-files.js'
import { nextKeyUpdates } from '../linux-links/next-keys.js'
import { settingFiles } from '../linux-links/settings.js'
import { overlayIn } from './view.js'

/** What systemd starts at boot. */
export const units: readonly string[] = ['systemd-networkd.service']

/** What the operator does with networkd's files. */
export const notes = (node: NodePlan): Notes => ({
  packages: ['wireguard-tools', 'iproute2'],
  owners: keyOwners,
  first: node.tunnel.privateKey ? [] : [ownKey(node)],
  boot: [
    {
      what: 'Where something else than networkd brings up the uplink, have no boot wait for networkd to do it',
      commands: ['systemctl disable systemd-networkd-wait-online.service'],
    },
  ],
  updates: [
    ...inPlace(node),
    { path: 'etc/ciab/keys/*', command: 'wg set, for the keys that differ', interrupts: otherKey },
    ...foreignRoutesFiles(node).map(({ path }) => ({
      path,
      command: 'nothing: networkd reads it when it starts',
      interrupts: 'nothing',
    })),
    ...settingFiles(node).map(({ path }) => ({
      path,
      command: 'sysctl -p',
      interrupts: 'nothing',
    })),
    ...nextKeyUpdates(node),
  ],
  deletes: keyDeletes,
})

const otherKey = 'a peer whose preshared key is another one until it has that too; its own key: every peer'

const ownKey = ({ tunnel }: NodePlan): Step => {
  const path = `/${privateKeyPath(tunnel)}`
  return {
    what: 'This node keeps its private key itself, and mesh.ini has the public half',
    commands: ['mkdir -p /etc/ciab/keys', `(umask 077; wg genkey >${path}); wg pubkey <${path}`],
  }
}

/** networkd itself reads the files when it starts the next time; a restart would end sessions and routes. */
const inPlace = (node: NodePlan): Update[] => {
  const overlay = overlayIn(node)
  const folder = 'etc/systemd/network'
  const nothing = 'nothing'
  return [
    {
      path: `${folder}/10-${node.mesh}.netdev`,
      command: 'wg set and wg addconf, for the peers that differ',
      interrupts: nothing,
    },
    {
      path: `${folder}/10-${node.mesh}.network`,
      command: 'ip address and ip route, for those that differ',
      interrupts: nothing,
    },
    ...(overlay
      ? [
          {
            path: `${folder}/11-${overlay.interface}.netdev`,
            command: 'systemctl restart systemd-networkd, where the device has to be made anew',
            interrupts: 'every peer, for a few seconds',
          },
          {
            path: `${folder}/11-${overlay.interface}.network`,
            command: 'bridge -batch, ip address and ip route, for what differs',
            interrupts: nothing,
          },
        ]
      : []),
  ]
}
