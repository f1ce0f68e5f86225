import type { NodePlan } from '../../model/plan.js'
import type { StanzaCache } from '../../render/stanzas.js'
import type { OutputFile, Target, Unsupported } from '../../render/target.js'
import { template } from '../../render/template.js'
import { linkInterrupts } from '../tunnel/interrupts.js'
import { links, linkVariables } from '../tunnel/links.js'
import { movingNameFiles, movingNameUnits } from '../tunnel/moving-names.js'
import { nextKeyFiles } from '../tunnel/next-keys.js'
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
  name: 'wg-quick',
  concerns: ['tunnel', 'overlay'],
  supports: node => [...unreadableHooks(node), ...overlayAlone(node)],
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

/** wg-quick reads a line up to `#`, whatever quotes are around it. */
const unreadableHooks = ({ tunnel: { hooks } }: NodePlan): Unsupported[] =>
  Object.entries(hooks).flatMap(([key, commands]: [string, readonly string[]]) =>
    commands.flatMap((command, at) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      /[#\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(command)
        ? [
            {
              path: `tunnel.hooks.${key}[${at}]`,
              fact: 'wg-quick cuts a hook short at "#", and a hook is one line without control characters',
            },
          ]
        : [],
    ),
  )

/** The VXLAN device hangs on the hooks of the tunnel's file. */
const overlayAlone = ({ targets }: NodePlan): Unsupported[] =>
  targets.overlay === 'wg-quick' && targets.tunnel !== 'wg-quick'
    ? [{ path: 'targets.overlay', fact: 'wg-quick makes the overlay only together with its own tunnel' }]
    : []
