import type { NodePlan } from '../../model/plan.js'
import type { ByHand } from '../../render/notes.js'
import { movingNameNotes } from '../tunnel/moving-names.js'
import { nextKeysByHand } from '../tunnel/next-keys.js'
import { unheard } from '../tunnel/unheard.js'
import { keyFileOf, overlayIn } from './view.js'

/** What the operator types for wg-quick's files where there is no apply.sh; `unit` is the path of systemd's part. */
export const byHand = (node: NodePlan, unit: string): ByHand => {
  const { mesh } = node
  const overlay = overlayIn(node)
  const device = overlay?.interface
  const moving = movingNameNotes(node).byHand
  const files = [`etc/wireguard/${mesh}.conf`, ...(overlay ? [`etc/ciab/${mesh}.fdb`] : [])]
  return {
    start: [
      {
        what: `Start the tunnel${device === undefined ? '' : `, and ${device} on it`}`,
        commands: [`wg-quick up ${mesh}`],
      },
      ...moving.start,
    ],
    updates: [
      { paths: [unit], commands: ['systemctl daemon-reload'], interrupts: 'nothing' },
      {
        paths: files,
        what: 'if it is only peers that came, left or changed',
        commands: [syncing(node), ...(overlay ? [forwarding(node)] : []), ...routes(node)],
        interrupts: 'every peer for a moment, as wg gives it its allowed IPs anew',
      },
      {
        paths: files,
        what: 'for everything else, and to be rid of what leads to peers that left',
        commands: [`wg-quick down ${mesh}`, ...unheard(node), `wg-quick up ${mesh}`],
        interrupts: 'every peer, for some 10 s',
      },
      ...nextKeysByHand(node),
      ...moving.updates,
    ],
    looks: looks(mesh, device),
  }
}

const looks = (mesh: string, device: string | undefined) => [
  { command: `wg show ${mesh}`, tells: 'peers, their endpoints and latest handshakes' },
  ...(device === undefined
    ? []
    : [{ command: `bridge fdb show dev ${device}`, tells: 'behind which node each MAC address is' }]),
]

/** What cannot be read must not be taken for a file without peers. */
const syncing = (node: NodePlan): string => {
  const { mesh, tunnel } = node
  const key = tunnel.privateKey ? '' : `; echo '[Interface]'; echo "PrivateKey = $(cat ${keyFileOf(node)})"`
  const all = key === '' ? 'echo "$conf"' : `{ echo "$conf"${key}; }`
  return `conf=$(wg-quick strip ${mesh}) && ${all} | wg syncconf ${mesh} /dev/stdin`
}

const forwarding = ({ mesh }: NodePlan): string => `bridge -batch /etc/ciab/${mesh}.fdb`

const routes = (node: NodePlan): string[] =>
  node.tunnel.routes.length + (overlayIn(node)?.routes.length ?? 0) === 0
    ? []
    : [
        `sed -n 's/%i/${node.mesh}/; s/^PostUp = ip route add \\(.* proto static\\)$/route replace \\1/p' /etc/wireguard/${node.mesh}.conf | ip -batch -`,
      ]
