import type { NodePlan } from '../../model/plan.js'
import type { Chunk } from '../../render/chunks.js'
import type { StanzaCache } from '../../render/stanzas.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template } from '../../render/template.js'
import { networkdFiles } from '../systemd-networkd/files.js'
import { privateKeyPath } from '../systemd-networkd/key-files.js'
import { remoteChunks } from '../systemd-networkd/stanzas.js'
import { linkInterrupts } from '../tunnel/interrupts.js'
import { linkVariables, networkdLinks } from '../tunnel/links.js'
import { movingNameUnits } from '../tunnel/moving-names.js'
import { ability, tiesEntries } from './ability.js'
import part from './apply.sh'
import meshNetdev from './mesh.netdev.mustache'
import meshNetwork from './mesh.network.mustache'
import { notes, units } from './notes.js'
import overlayNetdev from './overlay.netdev.mustache'
import overlayNetwork from './overlay.network.mustache'
import { peerChunks, routeChunks } from './stanzas.js'
import { netdevView, networkView, overlayIn, overlayNetdevView, overlayNetworkView } from './view.js'

const tunnel = template(meshNetdev)
const tunnelNetwork = template(meshNetwork)
const overlay = template(overlayNetdev)
const overlaid = template(overlayNetwork)

/** systemd-networkd(8): the WireGuard interface and the VXLAN device on top. */
export const networkd: Target = {
  ...ability,
  files: (node, stanzas) => [
    ...tunnelFiles(node, stanzas),
    ...overlayFiles(node, stanzas),
    ...networkdFiles(node),
  ],
  part: [...networkdLinks, part],
  facts: node => ({
    variables: linkVariables(node, overlayIn(node), `/${privateKeyPath(node.tunnel)}`),
    units: [...units, ...movingNameUnits(node)],
  }),
  notes,
  interrupts: (before, after) =>
    linkInterrupts(before, after, overlayIn, 'every peer for a few seconds, since networkd is restarted'),
}

/** No secrets are in them: networkd reads those from files of their own. */
const file = (name: string, content: Chunk[]): OutputFile => ({
  path: `etc/systemd/network/${name}`,
  mode: 0o644,
  secret: false,
  content,
})

const tunnelFiles = (node: NodePlan, stanzas: StanzaCache): OutputFile[] => [
  file(
    `10-${node.mesh}.netdev`,
    tunnel.chunks(netdevView(node), { peers: peerChunks(node.tunnel, stanzas) }),
  ),
  file(
    `10-${node.mesh}.network`,
    tunnelNetwork.chunks(networkView(node), { routes: routeChunks(node.tunnel.routes) }),
  ),
]

const overlayFiles = (node: NodePlan, stanzas: StanzaCache): OutputFile[] => {
  const plan = overlayIn(node)
  if (!plan) return []
  const via = tiesEntries(node) ? node.tunnel.interface : null
  return [
    file(`11-${plan.interface}.netdev`, overlay.chunks(overlayNetdevView(node, plan))),
    file(
      `11-${plan.interface}.network`,
      overlaid.chunks(overlayNetworkView(node, plan), {
        routes: routeChunks(plan.routes),
        remotes: remoteChunks(plan.remotes, { via }, stanzas),
      }),
    ),
  ]
}
