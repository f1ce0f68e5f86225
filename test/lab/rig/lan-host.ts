import { ping } from './container.js'
import type { Host } from './host.js'
import { Ledger } from './ledger.js'
import { Namespace } from './namespace.js'

/** A network behind a node's interface: the node has the first address of each family, a host in it the eighth. */
export interface Lan {
  readonly interface: string
  readonly ipv4: string
  readonly ipv6: string
}

/** A NAS: it knows nothing of any mesh, and has the node for its router. */
export class LanHost {
  private constructor(
    readonly name: string,
    readonly machine: Namespace,
    readonly addresses: readonly string[],
    /** Who has pinged it, by the address it saw. */
    readonly ledger: Ledger,
  ) {}

  static async open(name: string, host: Host, { interface: device, ipv4, ipv6 }: Lan): Promise<LanHost> {
    const machine = await Namespace.open(name)
    host.machine.cable(device, machine, 'eth0')
    host.machine.sh(
      'ip link set "$1" up; ip address add "$2.1/24" dev "$1"; ip address add "$3::1/64" dev "$1" nodad',
      device,
      ipv4,
      ipv6,
    )
    machine.sh(
      `ip link set eth0 up
      ip address add "$1.8/24" dev eth0; ip address add "$2::8/64" dev eth0 nodad
      ip route add default via "$1.1"; ip -6 route add default via "$2::1"`,
      ipv4,
      ipv6,
    )
    return new LanHost(name, machine, [`${ipv4}.8`, `${ipv6}::8`], Ledger.open(machine))
  }

  ping(addresses: readonly string[], patience?: number): string[] {
    const input = [...addresses.map(address => ping(address, '', patience)), 'wait', ''].join('\n')
    return this.machine
      .must(['sh'], { input })
      .split('\n')
      .filter(line => line !== '')
  }
}
