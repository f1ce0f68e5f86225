import type { Address, AddressFamily, Prefix } from '../../net/index.js'
import type { FrrFacts } from './read.js'

/** A node as a frr.conf may name it. */
export interface KnownNode {
  readonly label: string
  readonly hostname: string
  /** Overlay addresses first. */
  readonly addresses: readonly Address[]
  /** Container networks that it has already. */
  readonly networks: readonly Prefix[]
  /** Families in which the mesh's pools give it a container network of its own. */
  readonly pooled: readonly AddressFamily[]
}

/** What frr.conf files are compared with. */
export interface KnownMesh {
  readonly nodes: readonly KnownNode[]
  /** The mesh's own ranges, which no container network shares. */
  readonly pools: readonly Prefix[]
  /** Families that BGP's own addresses have, which carry the containers'. */
  readonly carried: readonly AddressFamily[]
  /** The AS number that mesh.ini has, where that is somebody's word. */
  readonly asn: number | null
}

/** A node and what its file says. */
export interface Placed {
  readonly node: KnownNode
  readonly facts: FrrFacts
}
