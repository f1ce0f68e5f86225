import type {
  Address,
  AddressFamily,
  DomainName,
  Endpoint,
  InterfaceAddress,
  InterfaceName,
  Mac,
  Mtu,
  Port,
  Prefix,
  PresharedKey,
  PrivateKey,
  PublicKey,
  Release,
  Vni,
} from '../net/index.js'
import type { PolicyPlan } from './policy-plan.js'
import type { EvpnPlan, RoutingPlan } from './routing-plan.js'
import type { Concern, Hooks, LanSpec } from './spec.js'

export type * from './policy-plan.js'
export type * from './routing-plan.js'

/**
 * Everything one node needs to know, in no tool's syntax: what `plan` makes and what targets read.
 * JSON-serialisable (secrets print as `(hidden)`); every list is ordered by node id.
 *
 * Objects about *another* node ({@link PeerPlan}, {@link RemotePlan}, {@link NeighborPlan}) are shared:
 * every node that sees the other in the same way holds the very same object, so a target can render
 * the text about it once.
 */
export interface NodePlan {
  /** The mesh's name, which is also the WireGuard interface's. */
  readonly mesh: string
  readonly name: string
  readonly id: number
  readonly hostname: string
  /** What the node's operating system ships, or `null` where mesh.ini does not say. */
  readonly release: Release | null
  /** FRR release line of the node as `major.minor`, or `null` for any from 8 on. */
  readonly frr: string | null
  /** The target chosen for each concern. */
  readonly targets: Readonly<Record<Concern, string>>
  /** Every network device that the node has because of the mesh, by sections of mesh.ini. */
  readonly devices: readonly DevicePlan[]
  readonly mtu: MtuPlan
  readonly tunnel: TunnelPlan
  /** `null` in a mesh without VXLAN. */
  readonly overlay: OverlayPlan | null
  readonly routing: RoutingPlan
  /** Shared networks and tenants, or `null` on a node that has no part in any. */
  readonly evpn: EvpnPlan | null
  readonly containers: ContainersPlan
  readonly firewall: FirewallPlan
  /** The whole mesh's names, or `null` on a node that does without. */
  readonly names: NamesPlan | null
}

/** What is nobody's in particular, for files about the mesh as a whole. */
export interface MeshPlan {
  readonly mesh: string
  /** Every target that some node chose. */
  readonly targets: readonly string[]
  readonly names: NamesPlan
}

/** What every node is called in DNS. */
export interface NamesPlan {
  readonly domain: DomainName
  /** Full names of the name servers, the primary first. */
  readonly servers: readonly string[]
  /** Every node, this one too. */
  readonly nodes: readonly NodeNames[]
  /** Networks that all these addresses lie in, and nobody else's: the pools, and what is pinned outside them. */
  readonly ranges: readonly Prefix[]
}

/** The addresses of a node under their names, in lower case. */
export interface NodeNames {
  readonly name: string
  /** `node1.mesh.example.net`: its overlay addresses, or in a mesh without VXLAN the underlay's. */
  readonly fullName: string
  readonly overlay: readonly Address[]
  /** `underlay.node1.mesh.example.net` */
  readonly underlay: readonly Address[]
  /** `containers.node1.mesh.example.net`: its bridges' own addresses. */
  readonly gateways: readonly Address[]
  /** `web.node1.mesh.example.net`: containers whose addresses mesh.ini says. */
  readonly pinned: readonly PinnedContainer[]
}

/** A network device of the node. */
export interface DevicePlan {
  readonly name: InterfaceName
  readonly kind: 'wireguard' | 'vxlan' | 'bridge' | 'vrf'
  /** What it is of: `mesh`, `node NAME`, `segment NAME` or `tenant NAME`. */
  readonly section: string
  /** The concern whose target makes it, or `null` for a bridge that is the operator's own. */
  readonly maker: Concern | null
  /** The bridge or VRF that it is a port of. */
  readonly master: InterfaceName | null
  /** The VRF whose routing table it is in, a VRF's own too, or `null` for the host's. */
  readonly vrf: InterfaceName | null
  /**
   * What comes out of it, for the packet filter: packets of other `nodes`, decrypted; of `containers` that are in
   * the host's own routing table; of a `tenant`; or `frames` for the bridge that it is a port of, and no packets.
   */
  readonly carries: 'nodes' | 'containers' | 'tenant' | 'frames'
}

/** How the MTUs were arrived at, all in bytes: `path - tunnelOverhead = tunnel`, `tunnel - overlayOverhead = overlay`. */
export interface MtuPlan {
  readonly path: Mtu
  /** 80 (WireGuard over IPv6), or 60 where the whole mesh dials IPv4 only. */
  readonly tunnelOverhead: number
  readonly tunnel: Mtu
  /** 50: VXLAN over an IPv4 VTEP; 0 in a mesh without VXLAN. */
  readonly overlayOverhead: number
  /** MTU of the VXLAN device, where there is one, and of every container bridge. */
  readonly overlay: Mtu
  /** MTU of every other VXLAN device, which also a mesh without the first may have, and of the bridges on it. */
  readonly vxlan: Mtu
}

/** The WireGuard interface. */
export interface TunnelPlan {
  readonly interface: InterfaceName
  readonly listenPort: Port
  /** Whence others dial this node, so that its port must be open to them: these sites alone, or nobody. */
  readonly dialedFrom: 'anywhere' | readonly string[]
  /** Firewall mark of outgoing packets, or `null` for none. */
  readonly fwmark: number | null
  /** `null` where the node's owner keeps the private half, on the node itself. */
  readonly privateKey: PrivateKey | null
  readonly publicKey: PublicKey
  /** Underlay addresses (IPv4 first), with the length of the connected route. */
  readonly addresses: readonly InterfaceAddress[]
  /** The pools or single underlay addresses that no connected route covers, and peers' further prefixes: each a route onto the interface. */
  readonly routes: readonly Prefix[]
  readonly peers: readonly PeerPlan[]
  /** Names of the last of the peers: clients, which come and go as they like; absent where there is none. */
  readonly clients?: readonly string[]
  /** One per peer, in the same order, `null` where a pair has none; or `null` where the mesh has none. */
  readonly presharedKeys: readonly (PresharedKey | null)[] | null
  /** Peers that are about to have another key; absent where all keep theirs. */
  readonly nextPeers?: readonly NextPeerPlan[]
  /** Commands the operator wrote, run by a root shell. */
  readonly hooks: Hooks
}

/** A peer and the key it is about to have. */
export interface NextPeerPlan {
  /** As it will be: with the next public key. */
  readonly peer: PeerPlan
  /** With the next public key, or `null` where the pair has none. */
  readonly presharedKey: PresharedKey | null
}

/** Another node, or a client, as WireGuard sees it. */
export interface PeerPlan {
  readonly name: string
  readonly publicKey: PublicKey
  /** The peer's underlay addresses, further prefixes and clients, and those of nodes it relays for. */
  readonly allowedIps: readonly Prefix[]
  /** `null` where the peer cannot be dialled: it dials us. */
  readonly endpoint: Endpoint | null
  /** Seconds between keepalives, or `null` for none. */
  readonly keepalive: number | null
}

/** The VXLAN device on top of the tunnel. */
export interface OverlayPlan {
  readonly interface: InterfaceName
  readonly vni: Vni
  /** UDP port of VXLAN (RFC 7348: 4789). */
  readonly port: Port
  readonly mac: Mac
  /** Our VTEP: the IPv4 underlay address. */
  readonly local: Address
  /** Overlay addresses (IPv4 first) with the pool's length, or one of their own. */
  readonly addresses: readonly InterfaceAddress[]
  /** Where others are on the overlay that no connected route covers; each needs a route onto the device. */
  readonly routes: readonly Prefix[]
  /** Every other node that is reached on the overlay. */
  readonly remotes: readonly RemotePlan[]
}

/** Another node on the overlay. */
export interface RemotePlan {
  readonly name: string
  readonly vtep: Address
  readonly mac: Mac
}

/** What a tool that manages bridges for containers does beside making them, so that others leave it room. */
export interface BridgeHabits {
  /** Behind a bridge's name: the device that it makes with each, a port of the bridge. */
  readonly companion: string
  /** Behind a bridge's name: other interfaces whose names begin so it deletes whenever it starts the bridge. */
  readonly sweeps: string
  /** What it has listen on the addresses of a bridge. */
  readonly services: readonly BridgeService[]
  /** Where it has a directory for each network, from before it makes the bridge until the network is deleted. */
  readonly directories: readonly string[]
}

/** What listens on a UDP port for the containers of a bridge. */
export interface BridgeService {
  readonly service: string
  readonly port: number
  /** On addresses of this family. */
  readonly family: AddressFamily
  /** Whether it is there for a bridge in a VRF, too. */
  readonly inVrf: boolean
}

/** The part of whoever makes the bridges: LXD or Incus. */
export interface ContainersPlan {
  /** What the containers' names end in: `node1.mesh.example.net`. */
  readonly domain: DomainName
  /** What others have to know of the tool, or `null` where there is nothing. */
  readonly habits: Pick<BridgeHabits, 'companion' | 'directories'> | null
  readonly networks: readonly ContainerNetworkPlan[]
}

/** One bridge for containers. */
export interface ContainerNetworkPlan {
  readonly bridge: InterfaceName
  /** The VRF it is in, or `null` for the host's own routing table. */
  readonly vrf: InterfaceName | null
  /** Of the bridge, where it has to be the same on several nodes. */
  readonly mac: Mac | null
  /** True where the bridge is the operator's own: it keeps its addresses and NAT settings. */
  readonly existing: boolean
  readonly mtu: Mtu
  /** The bridge's own addresses: the first of each prefix for a bridge of ours. */
  readonly addresses: readonly InterfaceAddress[]
  readonly prefixes: readonly Prefix[]
  /** First and last IPv4 address that DHCP may lease, or `null` without IPv4. */
  readonly dhcp: readonly [Address, Address] | null
  /** The same for DHCPv6, or `null` where containers may form IPv6 addresses of their own. */
  readonly dhcp6: readonly [Address, Address] | null
  /** Containers that have the same addresses always, whether they exist yet or not. */
  readonly pinned: readonly PinnedContainer[]
}

/** A container and the addresses it is to have on its bridge. */
export interface PinnedContainer {
  readonly name: string
  /** IPv4 first. */
  readonly addresses: readonly Address[]
}

/** What the host's packet filter and kernel must do for the mesh. */
export interface FirewallPlan {
  /** Whether the node has a packet filter of ours. */
  readonly guarded: boolean
  /** Who may send what to whom; made when it is asked for. */
  readonly policy: PolicyPlan
  /** LANs of the mesh, by the interface that they are behind; absent where there is none. */
  readonly lans?: readonly LanSpec[]
  /** Interfaces that packets are forwarded from and to on purpose. */
  readonly forward: readonly InterfaceName[]
  /** Whether containers may ask for the cloud's metadata. */
  readonly metadata: boolean
  readonly tunnel: InterfaceName
  /** `null` in a mesh without VXLAN. */
  readonly overlay: InterfaceName | null
  /** UDP port WireGuard listens on. */
  readonly listenPort: Port
}
