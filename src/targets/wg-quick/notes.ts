import type { NodePlan } from '../../model/plan.js'
import type { Notes, Step, Update } from '../../render/notes.js'
import { unitFile } from '../../render/program.js'
import type { OutputFile } from '../../render/target.js'
import { movingNameNotes } from '../tunnel/moving-names.js'
import { nextKeyUpdates } from '../tunnel/next-keys.js'
import { byHand } from './by-hand.js'
import ciabConf from './ciab.conf.mustache'
import { keyFileOf, overlayIn } from './view.js'

/** Under etc/systemd/system. */
const dropIn = (mesh: string): string => `wg-quick@${mesh}.service.d/ciab.conf`

const dropInPath = (mesh: string): string => `etc/systemd/system/${dropIn(mesh)}`

/** What systemd starts at boot. */
export const units = ({ mesh }: NodePlan): string[] => [`wg-quick@${mesh}.service`]

/** systemd's part. */
export const systemdFile = ({ mesh }: NodePlan): OutputFile => unitFile(dropIn(mesh), ciabConf)

/** What the operator does with wg-quick's files. */
export const notes = (node: NodePlan): Notes => ({
  packages: ['wireguard-tools'],
  owners: [],
  first: node.tunnel.privateKey ? [] : [ownKey(node)],
  boot: [],
  updates: [
    configuration(node),
    ...(overlayIn(node) ? [forwarding(node)] : []),
    ...nextKeyUpdates(node),
    ...movingNameNotes(node).updates,
    { path: dropInPath(node.mesh), command: 'systemctl daemon-reload', interrupts: 'nothing' },
  ],
  byHand: byHand(node, dropInPath(node.mesh)),
})

const configuration = ({ mesh, tunnel }: NodePlan): Update => {
  const hooked = Object.values(tunnel.hooks).some(commands => commands.length > 0)
  return {
    path: `etc/wireguard/${mesh}.conf`,
    command: `wg set, wg addconf, ip address and ip route, for what differs${hooked ? '; hooks of yours wait for the next start of the tunnel' : ''}`,
    interrupts:
      'nothing; other addresses of this node: a moment; its VXLAN device, if it is made anew or taken away: what it carries; a new key: all of its peers, until they know it',
  }
}

const ownKey = (node: NodePlan): Step => ({
  what: 'This node keeps its private key itself, and mesh.ini has the public half',
  commands: [`(umask 077; wg genkey >${keyFileOf(node)}); wg pubkey <${keyFileOf(node)}`],
})

const forwarding = ({ mesh }: NodePlan): Update => ({
  path: `etc/ciab/${mesh}.fdb`,
  command: 'bridge -batch, for the entries that differ',
  interrupts: 'nothing',
})
