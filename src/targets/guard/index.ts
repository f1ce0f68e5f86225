import type { DevicePlan, NodePlan } from '../../model/plan.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template } from '../../render/template.js'
import { apply, functions, status } from './apply.sh.js'
import guardSh from './guard.sh.mustache'
import meshNft from './mesh.nft.mustache'
import meshSysctl from './mesh.sysctl.mustache'
import { notes } from './notes.js'
import { unitFiles, units } from './units.js'
import { rulesView } from './view.js'

const rules = template(meshNft)
const settings = template(meshSysctl)
const loader = template(guardSh)

/** nftables and sysctl: who may reach the overlay, and what the kernel does for it. */
export const guard: Target = {
  name: 'guard',
  concerns: ['firewall'],
  supports: () => [],
  files: node => [
    file(`${node.mesh}.nft`, 0o644, rules.chunks(rulesView(node))),
    file(`${node.mesh}.sysctl`, 0o644, settings.chunks({ node: node.name })),
    file(
      'guard.sh',
      0o755,
      loader.chunks({
        node: node.name,
        mesh: node.mesh,
        ours: ['lo', ...node.devices.map(device => device.name)].join(' '),
        pools: [...node.firewall.mesh.ipv4, ...node.firewall.mesh.ipv6].join(' '),
      }),
    ),
    ...unitFiles(node),
  ],
  script: node => ({ variables: variables(node), functions, apply, status, units }),
  notes,
}

const file = (name: string, mode: number, content: OutputFile['content']): OutputFile => ({
  path: `etc/ciab/${name}`,
  mode,
  secret: false,
  content,
})

const variables = ({ firewall, devices }: NodePlan): Record<string, string> => {
  const names = (which: (device: DevicePlan) => boolean): string =>
    devices
      .filter(which)
      .map(({ name }) => name)
      .join(' ')
  return {
    guard_tunnel: firewall.tunnel,
    guard_inside: names(({ carries }) => carries === 'nodes'),
    // What containers' packets come out of.
    guard_carrier: firewall.overlay ?? firewall.tunnel,
    guard_bridges: names(({ carries }) => carries === 'containers'),
    guard_vrfs: names(({ kind }) => kind === 'vrf'),
    guard_joined: names(({ carries, maker }) => carries === 'tenant' && maker === 'containers'),
    guard_port: String(firewall.listenPort),
  }
}
