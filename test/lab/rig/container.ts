import { Ledger } from './ledger.js'
import type { Bridge } from './lxd.js'
import { Namespace } from './namespace.js'

/** A container behind a node's bridge: its own network and mounts, with the addresses DHCP would give it. */
export class Container {
  private constructor(
    readonly name: string,
    readonly namespace: Namespace,
    readonly bridge: Bridge,
    readonly ipv4: string,
    readonly ipv6: string,
    /** Who has pinged it, by the address it saw. */
    readonly ledger: Ledger,
  ) {}

  static async open(machine: Namespace, bridge: Bridge, number: number): Promise<Container> {
    const name = `${machine.name}c${number}`
    const namespace = await Namespace.open(name)
    machine.cable(`veth${number}`, namespace, 'eth0')
    const ipv4 = neighborOf(bridge.ipv4, 100 + number)
    const ipv6 = neighborOf(bridge.ipv6, 100 + number)
    machine.sh('ip link set "$1" mtu "$3" master "$2" up', `veth${number}`, bridge.name, String(bridge.mtu))
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
    return new Container(name, namespace, bridge, ipv4, ipv6, Ledger.open(namespace))
  }

  /** Pings each address once, all at a time; returns those that answered. */
  ping(addresses: readonly string[]): string[] {
    return this.answered(addresses.map(address => ({ address, options: '' })))
  }

  /** The addresses that answer an IP packet of `size` bytes that nobody on the way may fragment. */
  fitting(addresses: readonly string[], size: number): string[] {
    return this.answered(
      addresses.map(address => {
        const headers = address.includes(':') ? 40 + 8 : 20 + 8
        return { address, options: `-M do -s ${size - headers}` }
      }),
    )
  }

  private answered(pings: readonly { readonly address: string; readonly options: string }[]): string[] {
    const script = pings.map(
      ({ address, options }) =>
        `{ ping -n -q -c 1 -w 1 ${options} ${address} >/dev/null 2>&1 && echo ${address}; } &`,
    )
    const answered = this.namespace.must(['sh'], { input: [...script, 'wait', ''].join('\n') })
    return answered.split('\n').filter(line => line !== '')
  }
}

/** The address in a bridge's network whose last part is `last`. */
const neighborOf = (bridge: string, last: number): string => {
  const address = bridge.replace(/[^.:]+\/\d+$/, String(last))
  if (address === bridge) throw new Error(`${bridge} is not an address of a bridge`)
  return address
}
