import type { Span } from '../diagnostics/index.js'
import type {
  Address,
  AddressFamily,
  Asn,
  DomainName,
  EndpointSpec,
  InterfaceAddress,
  InterfaceName,
  Mac,
  Mtu,
  Port,
  Prefix,
  PublicKey,
  Vni,
} from '../net/index.js'

/** The things a host needs a tool for; every node has exactly one target, or `none`, for each. In the order they are applied. */
export const concerns = ['firewall', 'tunnel', 'overlay', 'containers', 'routing', 'names'] as const
export type Concern = (typeof concerns)[number]

/** A value and where it was written. */
export interface Located<T> {
  readonly value: T
  readonly span: Span
  /** Of a key that may stand several times: where each member of the value was written. */
  readonly each?: readonly Span[]
}

/** Keys of a section that were written; the others are absent. */
export type Written<T> = { readonly [Key in keyof T]?: Located<T[Key]> }

/** One IPv4 prefix, one IPv6 prefix, or one of each. */
export interface Pools {
  readonly ipv4: Prefix | null
  readonly ipv6: Prefix | null
}

/** A pool that is cut into one prefix of `length` bits for each node. */
export interface ContainerPool {
  readonly prefix: Prefix
  readonly length: number
}

export interface ContainerPools {
  readonly ipv4: ContainerPool | null
  readonly ipv6: ContainerPool | null
}

/** `containers = BRIDGE PREFIX[, PREFIX6]` of a node. */
export interface ContainerNetworkSpec {
  readonly bridge: InterfaceName
  /** Networks for a bridge of ours, `null` for those derived from the pools. */
  readonly prefixes: readonly Prefix[] | null
  /** The addresses a bridge of the operator's own has, where it was named with them. */
  readonly addresses: readonly InterfaceAddress[]
}

/** `overlay-address`: alone it lies in the pool; with a length of its own it may lie anywhere. */
export interface OverlayPin {
  readonly address: Address
  readonly length: number | null
}

/** Commands the operator wrote, for wg-quick's PreUp, PostUp, PreDown and PostDown, in order. */
export interface Hooks {
  readonly preUp: readonly string[]
  readonly postUp: readonly string[]
  readonly preDown: readonly string[]
  readonly postDown: readonly string[]
}

/** `[mesh]` */
export interface MeshKeys {
  readonly name: InterfaceName
  readonly underlay: Pools
  readonly overlay: Pools
  readonly containers: ContainerPools
  readonly vni: Vni
  readonly asn: Asn
  readonly port: Port
  readonly 'vxlan-port': Port
  readonly 'path-mtu': Mtu
  readonly families: readonly AddressFamily[]
  readonly 'preshared-keys': boolean
  readonly 'container-runtime': string
  readonly 'next-id': number
  readonly domain: DomainName
  readonly 'name-servers': readonly string[]
}

/** What a group may say for its members. */
export interface GroupKeys {
  readonly 'listen-port': Port
  readonly families: readonly AddressFamily[]
  readonly keepalive: number
  readonly 'path-mtu': Mtu
  readonly fwmark: number
  readonly frr: string
  readonly containers: readonly ContainerNetworkSpec[]
  readonly 'container-runtime': string
  readonly 'pre-up': readonly string[]
  readonly 'post-up': readonly string[]
  readonly 'pre-down': readonly string[]
  readonly 'post-down': readonly string[]
  readonly firewall: string
  readonly tunnel: string
  readonly overlay: string
  readonly routing: string
  readonly names: string
}

/** `[node NAME]` */
export interface NodeKeys extends GroupKeys {
  readonly id: number
  readonly endpoint: readonly EndpointSpec[]
  readonly hostname: string
  readonly 'public-key': PublicKey
  readonly 'next-public-key': PublicKey
  readonly 'key-on-node': boolean
  readonly 'underlay-address': readonly Address[]
  readonly 'overlay-address': readonly OverlayPin[]
  readonly 'allowed-ips': readonly Prefix[]
  readonly mac: Mac
}

/** `[targets]` */
export type TargetKeys = Readonly<Record<Concern, string>>

/** A named section with the span of its header. */
export interface SectionSpec<Keys> {
  readonly name: string
  readonly span: Span
  readonly keys: Written<Keys>
}

export interface GroupSpec extends SectionSpec<GroupKeys> {
  readonly members: readonly Located<string>[]
}

/** mesh.ini as written: well-formed values with their places, nothing defaulted, nothing compared. */
export interface MeshSpec {
  readonly file: string
  readonly mesh: { readonly span: Span; readonly keys: Written<MeshKeys> }
  readonly nodes: readonly SectionSpec<NodeKeys>[]
  readonly groups: readonly GroupSpec[]
  /** Pairs that do not peer, as written: `node1 = node4, node5`. */
  readonly exclude: readonly (readonly [Located<string>, Located<string>])[]
  readonly targets: Written<TargetKeys>
}
