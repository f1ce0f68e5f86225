import type { Address, Asn, InterfaceName, Mac, Port, Prefix, PresharedKey, Vni } from '../net/index.js'
import type { BfdTimers, BgpTimers } from './spec.js'

/* What one node is told of routing: BGP's part of {@link NodePlan}. */

/** BGP on this node. */
export interface RoutingPlan {
  /** What it is in route reflection (RFC 4456); `peer` where all speak with all. */
  readonly role: RoutingRole
  readonly asn: Asn
  readonly routerId: Address
  /** The IPv4 address that sessions come from: the overlay's, or the underlay's in a mesh without VXLAN. */
  readonly source: Address
  /** Whether IPv6 routes are exchanged too. */
  readonly ipv6: boolean
  /** The next hop of the IPv6 routes that it announces; `null` where it has no address of the kind. */
  readonly nextHop6: Address | null
  /** The node's own container networks, and the clients that it carries. */
  readonly originates: readonly Prefix[]
  /** Networks of segments that it is on, which other members announce too. */
  readonly shared: readonly Prefix[]
  /** Whom it has a session with: of all others, or, with reflectors, of the (other) reflectors. */
  readonly neighbors: readonly NeighborPlan[]
  /** A reflector's clients. */
  readonly clients: readonly NeighborPlan[]
  /**
   * Nodes whose networks no filter here names, because they come by reflectors, or from one: with their networks. Empty
   * where there are none.
   */
  readonly unfiltered: readonly NeighborPlan[]
  /** What reflectors may pass on: all that nodes announce, as ranges. Empty where there is none. */
  readonly reflected: readonly PrefixRange[]
  readonly timers: BgpTimers
  readonly bfd: BfdTimers
  readonly gracefulRestart: boolean
  /** Of all sessions (RFC 2385), or `null` for none. */
  readonly password: PresharedKey | null
  /** Most prefixes that a neighbor may announce in a family before its session ends, or `null` for no limit. */
  readonly maximumPrefix: number | null
}

/** What a node is in route reflection: one of its reflectors or clients, or without reflectors a peer of all. */
export type RoutingRole = 'peer' | 'reflector' | 'client'

/** The prefixes within one that are `from` to `to` bits long. */
export interface PrefixRange {
  readonly prefix: Prefix
  readonly from: number
  readonly to: number
}

/** Another node as BGP sees it. */
export interface NeighborPlan {
  readonly name: string
  readonly id: number
  readonly address: Address
  /** The next hop of its IPv6 routes, as its own {@link RoutingPlan} has it. */
  readonly nextHop6: Address | null
  readonly asn: Asn
  /** Exactly the prefixes it may announce: its own container networks, its clients, and segments that it is on. */
  readonly accepts: readonly Prefix[]
}

/** Ethernet VPN (RFC 7432, RFC 8365, RFC 9136): the segments and tenants of this node. */
export interface EvpnPlan {
  /** UDP port of VXLAN. */
  readonly port: Port
  /** Our VTEP: the IPv4 underlay address, which sessions come from as well. */
  readonly local: Address
  /** Of this node's devices, which is also the address that routed packets are sent to. */
  readonly mac: Mac
  /** Whether the sessions of {@link RoutingPlan} carry this too, because they have the same ends. */
  readonly sharesSessions: boolean
  readonly neighbors: readonly EvpnNeighborPlan[]
  readonly clients: readonly EvpnNeighborPlan[]
  /** Of this node's segments and tenants; a reflector's are all of the mesh. */
  readonly vnis: readonly Vni[]
  readonly segments: readonly SegmentPlan[]
  readonly tenants: readonly TenantPlan[]
}

/** Another node as EVPN sees it. */
export interface EvpnNeighborPlan {
  readonly name: string
  readonly id: number
  /** Its VTEP, which is the next hop of all that it announces. */
  readonly address: Address
  readonly asn: Asn
  /** Of the segments and tenants that it is on: the only ones that it may announce into. */
  readonly vnis: readonly Vni[]
}

/** A bridge of ours that a VXLAN device joins to those of the other members. */
export interface SegmentPlan {
  readonly name: string
  readonly vni: Vni
  readonly vxlan: InterfaceName
  readonly bridge: InterfaceName
}

/** A tenant on this node: a VRF, and a VXLAN device for what is routed to its other nodes. */
export interface TenantPlan {
  readonly name: string
  /** Also the number of the routing table. */
  readonly vni: Vni
  readonly vrf: InterfaceName
  readonly vxlan: InterfaceName
  /** Holds the VXLAN device. */
  readonly bridge: InterfaceName
  /** Of containers; they are to be in the VRF. */
  readonly bridges: readonly InterfaceName[]
  readonly originates: readonly Prefix[]
  /** Of these, the networks that nobody else has: where one has no route of its own, nothing else may be one. */
  readonly blackholes: readonly Prefix[]
  /** Networks of this node's other tenants that it shares with: reached from here, and announced to its own. */
  readonly leaks: readonly LeakPlan[]
  /** Clients of this node that may enter it: reached from its networks, and announced to its other nodes. */
  readonly guests: readonly GuestPlan[]
  /** What the other nodes announce into it. */
  readonly announced: readonly AnnouncedPlan[]
}

/** What a node announces into a tenant's routing table: its own part, and what it shares there. */
export interface AnnouncedPlan {
  readonly vrf: InterfaceName
  readonly name: string
  readonly prefixes: readonly Prefix[]
}

/** A client of this node that enters a tenant, or a segment in it. */
export interface GuestPlan {
  readonly client: string
  /** What it enters: the tenant's name, or the segment's. */
  readonly into: string
  /** The client's addresses in the families that the networks have: /32 and /128. */
  readonly addresses: readonly Prefix[]
  /** What it may enter there. */
  readonly networks: readonly Prefix[]
}

/** A way from one tenant's routing table to a bridge of another's. */
export interface LeakPlan {
  readonly prefix: Prefix
  readonly bridge: InterfaceName
  readonly vrf: InterfaceName
}
