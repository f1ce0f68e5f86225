import type { NodePlan } from '../../model/plan.js'
import type { Notes, Update } from '../../render/notes.js'
import { networkdNotes } from '../systemd-networkd/files.js'
import { overlayIn } from './view.js'

/** What systemd starts at boot. */
export const units: readonly string[] = ['systemd-networkd.service']

/** What the operator does with networkd's files. */
export const notes = (node: NodePlan): Notes =>
  networkdNotes(node, {
    packages: [],
    boot: [
      {
        what: 'Where something else than networkd brings up the uplink, have no boot wait for networkd to do it',
        commands: ['systemctl disable systemd-networkd-wait-online.service'],
      },
    ],
    updates: inPlace(node),
    overlay: overlayIn(node),
    generate: [],
  })

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
