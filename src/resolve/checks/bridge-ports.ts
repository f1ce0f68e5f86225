import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { BridgeService } from '../../model/plan.js'
import { familyOf, type InterfaceAddress, type InterfaceName } from '../../net/index.js'

/** A UDP port that is listened on for the containers of a bridge. */
export interface BridgePort extends BridgeService {
  readonly bridge: InterfaceName
  /** The bridge is the operator's own, and may do without. */
  readonly existing: boolean
}

/** As far as it matters here. */
interface Bridge extends Pick<BridgePort, 'bridge' | 'existing'> {
  readonly addresses: readonly InterfaceAddress[]
  readonly inVrf: boolean
}

/** What listens on the addresses of a node's bridges. */
export const bridgePorts = (node: MeshNode, networks: Pick<Mesh, 'segments' | 'tenants'>): BridgePort[] =>
  bridgesOf(node, networks).flatMap(({ bridge, existing, addresses, inVrf }) =>
    (node.bridgeHabits?.services ?? [])
      .filter(service => service.inVrf || !inVrf)
      .filter(({ family }) => addresses.some(address => familyOf(address) === family))
      .map(service => ({ ...service, bridge, existing })),
  )

const bridgesOf = (
  { id, networks }: MeshNode,
  { segments, tenants }: Pick<Mesh, 'segments' | 'tenants'>,
): Bridge[] => [
  ...networks.map(network => ({ ...network, inVrf: false })),
  ...segments
    .filter(({ members }) => members.includes(id))
    .map(({ bridge, gateways, tenant }) => ({
      bridge,
      existing: false,
      addresses: gateways,
      inVrf: tenant !== null,
    })),
  ...tenants.flatMap(tenant => tenant.networks.get(id) ?? []).map(network => ({ ...network, inVrf: true })),
]
