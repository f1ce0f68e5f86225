/**
 * What the generator knows of a mesh it made: the facts as they are *meant*, in plain strings and numbers,
 * none of them read back from the product. {@link printMesh} turns them into the text of a mesh.ini.
 */
export interface Blueprint {
  readonly mesh: MeshBlueprint
  readonly nodes: readonly NodeBlueprint[]
  /** Pairs of names. */
  readonly exclude: readonly (readonly [string, string])[]
  readonly groups: readonly GroupBlueprint[]
  readonly segments: readonly SegmentBlueprint[]
  readonly tenants: readonly TenantBlueprint[]
  /** What is behind nodes, where anything is. */
  readonly behind?: BehindBlueprint
  /** Whether the tree is made without secrets. */
  readonly hidden: boolean
}

/** Clients and LANs. */
export interface BehindBlueprint {
  readonly clients: readonly ClientBlueprint[]
  readonly lans: readonly LanBlueprint[]
}

export interface ClientBlueprint {
  readonly name: string
  readonly id: number
  /** `null` for whoever it is by default. */
  readonly via: string | null
  /** Segments and tenants that it enters. */
  readonly reach?: readonly string[]
}

export interface LanBlueprint {
  /** Name of the node. */
  readonly node: string
  readonly interface: string
  readonly prefixes: readonly string[]
}

export type Family = 'ipv4' | 'ipv6'

/** `null` stands for a key that is not written. */
export interface MeshBlueprint {
  readonly name: string
  readonly mode: 'vxlan' | 'l3' | null
  readonly underlay: PoolPair
  readonly overlay: PoolPair
  /** Both `null` for `containers = none`. */
  readonly containers: PartPools
  readonly vni: number | null
  readonly asn: number | null
  readonly port: number | null
  readonly vxlanPort: number | null
  readonly pathMtu: number | null
  readonly families: readonly Family[] | null
  readonly presharedKeys: boolean
  readonly reflectors: 'auto' | 'none' | null
  /** Keepalive and hold time. */
  readonly timers: readonly [number, number] | null
  /** Interval and multiplier. */
  readonly bfd: readonly [number, number] | null
  readonly gracefulRestart: boolean | null
  readonly maximumPrefix: number | null
  readonly sessionPassword: boolean | null
}

/** With the length of each node's part. */
export interface PartPools {
  readonly ipv4: { readonly prefix: string; readonly length: number } | null
  readonly ipv6: { readonly prefix: string; readonly length: number } | null
}

/** What segments and tenants both say; `nodes` is `null` for all, and empty for `none`. */
interface NetworkOfMany {
  readonly name: string
  readonly vni: number | null
  readonly nodes: readonly string[] | null
}

export interface SegmentBlueprint extends NetworkOfMany {
  readonly subnet: PartPools | null
  readonly tenant: string | null
}

export interface TenantBlueprint extends NetworkOfMany {
  readonly containers: PartPools
  readonly share: readonly string[]
}

export interface PoolPair {
  readonly ipv4: string
  readonly ipv6: string | null
}

/** What a node may say itself or have from its group. */
export interface Shared {
  readonly listenPort: number | null
  readonly keepalive: number | null
  readonly site: string | null
  /** Interfaces; empty for `none`. */
  readonly forward: readonly string[] | null
  readonly metadata: boolean | null
  readonly hooks: readonly Hook[]
}

export interface Hook {
  readonly key: 'pre-up' | 'post-up' | 'pre-down' | 'post-down'
  readonly command: string
}

export interface NodeBlueprint extends Shared {
  readonly name: string
  /** Whose test key it has: its own, but for a node that was renamed. */
  readonly keyName: string
  readonly id: number
  /** As written; empty for `none`. */
  readonly endpoints: readonly EndpointBlueprint[]
  /** By site, where something is written for it. */
  readonly endpointsAt: Readonly<Record<string, readonly EndpointBlueprint[]>>
  readonly families: readonly Family[] | null
  readonly hostname: string | null
  readonly fwmark: number | null
  readonly pathMtu: number | null
  readonly os: string | null
  readonly frr: string | null
  readonly reflector: boolean | null
  /** One or two addresses. */
  readonly underlayPins: readonly string[]
  readonly overlayPins: readonly string[]
  readonly mac: string | null
  /** `null` where the key is not written. */
  readonly containers: readonly NetworkBlueprint[] | null
  /** Containers with addresses of their own, no two called the same. */
  readonly pinned: readonly PinnedBlueprint[]
  readonly publicKeyWritten: boolean
  readonly keyOnNode: boolean
  /** Concern → target, where the node chooses its own. */
  readonly targets: Readonly<Record<string, string>>
}

export interface EndpointBlueprint {
  readonly host: string
  /** `null` for a DNS name. */
  readonly family: Family | null
  readonly port: number | null
}

export interface PinnedBlueprint {
  readonly name: string
  readonly addresses: readonly string[]
}

export interface NetworkBlueprint {
  readonly bridge: string
  /** Networks of a new bridge, addresses of an existing one, or the word `auto`. */
  readonly addresses: readonly string[] | 'auto'
  readonly existing: boolean
}

export interface GroupBlueprint extends Shared {
  readonly name: string
  readonly members: readonly string[]
}
