import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import type { ByHand } from '../../render/notes.js'
import { movingNameNotes } from '../tunnel/moving-names.js'
import { nextKeysByHand } from '../tunnel/next-keys.js'
import { unheard } from '../tunnel/unheard.js'
import { foreignRoutesFiles } from './foreign-routes.js'
import { settingFiles } from './settings.js'

/** Which files networkd makes the interfaces of, and what has to be run before it reads them. */
interface Sources {
  readonly made: readonly string[]
  readonly generate: readonly string[]
}

/**
 * What the operator types where networkd makes the interfaces and there is no apply.sh. Of a device that is there it
 * changes little (247 and 252 not even the peers), and it makes one that is not as its files say, when it starts.
 */
export const networkdByHand = (
  node: NodePlan,
  overlay: OverlayPlan | null,
  { made, generate }: Sources,
): ByHand => {
  const { mesh } = node
  const devices = [...(overlay ? [overlay.interface] : []), mesh]
  const make = [...generate, 'systemctl restart systemd-networkd']
  const moving = movingNameNotes(node).byHand
  const settings = settingFiles(node).map(({ path }) => path)
  const set = settings.map(path => `sysctl -p /${path}`)
  const waiting = foreignRoutesFiles(node).map(({ path }) => path)
  return {
    start: [
      {
        what: `Have systemd-networkd make ${devices.toReversed().join(' and ')}`,
        commands: [...make, ...set],
      },
      ...moving.start,
    ],
    updates: [
      {
        paths: [...made, 'etc/ciab/keys/*'],
        commands: [...devices.map(device => `ip link del ${device}`), ...unheard(node), ...make, ...set],
        interrupts: 'every peer, for some 10 s; other interfaces that networkd makes, for a moment',
      },
      ...(set.length > 0 ? [{ paths: settings, commands: set, interrupts: 'nothing' }] : []),
      ...(waiting.length > 0 ? [{ paths: waiting, commands: [], interrupts: 'nothing' }] : []),
      ...nextKeysByHand(node),
      ...moving.updates,
    ],
    looks: [
      ...devices.map(device => ({
        command: `networkctl status ${device}`,
        tells: `what networkd has made of ${device}`,
      })),
      { command: `wg show ${mesh}`, tells: 'peers, their endpoints and latest handshakes' },
      ...(overlay
        ? [
            {
              command: `bridge fdb show dev ${overlay.interface}`,
              tells: 'behind which node each MAC address is',
            },
          ]
        : []),
    ],
  }
}
