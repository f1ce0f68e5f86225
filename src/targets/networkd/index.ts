import type { NodePlan } from '../../model/plan.js'
import type { Chunk } from '../../render/chunks.js'
import type { StanzaCache } from '../../render/stanzas.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template } from '../../render/template.js'
import { foreignRoutesFiles } from '../linux-links/foreign-routes.js'
import { keyFiles, privateKeyPath } from '../linux-links/key-files.js'
import { nextKeyFiles } from '../linux-links/next-keys.js'
import { linkVariables } from '../linux-links/script.js'
import { settingFiles } from '../linux-links/settings.js'
import { apply, functions, status } from './apply.sh.js'
import meshNetdev from './mesh.netdev.mustache'
import meshNetwork from './mesh.network.mustache'
import { notes, units } from './notes.js'
import overlayNetdev from './overlay.netdev.mustache'
import overlayNetwork from './overlay.network.mustache'
import { peerChunks, remoteChunks, routeChunks } from './stanzas.js'
import { tiesEntries, unsupported } from './supports.js'
import { overlayIn, overlayNetworkView, overlayView, tunnelNetworkView, tunnelView } from './view.js'

const tunnel = template(meshNetdev)
const tunnelNetwork = template(meshNetwork)
const overlay = template(overlayNetdev)
const overlaid = template(overlayNetwork)

/** systemd-networkd(8): the WireGuard interface and the VXLAN device on top. */
export const networkd: Target = {
  name: 'networkd',
  concerns: ['tunnel', 'overlay'],
  supports: unsupported,
  files: (node, stanzas) => [
    ...tunnelFiles(node, stanzas),
    ...overlayFiles(node, stanzas),
    ...foreignRoutesFiles(node),
    ...settingFiles(node),
    ...keyFiles(node),
    ...nextKeyFiles(node),
  ],
  script: node => ({ variables: variables(node), functions, apply, status, units }),
  notes,
}

const variables = (node: NodePlan): Record<string, string> => ({
  ...linkVariables(node, overlayIn(node)),
  sd_key_file: `/${privateKeyPath(node.tunnel)}`,
})

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
    tunnel.chunks(tunnelView(node), { peers: peerChunks(node.tunnel, stanzas) }),
  ),
  file(
    `10-${node.mesh}.network`,
    tunnelNetwork.chunks(tunnelNetworkView(node), { routes: routeChunks(node.tunnel.routes) }),
  ),
]

const overlayFiles = (node: NodePlan, stanzas: StanzaCache): OutputFile[] => {
  const plan = overlayIn(node)
  if (!plan) return []
  const via = tiesEntries(node) ? node.tunnel.interface : null
  return [
    file(`11-${plan.interface}.netdev`, overlay.chunks(overlayView(node, plan))),
    file(
      `11-${plan.interface}.network`,
      overlaid.chunks(overlayNetworkView(node, plan), {
        routes: routeChunks(plan.routes),
        remotes: remoteChunks(plan.remotes, { via }, stanzas),
      }),
    ),
  ]
}
