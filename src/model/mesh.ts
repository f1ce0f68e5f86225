import type {
  Address,
  AddressFamily,
  Asn,
  DomainName,
  Endpoint,
  InterfaceAddress,
  InterfaceName,
  Mac,
  Port,
  Prefix,
  PresharedKey,
  PrivateKey,
  PublicKey,
  Release,
  Vni,
} from '../net/index.js'
import type { BridgeHabits, ContainerNetworkPlan, MtuPlan } from './plan.js'
import type { BfdTimers, BgpTimers, Concern, ContainerPools, Hooks, LanSpec, Mode, Pools } from './spec.js'

/** The secrets beside mesh.ini, or `hidden` for a tree that shows none. */
export type Secrets = KeyRing | 'hidden'

/** The secrets of `keys/`. */
export interface KeyRing {
  /** By node name. */
  readonly privateKeys: ReadonlyMap<string, PrivateKey>
  /** Public halves, by node name, that whoever read the keys has derived already; resolve derives the others. */
  readonly publicKeys?: ReadonlyMap<string, PublicKey>
  /** 32 random bytes that all preshared keys come from, or `null` where there are none yet. */
  readonly presharedSeed: Uint8Array | null
  /** Preshared keys of single pairs that were there before, by `pairOf` their public keys. */
  readonly pinnedPresharedKeys?: ReadonlyMap<string, PresharedKey>
}

/** What all sessions have in common. */
export interface BgpSettings {
  readonly timers: BgpTimers
  readonly bfd: BfdTimers
  readonly gracefulRestart: boolean
  readonly maximumPrefix: number | null
}

/** The whole network, from nobody's point of view. Everything is decided and checked. */
export interface Mesh {
  /** Also the WireGuard interface's name. */
  readonly name: InterfaceName
  readonly mode: Mode
  readonly vni: Vni
  readonly asn: Asn
  readonly vxlanPort: Port
  readonly mtu: MtuPlan
  readonly bgp: BgpSettings
  readonly underlay: Pools
  readonly overlay: Pools
  readonly containerPools: ContainerPools
  /** What all preshared keys come from; `hidden` where they are not to be shown, `null` where there are none. */
  readonly presharedSeed: Uint8Array | 'hidden' | null
  /** Of all BGP sessions, or `null` for none. */
  readonly sessionPassword: PresharedKey | null
  /** Those of single pairs, by `pairOf` their public keys; they win. */
  readonly pinnedPresharedKeys: ReadonlyMap<string, PresharedKey>
  /** The domain of the nodes' names. */
  readonly domain: DomainName
  /** Whether mesh.ini says so, or it is the one for private use. */
  readonly domainWritten: boolean
  /** Who serves it, the primary first: names of nodes, and full names outside the domain. */
  readonly nameServers: readonly string[]
  /** In order of id. */
  readonly nodes: readonly MeshNode[]
  /** In order of name. */
  readonly segments: readonly MeshSegment[]
  /** In order of name. */
  readonly tenants: readonly MeshTenant[]
  /**
   * Pairs that are not WireGuard peers, by the two ids, both ways: the id of the node that forwards between
   * them, or `null` where no node can. Every other pair peers directly.
   */
  readonly detours: ReadonlyMap<number, ReadonlyMap<number, number | null>>
}

/** A node with all that is decided about it. */
export interface MeshNode {
  readonly name: string
  readonly id: number
  /** Whether it reflects routes between the others (RFC 4456). */
  readonly reflector: boolean
  readonly hostname: string
  /** What its operating system ships, or `null` where mesh.ini does not say. */
  readonly release: Release | null
  readonly frr: string | null
  readonly listenPort: Port
  readonly fwmark: number | null
  /** Seconds, where mesh.ini says them; 0 for never. */
  readonly keepalive: number | null
  readonly publicKey: PublicKey
  /** The key it is about to have, or `null` where it keeps the one it has. */
  readonly nextPublicKey: PublicKey | null
  /** `null` where the node's owner keeps it. */
  readonly privateKey: PrivateKey | null
  /** The place that it stands in, with others that mesh.ini says the same of. */
  readonly site: string | null
  /** Where it can be dialled, in the order written, which says nothing; none behind NAT. */
  readonly endpoints: readonly MeshEndpoint[]
  /** By site, in order of name: where the nodes of that site dial it instead. */
  readonly endpointsAt: ReadonlyMap<string, readonly MeshEndpoint[]>
  /** Families it can dial others in, the one it would rather first. */
  readonly families: readonly AddressFamily[]
  /** The same for endpoints that are for nodes of its site. */
  readonly familiesAtSite: readonly AddressFamily[]
  /** IPv4 first: the VTEP. */
  readonly underlay: readonly InterfaceAddress[]
  readonly overlay: readonly InterfaceAddress[]
  readonly mac: Mac
  /** Further prefixes that the others accept from it and send to it. */
  readonly allowedIps: readonly Prefix[]
  readonly networks: readonly MeshContainerNetwork[]
  /** Networks behind its interfaces that belong to the mesh, hosts and all. */
  readonly lans: readonly LanSpec[]
  /** Whether the clients that it carries may go out to the internet by it. */
  readonly exit: boolean
  /** Whom it carries, in order of id. */
  readonly clients: readonly MeshClient[]
  readonly hooks: Hooks
  /** Of the target for `containers`, or `null` where it has none. */
  readonly bridgeHabits: BridgeHabits | null
  /** Interfaces between which and the mesh packets are forwarded on purpose. */
  readonly forward: readonly InterfaceName[]
  /** Whether its containers may ask for the cloud's metadata. */
  readonly metadata: boolean
  readonly targets: Readonly<Record<Concern, string>>
}

/** A machine that dials one node, and reaches the mesh by it. */
export interface MeshClient {
  readonly name: string
  /** No node has it. */
  readonly id: number
  readonly publicKey: PublicKey
  /** `null` where its owner keeps it. */
  readonly privateKey: PrivateKey | null
  /** In the underlay pool, /32 and /128, IPv4 first: the others know it by these. */
  readonly addresses: readonly Prefix[]
  /** Families it can dial in, the one it would rather first. */
  readonly families: readonly AddressFamily[]
  /** Seconds; `null` for never. */
  readonly keepalive: number | null
  readonly dns: readonly Address[]
  /** Whether all that it sends goes by its node, which is an exit. */
  readonly fullTunnel: boolean
  /** Names of segments and tenants that it may enter. */
  readonly reach: readonly string[]
}

/** A network that containers of several nodes share: one VNI between their bridges (RFC 8365). */
export interface MeshSegment {
  readonly name: string
  readonly vni: Vni
  /** The tenant whose routing table it is in, or `null` for the hosts' own. */
  readonly tenant: string | null
  /** Ids, ascending. */
  readonly members: readonly number[]
  readonly vxlan: InterfaceName
  readonly bridge: InterfaceName
  /** Of the bridge, the same on every member: its containers' gateway is always the one at hand. */
  readonly mac: Mac
  readonly prefixes: readonly Prefix[]
  /** The bridge's addresses, the same on every member; none where the segment has no subnet. */
  readonly gateways: readonly InterfaceAddress[]
  /** By id: what each member leases, so that no two ever give the same address. */
  readonly leases: ReadonlyMap<number, readonly [Address, Address]>
}

/** A routing table of its own on its members, with networks that nobody else reaches (RFC 9136). */
export interface MeshTenant {
  readonly name: string
  /** The one that routed packets travel under, and the number of the routing table. */
  readonly vni: Vni
  /** Ids, ascending. */
  readonly members: readonly number[]
  readonly vrf: InterfaceName
  readonly vxlan: InterfaceName
  /** Where its routing table is, ascending: on its members, and on those of tenants that it shares with. */
  readonly present: readonly number[]
  /** Takes the VXLAN device in; containers are on bridges of their own. */
  readonly bridge: InterfaceName
  /** What its networks are cut from, IPv4 first. */
  readonly pools: readonly Prefix[]
  /** By id. */
  readonly networks: ReadonlyMap<number, MeshContainerNetwork>
  /** Tenants that it shares its networks with, and they with it; by name. */
  readonly shares: readonly string[]
}

/** Where a node can be dialled. */
export interface MeshEndpoint {
  readonly endpoint: Endpoint
  /** Whether it is a DNS name. */
  readonly named: boolean
  /** Families it answers in: one for a literal, those the node says for a name. */
  readonly families: readonly AddressFamily[]
}

/** A bridge for containers and what is on it. */
export type MeshContainerNetwork = Omit<ContainerNetworkPlan, 'vrf' | 'mac' | 'mtu'>
