import type { Hooks } from '../model/spec.js'
import type {
  EndpointSpec,
  InterfaceAddress,
  Mac,
  Port,
  Prefix,
  PresharedKey,
  PrivateKey,
  PublicKey,
} from '../net/index.js'

/** What foreign files say about a mesh: the same shape whichever tool wrote them. `null` is not said. */
export interface FoundMesh {
  /** The WireGuard interface, as the files call it. */
  readonly name: string | null
  readonly vni: number | null
  readonly vxlanPort: Port | null
  /** MTUs that the old tool gave the two devices. */
  readonly mtu: { readonly tunnel: number | null; readonly overlay: number | null }
  /** Pools that overlay addresses were drawn from. */
  readonly pools: readonly Prefix[]
  readonly nodes: readonly FoundNode[]
  /** Pairs that do not peer, by the names in the files. */
  readonly exclude: readonly (readonly [string, string])[]
  readonly presharedKeys: readonly FoundPresharedKey[]
  /** What the files say of each other. */
  readonly views: readonly FoundView[]
  /** Whether vwgen's own defaults shaped the tunnel: /16 of link-local addresses, VXLAN with `ttl 1`, and so on. */
  readonly tool: 'vwgen' | 'ciab-gen' | 'other'
}

/** What foreign files say about one node. */
export interface FoundNode {
  /** As the file calls it; unique. */
  readonly name: string
  /** The file it was found in. */
  readonly file: string
  /** Whether that is a file of its own; others only know it as a peer. */
  readonly given: boolean
  /** Its WireGuard interface, which hooks may name. */
  readonly interface: string | null
  /** VXLAN devices of its own, in whose stead the mesh makes one. */
  readonly replaced: readonly string[]
  /** What its own file routes into the tunnel, or `null` without one. */
  readonly routed: readonly Prefix[] | null
  readonly privateKey: PrivateKey | null
  readonly publicKey: PublicKey | null
  /** True where another file than ours holds the private key, or where only peers' files are known. */
  readonly keyElsewhere: boolean
  readonly endpoints: readonly EndpointSpec[] | null
  /** Where it stands, if some dial it otherwise than the rest. */
  readonly site: string | null
  /** Where the nodes of that site dial it; none where they dial it as everybody does. */
  readonly endpointsAtSite: readonly EndpointSpec[]
  readonly listenPort: Port | null
  readonly fwmark: number | null
  /** Seconds toward all its peers; `null` where nothing is said. */
  readonly keepalive: number | null
  /** Addresses of the WireGuard interface, with their lengths. */
  readonly underlay: readonly InterfaceAddress[]
  /** What its peers accept from it and send to it; `null` where no file says so. */
  readonly allowedIps: readonly Prefix[] | null
  /** Addresses on the VXLAN device, with their lengths. */
  readonly overlay: readonly InterfaceAddress[]
  readonly mac: Mac | null
  readonly hooks: Hooks
}

/** Wherever somebody dials it. */
export const dialledAt = ({ endpoints, endpointsAtSite }: FoundNode): readonly EndpointSpec[] => [
  ...(endpoints ?? []),
  ...endpointsAtSite,
]

/** What one node's file says of a peer; the names are those in the files. */
export interface FoundView {
  readonly from: string
  readonly to: string
  readonly endpoint: EndpointSpec | null
  /** An endpoint that no other machine dials: a program on the same host carries the packets. */
  readonly proxy: string | null
  readonly allowedIps: readonly Prefix[]
}

/** A preshared key of two nodes, by the names in the files. */
export interface FoundPresharedKey {
  readonly nodes: readonly [string, string]
  readonly key: PresharedKey
}

export const noHooks: Hooks = { preUp: [], postUp: [], preDown: [], postDown: [] }
