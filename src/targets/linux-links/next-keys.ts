import type { NodePlan } from '../../model/plan.js'
import { chunk } from '../../render/chunks.js'
import type { Update } from '../../render/notes.js'
import type { OutputFile } from '../../render/target.js'
import { template } from '../../render/template.js'
import followKeysSh from './follow-keys.sh.mustache.js'
import meshNext from './mesh.next.mustache.js'
import { peerSection, presharedLine } from './peer-section.js'

const sections = template(meshNext)
const follower = template(followKeysSh)

/** What a node needs to follow peers to their next keys; nothing where all keep theirs. */
export const nextKeyFiles = ({ name, mesh, tunnel }: NodePlan): OutputFile[] => {
  const { nextPeers } = tunnel
  if (!nextPeers) return []
  const peers = nextPeers.map(({ peer, presharedKey }) =>
    chunk(peerSection(peer) + (presharedKey === null ? '' : presharedLine(presharedKey))),
  )
  return [
    {
      path: `etc/ciab/${mesh}.next`,
      mode: 0o600,
      secret: nextPeers.some(({ presharedKey }) => presharedKey !== null),
      content: sections.chunks({ node: name }, { peers }),
    },
    {
      path: 'etc/ciab/follow-keys.sh',
      mode: 0o755,
      secret: false,
      content: follower.chunks({ node: name, mesh }),
    },
  ]
}

/** The same in the notes: apply.sh leaves both alone. */
export const nextKeyUpdates = ({ mesh, tunnel }: NodePlan): Update[] =>
  tunnel.nextPeers
    ? [`etc/ciab/${mesh}.next`, 'etc/ciab/follow-keys.sh'].map(path => ({
        path,
        command: 'by hand: sh /etc/ciab/follow-keys.sh --background',
        interrupts: 'nothing; 0.2 s of that peer when it takes its next key',
      }))
    : []
