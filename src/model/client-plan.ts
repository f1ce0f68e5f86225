import type { Address, Mtu, Prefix, PresharedKey, PrivateKey, PublicKey } from '../net/index.js'
import type { PeerPlan } from './plan.js'

/* What one client is told: its whole file. */

/** A client as its file has it. */
export interface ClientPlan {
  /** The mesh's name, which also the file has. */
  readonly mesh: string
  readonly name: string
  readonly id: number
  /** `null` where the client's owner keeps it. */
  readonly privateKey: PrivateKey | null
  readonly publicKey: PublicKey
  /** /32 and /128, IPv4 first. */
  readonly addresses: readonly Prefix[]
  /** As much as every way behind the node carries, so that nothing has to be cut up or sent back. */
  readonly mtu: Mtu
  readonly dns: readonly Address[]
  /** Whether it goes out to the internet by its carrier as well. */
  readonly fullTunnel: boolean
  /** The node that carries it, with all that is reached by it. */
  readonly carrier: PeerPlan
  readonly presharedKey: PresharedKey | null
}
