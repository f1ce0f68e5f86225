import type { InterfaceName } from '../net/index.js'
import { segmentsOn, tenantsOn, vrfOf } from './members.js'
import type { Mesh, MeshContainerNetwork, MeshNode, MeshSegment, MeshTenant } from './mesh.js'
import type { DevicePlan } from './plan.js'

/** The VXLAN device of a mesh. */
export const overlayDevice = (mesh: string): InterfaceName => `v${mesh}` as InterfaceName

/** The devices of a segment. */
export const segmentDevices = (name: string): Pick<MeshSegment, 'vxlan' | 'bridge'> => ({
  vxlan: `vx-${name}` as InterfaceName,
  bridge: `br-${name}` as InterfaceName,
})

/** The devices of a tenant; on a node that has containers of it, they have a bridge. */
export const tenantDevices = (
  name: string,
): Pick<MeshTenant, 'vrf' | 'vxlan' | 'bridge'> & { readonly containerBridge: InterfaceName } => ({
  vrf: `vrf-${name}` as InterfaceName,
  vxlan: `vx-${name}` as InterfaceName,
  bridge: `l3-${name}` as InterfaceName,
  containerBridge: `ct-${name}` as InterfaceName,
})

type Networks = Pick<Mesh, 'name' | 'mode' | 'segments' | 'tenants'>

/** Every network device that a node has because of the mesh: the mesh's, its own, its segments' and its tenants'. */
export const devicesOf = (mesh: Networks, node: Pick<MeshNode, 'name' | 'id' | 'networks'>): DevicePlan[] => [
  ...meshDevices(mesh),
  ...node.networks.map(network => ofContainers(network, `node ${node.name}`, null)),
  ...segmentsOn(mesh, node).flatMap(segment => ofSegment(segment, vrfOf(mesh, segment))),
  ...tenantsOn(mesh, node).flatMap(tenant => ofTenant(tenant, node.id)),
]

const meshDevices = ({ name, mode }: Networks): DevicePlan[] => {
  const inside = { section: 'mesh', master: null, vrf: null, carries: 'nodes' } as const
  return [
    { name, kind: 'wireguard', maker: 'tunnel', ...inside },
    ...(mode === 'vxlan'
      ? [{ name: overlayDevice(name), kind: 'vxlan', maker: 'overlay', ...inside } as const]
      : []),
  ]
}

const ofContainers = (
  { bridge, existing }: Pick<MeshContainerNetwork, 'bridge' | 'existing'>,
  section: string,
  vrf: InterfaceName | null,
): DevicePlan => ({
  name: bridge,
  kind: 'bridge',
  section,
  maker: existing ? null : 'containers',
  master: vrf,
  vrf,
  carries: vrf === null ? 'containers' : 'tenant',
})

const ofSegment = ({ name, vxlan, bridge }: MeshSegment, vrf: InterfaceName | null): DevicePlan[] => {
  const section = `segment ${name}`
  return [
    ofContainers({ bridge, existing: false }, section, vrf),
    { name: vxlan, kind: 'vxlan', section, maker: 'evpn', master: bridge, vrf, carries: 'frames' },
  ]
}

const ofTenant = ({ name, networks, vrf, vxlan, bridge }: MeshTenant, id: number): DevicePlan[] => {
  const section = `tenant ${name}`
  const network = networks.get(id)
  const ours = { section, maker: 'evpn', vrf } as const
  return [
    ...(network ? [ofContainers(network, section, vrf)] : []),
    { name: bridge, kind: 'bridge', ...ours, master: vrf, carries: 'tenant' },
    { name: vrf, kind: 'vrf', ...ours, master: null, carries: 'tenant' },
    { name: vxlan, kind: 'vxlan', ...ours, master: bridge, carries: 'frames' },
  ]
}
