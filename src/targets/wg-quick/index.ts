import type { NodePlan } from '../../model/plan.js'
import type { StanzaCache } from '../../render/stanzas.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template } from '../../render/template.js'
import { linkInterrupts } from '../tunnel/interrupts.js'
import { links, linkVariables } from '../tunnel/links.js'
import { movingNameFiles, movingNameUnits } from '../tunnel/moving-names.js'
import { nextKeyFiles } from '../tunnel/next-keys.js'
import { ability } from './ability.js'
import part from './apply.sh'
import meshConf from './mesh.conf.mustache'
import meshFdb from './mesh.fdb.mustache'
import { notes, systemdFile, units } from './notes.js'
import { peerChunks, remoteChunks } from './stanzas.js'
import { configView, keyFileOf, overlayIn } from './view.js'

const configuration = template(meshConf)
const forwarding = template(meshFdb)

/** wg-quick(8): the WireGuard interface and, in its hooks, the VXLAN device on top. */
export const wgQuick: Target = {
  ...ability,
  files: (node, stanzas) => [
    tunnelFile(node, stanzas),
    ...fdbFiles(node, stanzas),
    ...nextKeyFiles(node),
    ...movingNameFiles(node),
    systemdFile(node),
  ],
  part: [...links, part],
  facts: node => ({
    variables: linkVariables(node, overlayIn(node), node.tunnel.privateKey ? '' : keyFileOf(node)),
    units: [...units(node), ...movingNameUnits(node)],
  }),
  notes,
  interrupts: (before, after) => linkInterrupts(before, after, overlayIn, null),
}

const tunnelFile = (node: NodePlan, stanzas: StanzaCache): OutputFile => ({
  path: `etc/wireguard/${node.mesh}.conf`,
  mode: 0o600,
  secret: node.tunnel.privateKey !== null || node.tunnel.presharedKeys !== null,
  content: configuration.chunks(configView(node), { peers: peerChunks(node.tunnel, stanzas) }),
})

const fdbFiles = (node: NodePlan, stanzas: StanzaCache): OutputFile[] => {
  const overlay = overlayIn(node)
  if (!overlay) return []
  const at = { overlay: overlay.interface, tunnel: node.tunnel.interface }
  const remotes = remoteChunks(overlay.remotes, at, stanzas)
  return [
    {
      path: `etc/ciab/${node.mesh}.fdb`,
      mode: 0o644,
      secret: false,
      content: forwarding.chunks({ node: node.name }, { remotes }),
    },
  ]
}
