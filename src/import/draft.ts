import type { Hooks } from '../model/spec.js'
import type { InterfaceAddress, Mac, Prefix, PrivateKey, PublicKey } from '../net/index.js'

/** What mesh.ini will say: found facts with every open question settled. Text values are as mesh.ini has them. */
export interface Draft {
  readonly name: string
  readonly underlay: readonly Prefix[]
  readonly overlay: readonly Prefix[]
  readonly vni: number | null
  readonly port: number
  readonly vxlanPort: number | null
  readonly pathMtu: number
  /** True where all of the mesh dials IPv4 only, which gains 20 bytes. */
  readonly ipv4Only: boolean
  readonly nodes: readonly DraftNode[]
  /** By label, each pair once. */
  readonly exclude: readonly (readonly [string, string])[]
}

export interface DraftNode {
  /** As mesh.ini calls it. */
  readonly label: string
  /** As the file called it. */
  readonly found: string
  readonly id: number
  readonly hostname: string | null
  readonly endpoint: string
  readonly site: string | null
  /** What the nodes of its site dial, or `null` for what everybody does. */
  readonly endpointAtSite: string | null
  readonly families: string | null
  readonly privateKey: PrivateKey | null
  readonly publicKey: PublicKey | null
  readonly keyOnNode: boolean
  /** The node that carries it, by label, where it is a client and no node. */
  readonly via: string | null
  /** Whether its clients go out to the internet by it. */
  readonly exit: boolean
  /** Whether it is a client that does. */
  readonly fullTunnel: boolean
  readonly listenPort: number
  readonly fwmark: number | null
  readonly keepalive: number | null
  /** `null`: derived from the id. */
  readonly underlay: readonly InterfaceAddress[]
  readonly overlay: readonly InterfaceAddress[]
  readonly mac: Mac | null
  readonly allowedIps: readonly Prefix[]
  readonly hooks: Hooks
}
