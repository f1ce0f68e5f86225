import { Ledger } from './ledger.js'
import type { Bridge } from './lxd.js'
import { Namespace } from './namespace.js'

/** A container behind a node's bridge: its own network and mounts, with the addresses DHCP would give it. */
export class Container {
  private constructor(
    readonly name: string,
    readonly namespace: Namespace,
    readonly bridge: Bridge,
    /** The node's end of its cable, on the bridge. */
    readonly port: string,
    readonly ipv4: string,
    readonly ipv6: string,
    /** Who has pinged it, by the address it saw. */
    readonly ledger: Ledger,
  ) {}

  static async open(machine: Namespace, bridge: Bridge, number: number): Promise<Container> {
    const name = `${machine.name}c${number}`
    const namespace = await Namespace.open(name)
    const port = `veth${number}`
    machine.cable(port, namespace, 'eth0')
    const ipv4 = leased(bridge, number)
    // No two nodes lease the same IPv4 address, so that this is nobody else's either, as one from a MAC would be.
    const ipv6 = bridge.ipv6.replace(/::1\/\d+$/, ipv4.replace(/^\d+\.\d+\.(\d+)\.(\d+)$/, '::$1:$2'))
    machine.sh('ip link set "$1" mtu "$3" master "$2" up', port, bridge.name, String(bridge.mtu))
    namespace.sh(
      `sysctl -qw net.ipv6.conf.eth0.accept_dad=0
      ip link set eth0 mtu "$1" up
      ip address add "$2" dev eth0
      ip address add "$3" dev eth0 nodad
      ip route add default via "\${4%/*}"
      ip -6 route add default via "\${5%/*}"`,
      String(bridge.mtu),
      `${ipv4}/${bridge.ipv4.split('/')[1]}`,
      `${ipv6}/${bridge.ipv6.split('/')[1]}`,
      bridge.ipv4,
      bridge.ipv6,
    )
    return new Container(name, namespace, bridge, port, ipv4, ipv6, Ledger.open(namespace))
  }

  /** Pings each address once, all at a time; returns those that answered. */
  ping(addresses: readonly string[]): string[] {
    return this.answered(addresses.map(address => ping(address)))
  }

  /** The addresses that answer an IP packet of `size` bytes that nobody on the way may fragment. */
  fitting(addresses: readonly string[], size: number, patience?: number): string[] {
    return this.answered(
      addresses.map(address => {
        const headers = address.includes(':') ? 40 + 8 : 20 + 8
        return ping(address, `-M do -s ${size - headers}`, patience)
      }),
    )
  }

  private answered(pings: readonly string[]): string[] {
    const answered = this.namespace.must(['sh'], { input: [...pings, 'wait', ''].join('\n') })
    return answered.split('\n').filter(line => line !== '')
  }
}

/**
 * A shell's words for one ping in the background that says the address if there is an answer. One packet:
 * a lost one is not made up for. But on a busy machine an answer may take its time.
 */
export const ping = (address: string, options = '', patience = 3): string =>
  `{ ping -n -q -c 1 -W ${patience} ${options} ${address} >/dev/null 2>&1 && echo ${address}; } &`

/** One of the addresses that the node may lease: on a network of several nodes these are its own part of it. */
const leased = ({ ipv4, leases }: Bridge, number: number): string =>
  (leases ?? ipv4.replace(/\d+\/\d+$/, '100')).replace(/\d+$/, last => String(Number(last) + number))
