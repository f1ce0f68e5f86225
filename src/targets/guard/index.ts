import type { DevicePlan, NodePlan } from '../../model/plan.js'
import { dataFile, programFile, settingsFile } from '../../render/program.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template } from '../../render/template.js'
import { ability } from './ability.js'
import part from './apply.sh'
import guardSh from './guard.sh'
import meshNft from './mesh.nft.mustache'
import meshSysctl from './mesh.sysctl.mustache'
import { notes } from './notes.js'
import removePart from './remove.sh'
import { arpTable, overlayChains } from './speakers.js'
import { unitFiles, units } from './units.js'
import { rulesView } from './view.js'

const rules = template(meshNft)
const program = programFile('guard.sh', guardSh)

/** nftables and sysctl: who may reach the overlay, and what the kernel does for it. */
export const guard: Target = {
  ...ability,
  files: (node, stanzas) => [
    file(
      `${node.mesh}.nft`,
      rules.chunks(rulesView(node), {
        overlay: overlayChains(node.firewall.policy, stanzas),
        arp: arpTable(node.firewall.policy, node.firewall.overlay, stanzas),
      }),
    ),
    settingsFile(`etc/ciab/${node.mesh}.sysctl`, 0o644, meshSysctl),
    program,
    programData(node),
    ...unitFiles,
  ],
  part: [part, removePart],
  facts: node => ({ variables: variables(node), units }),
  notes,
}

const file = (name: string, content: OutputFile['content']): OutputFile => ({
  path: `etc/ciab/${name}`,
  mode: 0o644,
  secret: false,
  content,
})

/** What guard.sh has to know; apply.sh may not be there, and then this is all the same. */
const programData = (node: NodePlan): OutputFile =>
  dataFile('guard', node, {
    mesh: node.mesh,
    guard_ours: ['lo', ...node.devices.map(device => device.name)].join(' '),
    ...(node.firewall.lans
      ? { guard_lans: [...new Set(node.firewall.lans.map(lan => lan.interface))].join(' ') }
      : {}),
    guard_pools: node.firewall.policy.sets.mesh?.join(' ') ?? '',
  })

const variables = ({ firewall, devices }: NodePlan): Record<string, string> => {
  const names = (which: (device: DevicePlan) => boolean): string =>
    devices
      .filter(which)
      .map(({ name }) => name)
      .join(' ')
  return {
    guard_inside: names(({ carries }) => carries === 'nodes'),
    guard_vrfs: names(({ kind }) => kind === 'vrf'),
    guard_joined: names(({ carries, maker }) => carries === 'tenant' && maker === 'containers'),
    guard_port: String(firewall.listenPort),
  }
}
