import type { NodePlan } from '../../model/plan.js'
import type { Notes, Step, Update } from '../../render/notes.js'
import { foreignRoutesFiles } from '../linux-links/foreign-routes.js'
import { keyDeletes, keyOwners, privateKeyPath } from '../linux-links/key-files.js'
import { nextKeyUpdates } from '../linux-links/next-keys.js'
import { settingFiles } from '../linux-links/settings.js'
import { dropInOf, overlayIn } from './view.js'

/** What the operator does with netplan's files. Nothing for the boot: netplan, as systemd's generator, starts networkd. */
export const notes = (node: NodePlan): Notes => ({
  packages: ['netplan.io', 'wireguard-tools', 'iproute2'],
  owners: keyOwners,
  first: node.tunnel.privateKey ? [] : [ownKey(node)],
  boot: [],
  updates: [
    {
      path: `etc/netplan/60-${node.mesh}.yaml`,
      command: 'wg set, wg addconf, ip address and ip route, for what differs; not netplan apply',
      interrupts: 'nothing; where the VXLAN device has to be made anew, every peer for a few seconds',
    },
    ...dropIn(node),
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

const dropIn = (node: NodePlan): Update[] => {
  const overlay = overlayIn(node)
  if (!overlay) return []
  const path = `etc/systemd/network/${dropInOf(node.mesh, overlay)}`
  return [{ path, command: 'bridge -batch, for the entries that differ', interrupts: 'nothing' }]
}
