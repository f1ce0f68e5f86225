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
import { ability } from './ability.js'
import part from './apply.sh'
import meshConf from './mesh.conf.mustache'
import meshYaml from './mesh.yaml.mustache'
import { notes } from './notes.js'
import { peerChunks } from './stanzas.js'
import { dropInOf, overlayIn, yamlView } from './view.js'

const definitions = template(meshYaml)
const forwarding = template(meshConf)

/** netplan(5), with systemd-networkd behind it: the WireGuard interface and the VXLAN device on top. */
export const netplan: Target = {
  ...ability,
  files: (node, stanzas) => [yamlFile(node, stanzas), ...dropIns(node, stanzas), ...networkdFiles(node)],
  part: [...networkdLinks, part],
  facts: node => ({
    variables: linkVariables(node, overlayIn(node), `/${privateKeyPath(node.tunnel)}`),
    units: movingNameUnits(node),
  }),
  notes,
  interrupts: (before, after) => linkInterrupts(before, after, overlayIn, 'every peer for a few seconds'),
}

const yamlFile = (node: NodePlan, stanzas: StanzaCache): OutputFile =>
  // It names the files of its keys, so there is no secret in it; netplan wants it closed all the same.
  file(
    `etc/netplan/60-${node.mesh}.yaml`,
    0o600,
    definitions.chunks(yamlView(node), { peers: peerChunks(node.tunnel, stanzas) }),
  )

const dropIns = (node: NodePlan, stanzas: StanzaCache): OutputFile[] => {
  const { name, mesh, tunnel } = node
  const overlay = overlayIn(node)
  if (!overlay) return []
  const remotes = remoteChunks(overlay.remotes, { via: tunnel.interface }, stanzas)
  const content = forwarding.chunks({ node: name, mesh }, { remotes })
  return [file(`etc/systemd/network/${dropInOf(mesh, overlay)}`, 0o644, content)]
}

const file = (path: string, mode: number, content: Chunk[]): OutputFile => ({
  path,
  mode,
  secret: false,
  content,
})
