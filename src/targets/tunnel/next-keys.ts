import type { NodePlan, PeerPlan, TunnelPlan } from '../../model/plan.js'
import type { PublicKey } from '../../net/index.js'
import { chunk } from '../../render/chunks.js'
import type { HandUpdate, Update } from '../../render/notes.js'
import { dataFile, programFile } from '../../render/program.js'
import type { OutputFile } from '../../render/target.js'
import { template } from '../../render/template.js'
import followKeysSh from './follow-keys.sh'
import meshNext from './mesh.next.mustache'
import { peerSection, presharedLine } from './peer-section.js'

const sections = template(meshNext)
const follower = programFile('follow-keys.sh', followKeysSh)

/** What a node needs to follow peers to their next keys; nothing where all keep theirs. */
export const nextKeyFiles = (node: NodePlan): OutputFile[] => {
  const { name, mesh, tunnel } = node
  const { nextPeers } = tunnel
  if (!nextPeers) return []
  const peers = nextPeers.map(({ peer, presharedKey }) =>
    chunk(
      [
        peerSection(peer),
        presharedKey === null ? '' : presharedLine(presharedKey),
        `# replaces: ${presentKey(tunnel, peer)}\n`,
      ].join(''),
    ),
  )
  return [
    {
      path: `etc/ciab/${mesh}.next`,
      mode: 0o600,
      secret: nextPeers.some(({ presharedKey }) => presharedKey !== null),
      content: sections.chunks({ node: name }, { peers }),
    },
    follower,
    dataFile('follow-keys', node, { mesh }),
  ]
}

/** By which apply.sh tells whether the node's own files have the next key already. */
const presentKey = ({ peers }: TunnelPlan, { name }: PeerPlan): PublicKey => {
  const peer = peers.find(peer => peer.name === name)
  if (!peer) throw new Error(`${name} has a next key, and is no peer`)
  return peer.publicKey
}

const nextKeyPaths = ({ mesh }: NodePlan): string[] => [
  `etc/ciab/${mesh}.next`,
  'etc/ciab/follow-keys.sh',
  'etc/ciab/follow-keys.conf',
]

/** The same in the notes: apply.sh starts nothing, and deletes them in the end. */
export const nextKeyUpdates = (node: NodePlan): Update[] =>
  node.tunnel.nextPeers
    ? nextKeyPaths(node).map(path => ({
        path,
        command: 'by hand: sh /etc/ciab/follow-keys.sh --background',
        interrupts: 'nothing; 0.2 s of that peer when it takes its next key',
      }))
    : []

/** The same where there is no apply.sh. */
export const nextKeysByHand = ({ mesh, tunnel }: NodePlan): HandUpdate[] =>
  tunnel.nextPeers
    ? [
        {
          paths: [`etc/ciab/${mesh}.next`, 'etc/ciab/follow-keys.sh', 'etc/ciab/follow-keys.conf'],
          commands: ['sh /etc/ciab/follow-keys.sh --background'],
          interrupts: 'nothing; 0.2 s of that peer when it takes its next key',
        },
      ]
    : []
