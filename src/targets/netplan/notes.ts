import type { NodePlan } from '../../model/plan.js'
import type { Notes, Update } from '../../render/notes.js'
import { networkdNotes } from '../systemd-networkd/files.js'
import { dropInOf, overlayIn } from './view.js'

/** What the operator does with netplan's files. Nothing for the boot: netplan, as systemd's generator, starts networkd. */
export const notes = (node: NodePlan): Notes =>
  networkdNotes(node, {
    packages: ['netplan.io'],
    boot: [],
    updates: [
      {
        path: `etc/netplan/60-${node.mesh}.yaml`,
        command: 'wg set, wg addconf, ip address and ip route, for what differs; not netplan apply',
        interrupts: 'nothing; where the VXLAN device has to be made anew, every peer for a few seconds',
      },
      ...dropIn(node),
    ],
    overlay: overlayIn(node),
    generate: ['netplan generate'],
  })

const dropIn = (node: NodePlan): Update[] => {
  const overlay = overlayIn(node)
  if (!overlay) return []
  const path = `etc/systemd/network/${dropInOf(node.mesh, overlay)}`
  return [{ path, command: 'bridge -batch, for the entries that differ', interrupts: 'nothing' }]
}
