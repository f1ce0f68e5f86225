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
  OsName,
  Port,
  Prefix,
  PublicKey,
  Vni,
} from '../net/index.js'
import type { ExpectSpec } from './expect.js'

/**
 * The things a host needs a tool for; every node has exactly one target, or `none`, for each. In the order they are
 * applied, but for the last, which is what applies them.
 */
export const concerns = [
  'firewall',
  'tunnel',
  'overlay',
  'containers',
  'evpn',
  'routing',
  'names',
  'installer',
] as const
/** One of {@link concerns}. */
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

/** A pool of either family, or none of it, for the networks of containers. */
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

/** `container-address = NAME ADDRESS[, ADDRESS6]` of a node. */
export interface PinnedContainerSpec {
  readonly name: string
  readonly addresses: readonly Address[]
}

/** `lan = INTERFACE PREFIX[, PREFIX6]` of a node. */
export interface LanSpec {
  readonly interface: InterfaceName
  readonly prefixes: readonly Prefix[]
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

/**
 * How container networks are carried: `vxlan`, on an overlay between all nodes, which the CIAB guide has; or
 * `l3`, by WireGuard alone, whose allowed IPs then hold them.
 */
export type Mode = 'vxlan' | 'l3'

/** `reflectors`: `auto` picks two nodes once a full mesh of sessions is too many; `none` has the full mesh. */
export type ReflectorChoice = 'auto' | 'none'

/** Seconds between BGP's keepalives, and until a session without one is down (RFC 4271, section 4.2). */
export interface BgpTimers {
  readonly keepalive: number
  readonly hold: number
}

/** Bidirectional Forwarding Detection (RFC 5880). */
export interface BfdTimers {
  /** Milliseconds between control packets, each way. */
  readonly interval: number
  /** Packets missed before the session is down. */
  readonly multiplier: number
}

/** `[mesh]` */
export interface MeshKeys {
  readonly name: InterfaceName
  readonly mode: Mode
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
  readonly reflectors: ReflectorChoice
  readonly timers: BgpTimers
  readonly bfd: BfdTimers
  readonly 'graceful-restart': boolean
  readonly 'maximum-prefix': number
  readonly 'session-password': boolean
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
  readonly site: string
  readonly 'path-mtu': Mtu
  readonly fwmark: number
  readonly os: OsName
  readonly frr: string
  readonly reflector: boolean
  readonly containers: readonly ContainerNetworkSpec[]
  readonly 'container-runtime': string
  readonly forward: readonly InterfaceName[]
  readonly metadata: boolean
  readonly 'pre-up': readonly string[]
  readonly 'post-up': readonly string[]
  readonly 'pre-down': readonly string[]
  readonly 'post-down': readonly string[]
  readonly firewall: string
  readonly tunnel: string
  readonly overlay: string
  readonly evpn: string
  readonly routing: string
  readonly names: string
  readonly installer: string
}

/** `[node NAME]` */
export interface NodeKeys extends GroupKeys {
  readonly id: number
  readonly endpoint: readonly EndpointSpec[]
  /** What nodes of a site dial instead. */
  readonly [site: `endpoint@${string}`]: readonly EndpointSpec[]
  readonly hostname: string
  readonly 'public-key': PublicKey
  readonly 'next-public-key': PublicKey
  readonly 'key-on-node': boolean
  readonly 'underlay-address': readonly Address[]
  readonly 'overlay-address': readonly OverlayPin[]
  readonly 'container-address': readonly PinnedContainerSpec[]
  readonly 'allowed-ips': readonly Prefix[]
  readonly lan: readonly LanSpec[]
  readonly exit: boolean
  readonly mac: Mac
}

/** `[client NAME]`: a laptop, phone or admin machine. It dials one node, and has no containers. */
export interface ClientKeys {
  /** Among the nodes' own. */
  readonly id: number
  /** The node that carries it. */
  readonly via: string
  readonly 'public-key': PublicKey
  readonly 'key-on-client': boolean
  readonly 'underlay-address': readonly Address[]
  readonly families: readonly AddressFamily[]
  readonly keepalive: number
  /** What its names are looked up with while the tunnel is up. */
  readonly dns: readonly Address[]
  /** Whether all that it sends goes by the node that carries it. */
  readonly 'full-tunnel': boolean
  /** Segments and tenants that it may enter. */
  readonly reach: readonly string[]
}

/** `[segment NAME]`: a network that containers of several nodes share. */
export interface SegmentKeys {
  readonly vni: Vni
  /** Its network, and how much of it each node leases from; IPv6 addresses configure themselves. */
  readonly subnet: ContainerPools
  readonly tenant: string
}

/** `[tenant NAME]`: a routing table of its own on its nodes. */
export interface TenantKeys {
  readonly vni: Vni
  readonly containers: ContainerPools
}

/** `[targets]` */
export type TargetKeys = Readonly<Record<Concern, string>>

/** A named section with the span of its header. */
export interface SectionSpec<Keys> {
  readonly name: string
  readonly span: Span
  readonly keys: Written<Keys>
}

/** `[group NAME]`: the keys and the nodes that have them. */
export interface GroupSpec extends SectionSpec<GroupKeys> {
  readonly members: readonly Located<string>[]
}

/** `[segment NAME]`, with the nodes it is on, or `null` where it does not say: on its tenant's, or without one on all. */
export interface SegmentSpec extends SectionSpec<SegmentKeys> {
  readonly nodes: readonly Located<string>[] | null
}

/** `[tenant NAME]`, with the nodes it is on, or `null` where it does not say: on all. */
export interface TenantSpec extends SectionSpec<TenantKeys> {
  readonly nodes: readonly Located<string>[] | null
  /** Tenants that it shares its networks with, and they theirs. */
  readonly share: readonly Located<string>[]
}

/** mesh.ini as written: well-formed values with their places, nothing defaulted, nothing compared. */
export interface MeshSpec {
  readonly mesh: { readonly span: Span; readonly keys: Written<MeshKeys> }
  readonly nodes: readonly SectionSpec<NodeKeys>[]
  readonly clients: readonly SectionSpec<ClientKeys>[]
  readonly groups: readonly GroupSpec[]
  readonly segments: readonly SegmentSpec[]
  readonly tenants: readonly TenantSpec[]
  /** Pairs that do not peer, as written: `node1 = node4, node5`. */
  readonly exclude: readonly (readonly [Located<string>, Located<string>])[]
  readonly targets: Written<TargetKeys>
  /** `[expect]`, or `null` where mesh.ini has none. */
  readonly expect: ExpectSpec | null
}
