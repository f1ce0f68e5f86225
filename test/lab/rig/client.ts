import { readFileSync } from 'node:fs'
import { ping } from './container.js'
import { mesh } from './host.js'
import type { Internet, Site } from './internet.js'
import { Ledger } from './ledger.js'
import { Namespace } from './namespace.js'
import type { Operator } from './operator.js'
import { plugIn, type Uplink, type UplinkKind } from './uplink.js'

/** A laptop: somewhere on the internet, with WireGuard's own tools and nothing of ours but one file. */
export class Client {
  private constructor(
    readonly name: string,
    readonly machine: Namespace,
    readonly uplink: Uplink,
    /** Who has pinged it, by the address it saw. */
    readonly ledger: Ledger,
  ) {}

  static async open(name: string, internet: Internet, site: Site, kind: UplinkKind): Promise<Client> {
    const machine = await Namespace.open(name)
    machine.sh('mount -t tmpfs -o mode=0700 tmpfs /etc/wireguard')
    const uplink = await plugIn(kind, internet, site, machine)
    return new Client(name, machine, uplink, Ledger.open(machine))
  }

  /** Its file, brought to it, and what is in it. */
  receive(operator: Operator): string {
    const text = readFileSync(`${operator.treeFromHere(this.name)}/${mesh}.conf`, 'utf8')
    this.machine.must(['sh', '-c', `umask 077; cat >/etc/wireguard/${mesh}.conf`], { input: text })
    return text
  }

  up(): void {
    this.machine.must(['wg-quick', 'up', mesh])
  }

  down(): void {
    this.machine.must(['wg-quick', 'down', mesh])
  }

  /** Its addresses in the mesh, IPv4 first. */
  get addresses(): string[] {
    const [link] = JSON.parse(
      this.machine.must(['ip', '-json', 'address', 'show', 'dev', mesh, 'scope', 'global']),
    ) as [{ addr_info: { local?: string }[] }]
    return link.addr_info.flatMap(({ local }) => local ?? [])
  }

  /** Pings each address once, all at a time; returns those that answered. */
  ping(addresses: readonly string[], patience?: number, options?: string): string[] {
    const input = [...addresses.map(address => ping(address, options, patience)), 'wait', ''].join('\n')
    return this.machine
      .must(['sh'], { input })
      .split('\n')
      .filter(line => line !== '')
  }

  async close(): Promise<void> {
    await this.uplink.close()
    await this.machine.close()
  }
}
