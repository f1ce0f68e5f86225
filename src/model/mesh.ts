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
  Vni,
} from '../net/index.js'
import type { MtuPlan } from './plan.js'
import type { Concern, Hooks, Pools } from './spec.js'

/** The secrets beside mesh.ini, or `hidden` for a tree that shows none. */
export type Secrets = KeyRing | 'hidden'

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

/** The whole network, from nobody's point of view. Everything is decided and checked. */
export interface Mesh {
  /** Also the WireGuard interface's name. */
  readonly name: InterfaceName
  /** The VXLAN device: `v` + name. */
  readonly overlayInterface: InterfaceName
  readonly vni: Vni
  readonly asn: Asn
  readonly vxlanPort: Port
  readonly mtu: MtuPlan
  readonly underlay: Pools
  readonly overlay: Pools
  /** The container pools, without the size of their parts. */
  readonly containers: Pools
  /** What all preshared keys come from; `hidden` where they are not to be shown, `null` where there are none. */
  readonly presharedSeed: Uint8Array | 'hidden' | null
  /** Those of single pairs, by `pairOf` their public keys; they win. */
  readonly pinnedPresharedKeys: ReadonlyMap<string, PresharedKey>
  /** The domain of the nodes' names. */
  readonly domain: DomainName
  /** Who serves it, the primary first: names of nodes, and full names outside the domain. */
  readonly nameServers: readonly string[]
  /** In order of id. */
  readonly nodes: readonly MeshNode[]
  /**
   * Pairs that are not WireGuard peers, by the two ids, both ways: the id of the node that forwards between
   * them, or `null` where no node can. Every other pair peers directly.
   */
  readonly detours: ReadonlyMap<number, ReadonlyMap<number, number | null>>
}

export interface MeshNode {
  readonly name: string
  readonly id: number
  readonly hostname: string
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
  /** Where it can be dialled, in the order written; none behind NAT. */
  readonly endpoints: readonly MeshEndpoint[]
  /** Families it can dial others in. */
  readonly families: readonly AddressFamily[]
  /** IPv4 first: the VTEP. */
  readonly underlay: readonly InterfaceAddress[]
  readonly overlay: readonly InterfaceAddress[]
  readonly mac: Mac
  /** Further prefixes that the others accept from it and send to it. */
  readonly allowedIps: readonly Prefix[]
  readonly containers: readonly MeshContainerNetwork[]
  readonly hooks: Hooks
  readonly targets: Readonly<Record<Concern, string>>
}

export interface MeshEndpoint {
  readonly endpoint: Endpoint
  /** Families it answers in: one for a literal, those the node says for a name. */
  readonly families: readonly AddressFamily[]
}

export interface MeshContainerNetwork {
  readonly bridge: InterfaceName
  readonly existing: boolean
  readonly addresses: readonly InterfaceAddress[]
  readonly prefixes: readonly Prefix[]
  readonly dhcp: readonly [Address, Address] | null
}
