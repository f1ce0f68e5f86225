import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import type { Notes, Step } from '../../render/notes.js'
import type { OutputFile } from '../../render/target.js'
import { movingNameFiles, movingNameNotes } from '../tunnel/moving-names.js'
import { nextKeyFiles, nextKeyUpdates } from '../tunnel/next-keys.js'
import { networkdByHand } from './by-hand.js'
import { foreignRoutesFiles } from './foreign-routes.js'
import { keyFiles, keyOwners, privateKeyPath } from './key-files.js'
import { settingFiles } from './settings.js'

/** Files beside those about the interfaces, where systemd-networkd makes these, whoever tells it how. */
export const networkdFiles = (node: NodePlan): OutputFile[] => [
  ...foreignRoutesFiles(node),
  ...settingFiles(node),
  ...keyFiles(node),
  ...nextKeyFiles(node),
  ...movingNameFiles(node),
]

/** What a target has to say of its own. */
interface OwnNotes extends Pick<Notes, 'packages' | 'boot' | 'updates'> {
  /** The VXLAN device, where it is the target's to make. */
  readonly overlay: OverlayPlan | null
  /** What has to be run before networkd reads the target's files. */
  readonly generate: readonly string[]
}

/** What the operator does with them and with a target's own. */
export const networkdNotes = (
  node: NodePlan,
  { packages, boot, updates, overlay, generate }: OwnNotes,
): Notes => ({
  packages: [...packages, 'wireguard-tools', 'iproute2'],
  owners: keyOwners,
  first: node.tunnel.privateKey ? [] : [ownKey(node)],
  boot,
  updates: [
    ...updates,
    { path: 'etc/ciab/keys/*', command: 'wg set, for the keys that differ', interrupts: otherKey },
    ...foreignRoutesFiles(node).map(({ path }) => ({
      path,
      command: 'nothing: networkd reads it when it starts',
      interrupts: 'nothing',
    })),
    ...settingFiles(node).map(({ path }) => ({ path, command: 'sysctl -p', interrupts: 'nothing' })),
    ...nextKeyUpdates(node),
    ...movingNameNotes(node).updates,
  ],
  byHand: networkdByHand(node, overlay, { made: updates.map(({ path }) => path), generate }),
})

const otherKey = 'a peer whose preshared key is another one until it has that too; its own key: every peer'

const ownKey = ({ tunnel }: NodePlan): Step => {
  const path = `/${privateKeyPath(tunnel)}`
  return {
    what: 'This node keeps its private key itself, and mesh.ini has the public half',
    commands: ['mkdir -p /etc/ciab/keys', `(umask 077; wg genkey >${path}); wg pubkey <${path}`],
  }
}
