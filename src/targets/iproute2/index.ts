import type { ContainersPlan, EvpnPlan, NodePlan, SegmentPlan, TenantPlan } from '../../model/plan.js'
import { familyOf } from '../../net/index.js'
import { programFile, unitFile } from '../../render/program.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template, type View } from '../../render/template.js'
import { ability } from './ability.js'
import part from './apply.sh'
import networksService from './ciab-networks.service.mustache'
import devices from './devices.sh'
import networksConf from './networks.conf.mustache'
import networksRules from './networks.rules.mustache'
import networksSh from './networks.sh'
import { interrupts, notes } from './notes.js'
import ports from './ports.sh'
import removePart from './remove.sh'
import ways from './ways.sh'

const program = programFile('networks.sh', networksSh)
const data = template(networksConf)
const service = unitFile('ciab-networks.service', networksService)
const rules = template(networksRules)

/** ip(8), in a script that systemd and udev run: the VRFs, VXLAN devices and bridges of segments and tenants. */
export const iproute2: Target = {
  ...ability,
  files: node => {
    const evpn = withDevices(node)
    return evpn ? filesOf(node, evpn) : []
  },
  part: [devices, ports, ways, part, removePart],
  facts: node => {
    const evpn = withDevices(node)
    return {
      variables: {
        evpn_local: evpn?.local ?? '',
        evpn_port: String(evpn?.port ?? ''),
        evpn_mac: evpn?.mac ?? '',
        evpn_mtu: evpn ? String(node.mtu.vxlan) : '',
      },
      units: evpn ? ['ciab-networks.service'] : [],
    }
  },
  notes: node => notes(node, withDevices(node)),
  interrupts: (before, after) => interrupts(withDevices(before), withDevices(after)),
}

/** A reflector may pass on what it has no part in itself. */
const withDevices = ({ evpn }: NodePlan): EvpnPlan | null =>
  evpn && evpn.segments.length + evpn.tenants.length > 0 ? evpn : null

const filesOf = (node: NodePlan, evpn: EvpnPlan): OutputFile[] => {
  const bridges = bridgesOf(node)
  return [
    file('etc/ciab/networks.conf', data.chunks(networksView(node, evpn))),
    program,
    service,
    ...(bridges.length > 0
      ? [file(`etc/udev/rules.d/70-${node.mesh}.rules`, rules.chunks(rulesView(node, evpn, bridges)))]
      : []),
  ]
}

const file = (path: string, content: OutputFile['content']): OutputFile => ({
  path,
  mode: 0o644,
  secret: false,
  content,
})

/** Bridges that somebody else makes and ours join: they get a port of ours, or become one of a VRF. */
const bridgesOf = ({ devices }: NodePlan): string[] =>
  devices
    .filter(
      ({ name, maker, master }) =>
        maker === 'containers' && (master || devices.some(port => port.master === name)),
    )
    .map(({ name }) => name)

const rulesView = ({ name, containers }: NodePlan, { segments }: EvpnPlan, bridges: readonly string[]) => ({
  node: name,
  bridges: bridges.join('|'),
  late:
    segments.length > 0
      ? { devices: segments.flatMap(({ bridge }) => namesOf(bridge, containers.habits)).join('|') }
      : null,
})

const namesOf = (bridge: string, habits: ContainersPlan['habits']): string[] => [
  bridge,
  ...(habits ? [`${bridge}${habits.companion}`] : []),
]

const networksView = (node: NodePlan, evpn: EvpnPlan): View => {
  const { name, mesh, mtu, containers } = node
  const { mac, local, port, tenants, segments } = evpn
  const directories = containers.habits?.directories ?? []
  const ways = tenants.flatMap(waysInto)
  return {
    node: name,
    mesh,
    mac,
    local,
    port,
    mtu: mtu.vxlan,
    kept: directories.length > 0 ? { directories } : null,
    bridges: bridgesOf(node),
    tenanted: tenants.length > 0 ? { tenants: tenants.map(tenantView) } : null,
    segmented: segments.length > 0 ? { segments: segments.map(segmentView) } : null,
    entered: ways.length > 0 ? { ways } : null,
  }
}

const tenantView = ({ name, vni, vrf, bridge, vxlan, bridges }: TenantPlan): View => ({
  name,
  vni,
  vrf,
  bridge,
  vxlan,
  containers: bridges,
})

const segmentView = ({ name, vni, vxlan, bridge }: SegmentPlan): View => ({ name, vni, vxlan, bridge })

/** By client and network of one family; none stands twice where a tenant and its segment are entered. */
const waysInto = ({ vni, guests }: TenantPlan): View[] => {
  const ways = guests.flatMap(({ addresses, networks }) =>
    addresses.flatMap(client =>
      networks
        .filter(network => familyOf(network) === familyOf(client))
        .map((network): [string, View] => [`${client} ${network}`, { table: vni, client, network }]),
    ),
  )
  return [...new Map(ways).values()]
}
