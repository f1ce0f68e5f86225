import type { Address, InterfaceName, Mac, Port, Prefix, Vni } from '../net/index.js'

/* Who may send what to whom, as one node sees it: the packet filter's part of {@link NodePlan}. */

/**
 * The whole policy of a node. Rows are tried in order, those of each {@link PolicyPoint} by themselves; the first that
 * fits decides, and what none fits passes: it is somebody else's.
 */
export interface PolicyPlan {
  readonly rows: readonly PolicyRow[]
  /** Sets of addresses that rows name. */
  readonly sets: Readonly<Record<string, readonly Prefix[]>>
  /** Frames on the overlay: which addresses each other node may speak under, and from where it may send them. */
  readonly speakers: readonly SpeakerPlan[]
  /** Whether somebody is behind this node, whom the others answer: a client that it carries, a host of its LAN. */
  readonly fronts: boolean
}

/** A row of the policy. What it does not say may be anything. */
export interface PolicyRow {
  readonly at: PolicyPoint
  readonly from: PolicyEnd
  readonly to: PolicyEnd
  readonly what: Traffic | null
  readonly verdict: 'pass' | 'drop'
  /** Why, for whoever reads the filter. Rows with the same reason belong together. */
  readonly because: string
}

/**
 * Where a packet is looked at: as it arrives; as it arrives from where nothing of the mesh is; as one for the host itself; on its way through; and as a frame that a
 * segment has brought and that is for the host.
 */
export type PolicyPoint = 'arrival' | 'outside' | 'host' | 'way' | 'frame'

/** One end of a packet. */
export interface PolicyEnd {
  /** It comes from, or goes to, one of these. */
  readonly on?: readonly InterfaceName[]
  /** The name of a set that its address is in. */
  readonly within?: string
  /** The name of a set that its address is not in. */
  readonly outside?: string
}

/** What kind of packet. */
export type Traffic =
  /** Belongs to a conversation that was let through before. */
  | { readonly kind: 'answer' }
  /** To a port that the host's owner has published: its destination was rewritten (DNAT). */
  | { readonly kind: 'published' }
  /** The host would answer its source by another interface (RFC 3704, strict). */
  | { readonly kind: 'misrouted' }
  /** For an address that the host has, but not on the interface that the packet came in by. */
  | { readonly kind: 'elsewhere' }
  /** Router advertisements (RFC 4861, RFC 6104) and redirects (RFC 792, RFC 4861). */
  | { readonly kind: 'routers' }
  | { readonly kind: 'icmp' }
  /** ICMPv6 alone, of which IPv6's neighbor discovery is. */
  | { readonly kind: 'icmpv6' }
  /** Requests for an address (RFC 2131, RFC 8415). */
  | { readonly kind: 'dhcp' }
  /** Who has which MAC address: ARP (RFC 826), and the two messages of RFC 4861 that say so. */
  | { readonly kind: 'resolution' }
  /** BGP, and BFD on its three ports (RFC 5881, RFC 5883). */
  | { readonly kind: 'sessions' }
  /** VXLAN (RFC 7348) of one of these VNIs. */
  | { readonly kind: 'vxlan'; readonly port: Port; readonly vnis: readonly Vni[] }
  /** VXLAN of the mesh's own VNI, from the VTEP of the node whose MAC address is in it. */
  | { readonly kind: 'overlay'; readonly port: Port; readonly vni: Vni }
  /** A packet out of the overlay, under an address of the node whose MAC address it came from; there is no other way in. */
  | { readonly kind: 'spoken' }

/** Another node on the overlay, for the packet filter. */
export interface SpeakerPlan {
  readonly name: string
  readonly vtep: Prefix
  readonly mac: Mac
  /** Its addresses there, the link-local one too that Linux makes of the MAC address (RFC 4291, appendix A). */
  readonly addresses: readonly Address[]
  /** Its own addresses, its containers' networks, those of segments that it is on, its allowed IPs and its clients. */
  readonly prefixes: readonly Prefix[]
  /** What it answers somebody under who is behind another node: that comes by the tunnel, and goes back by the overlay. */
  readonly answers: readonly Address[]
}
