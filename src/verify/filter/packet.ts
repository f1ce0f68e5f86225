import { familyOf } from '../../net/index.js'

/** What of a packet the rules look at. */
export interface Packet {
  readonly iif: string
  readonly oif: string
  readonly from: string
  readonly to: string
  readonly protocol: 'icmp' | 'udp' | 'tcp'
  readonly port: number | null
  /** Where its frame comes from, on the overlay. */
  readonly mac: string | null
  /** What is in it, where it is VXLAN. */
  readonly vxlan: { readonly vni: string; readonly mac: string } | null
  readonly state: 'new' | 'established'
  /** Whether the interface it came by has its destination. */
  readonly home: boolean
}

/** What most packets have in common with many others: all but the addresses, of IP and of frames. */
export const kindOf = ({ iif, oif, from, protocol, port, vxlan, state, home }: Packet): string =>
  `${iif} ${oif} ${familyOf(from)} ${protocol} ${port} ${vxlan?.vni} ${state} ${home}`
