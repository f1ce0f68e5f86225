import type { Imported } from './imported.js'
import { Internet, server, siteOf } from './internet.js'
import { Machine, type Setup } from './machine.js'
import type { Mover, Way } from './mixture.js'
import type { Resident, Village } from './villages.js'

/** A way from a resident to another, or to the internet by its hub. */
export interface VillageWay extends Way {
  readonly one: Resident
  readonly other: Resident | null
}

/** A village in the lab: a machine for each resident, and doors that lead to them. */
export class SettledVillage {
  private constructor(
    readonly internet: Internet,
    private readonly machines: ReadonlyMap<Resident, Machine>,
    private readonly village: Village,
  ) {}

  static async open(village: Village, setup: readonly string[]): Promise<SettledVillage> {
    const internet = await Internet.open()
    const machines = new Map<Resident, Machine>()
    for (const [index, resident] of village.residents.entries())
      machines.set(resident, await Machine.open(resident.name, internet, index + 1))
    const settled = new SettledVillage(internet, machines, village)
    settled.openDoors()
    for (const [resident, { namespace }] of machines) {
      for (const line of setup) namespace.sh(line)
      for (const address of resident.behind) namespace.sh('ip address add "$1" dev lo', address)
      // Whose file others go through has it in a file that is not wg-quick's.
      if (resident.hub === null)
        namespace.sh('sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1')
    }
    return settled
  }

  async close(): Promise<void> {
    for (const { namespace } of this.machines.values()) await namespace.close()
    await this.internet.namespace.close()
  }

  /** As NAT routers lead what is sent to a port of theirs to one behind them; names stand in everybody's hosts. */
  private openDoors(): void {
    const { doors, residents } = this.village
    const rules = doors.flatMap(({ host, port, to }) => {
      const { ipv4, ipv6 } = siteOf(residents.indexOf(to) + 1)
      if (/^[\d.]+$/.test(host))
        return [`ip daddr ${host} udp dport ${port} dnat ip to ${ipv4}:${to.listenPort ?? port}`]
      if (host.includes(':'))
        return [`ip6 daddr ${host} udp dport ${port} dnat ip6 to [${ipv6}]:${to.listenPort ?? port}`]
      for (const { namespace } of this.machines.values())
        namespace.sh('echo "$1 $2" >>/etc/hosts', ipv4, host)
      return []
    })
    const chain = 'type nat hook prerouting priority dstnat'
    this.internet.namespace.must(['nft', '-f', '-'], {
      input: `table inet doors {\nchain prerouting {\n${[chain, ...new Set(rules)].join('\n')}\n}\n}\n`,
    })
  }

  machineOf(resident: Resident): Machine {
    return this.machines.get(resident) as Machine
  }

  siteOf(resident: Resident): string {
    return siteOf(this.village.residents.indexOf(resident) + 1).ipv4
  }

  old({ device, text }: Resident): Setup {
    return { device, files: [[`/etc/wireguard/${device}.conf`, text]] }
  }

  movers(imported: Imported): Mover[] {
    return this.village.residents.map(resident => ({
      machine: this.machineOf(resident),
      old: this.old(resident),
      fresh: imported.setupOf(resident.privateKey),
    }))
  }

  /** From each to each address of each other, and to the internet by the hub. */
  ways(): VillageWay[] {
    const { residents } = this.village
    return residents.flatMap(one => [
      ...residents
        .filter(other => other !== one)
        .flatMap(other =>
          [...other.addresses, ...other.behind].map(to => ({
            from: this.machineOf(one),
            to,
            one,
            other,
            text: `${one.name} to ${other.name} (${to})`,
          })),
        ),
      ...(one.goesOut
        ? [
            {
              from: this.machineOf(one),
              to: server.ipv4,
              one,
              other: null,
              text: `${one.name} to the internet by ${one.hub}`,
            },
          ]
        : []),
    ])
  }
}
