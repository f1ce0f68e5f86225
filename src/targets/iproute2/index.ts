import type { EvpnPlan, NodePlan } from '../../model/plan.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template } from '../../render/template.js'
import { networkDirectories } from '../managed-bridges/directories.js'
import { apply, check, functions, status } from './apply.sh.js'
import networksService from './ciab-networks.service.mustache'
import networksRules from './networks.rules.mustache'
import networksSh from './networks.sh.mustache'
import { notes } from './notes.js'

const script = template(networksSh)
const service = template(networksService)
const rules = template(networksRules)

/** ip(8), in a script that systemd and udev run: the VRFs, VXLAN devices and bridges of segments and tenants. */
export const iproute2: Target = {
  name: 'iproute2',
  concerns: ['evpn'],
  supports: () => [],
  files: node => {
    const evpn = withDevices(node)
    return evpn ? filesOf(node, evpn) : []
  },
  script: node => {
    const evpn = withDevices(node)
    return {
      variables: {
        evpn_local: evpn?.local ?? '',
        evpn_port: String(evpn?.port ?? ''),
        evpn_mac: evpn?.mac ?? '',
        evpn_mtu: String(node.mtu.vxlan),
        evpn_hosted: hostedBy(node).join(' '),
      },
      functions,
      check,
      apply,
      status,
      units: evpn ? ['ciab-networks.service'] : [],
    }
  },
  notes: node => notes(node, withDevices(node)),
}

/** A reflector may pass on what it has no part in itself. */
const withDevices = ({ evpn }: NodePlan): EvpnPlan | null =>
  evpn && evpn.segments.length + evpn.tenants.length > 0 ? evpn : null

const filesOf = (node: NodePlan, evpn: EvpnPlan): OutputFile[] => {
  const { name, mesh } = node
  const bridges = bridgesOf(node)
  return [
    { ...file('etc/ciab/networks.sh', script.chunks(networksView(node, evpn))), mode: 0o755 },
    file('etc/systemd/system/ciab-networks.service', service.chunks({ node: name, mesh })),
    ...(bridges.length > 0
      ? [file(`etc/udev/rules.d/70-${mesh}.rules`, rules.chunks(rulesView(node, evpn, bridges)))]
      : []),
  ]
}

const file = (path: string, content: OutputFile['content']): OutputFile => ({
  path,
  mode: 0o644,
  secret: false,
  content,
})

/** Bridges that are in the host's own routing table, whatever they were before. */
const hostedBy = ({ devices }: NodePlan): string[] =>
  devices.filter(({ carries }) => carries === 'containers').map(({ name }) => name)

/** Bridges that somebody else makes and ours join: they get a port of ours, or become one of a VRF. */
const bridgesOf = ({ devices }: NodePlan): string[] =>
  devices
    .filter(
      ({ name, maker, master }) =>
        maker === 'containers' && (master || devices.some(port => port.master === name)),
    )
    .map(({ name }) => name)

const rulesView = ({ name }: NodePlan, { segments }: EvpnPlan, bridges: readonly string[]) => ({
  node: name,
  bridges: bridges.join('|'),
  late: segments.length > 0 ? { devices: segments.flatMap(withSecond).join('|') } : null,
})

/** The daemons give a bridge a device of its own that keeps its MTU. */
const withSecond = ({ bridge }: { readonly bridge: string }): string[] => [bridge, `${bridge}-mtu`]

const networksView = (node: NodePlan, evpn: EvpnPlan) => ({
  node: node.name,
  mesh: node.mesh,
  mac: evpn.mac,
  local: evpn.local,
  port: evpn.port,
  mtu: node.mtu.vxlan,
  keeps: (networkDirectories[node.targets.containers] ?? []).join(' '),
  bridges: bridgesOf(node),
  tenants: evpn.tenants.map(({ name, vni, vrf, bridge, vxlan, containers }) => ({
    name,
    vni,
    vrf,
    bridge,
    vxlan,
    containers: containers.map(container => ({ container, vrf })),
  })),
  segments: evpn.segments.map(({ name, vni, vxlan, bridge }) => ({ name, vni, vxlan, bridge })),
})
