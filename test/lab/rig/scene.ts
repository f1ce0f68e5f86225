import type { Container } from './container.js'
import type { Family } from './frames.js'
import { type Host, mesh } from './host.js'
import { server, siteOf } from './internet.js'
import type { Lab } from './lab.js'
import { Namespace } from './namespace.js'
import { Witness } from './witness.js'

type ByFamily = Readonly<Record<Family, string>>

/** A machine or container as an attacker knows it. */
export interface Place {
  readonly machine: Namespace
  readonly addresses: ByFamily
}

/** A node as an attacker knows it. */
export interface Target extends Place {
  readonly host: Host
  /** Of its uplink. */
  readonly mac: string
  /** Of the device that other nodes' frames come out of: the overlay, or without one the tunnel, which has no MAC. */
  readonly overlay: (ByFamily & { readonly mac: string; readonly linkLocal: string }) | null
  readonly underlay: ByFamily
  readonly containers: readonly Container[]
}

/** Cloud metadata, as two clouds have it. */
export const metadata: ByFamily = { ipv4: '169.254.169.254', ipv6: 'fd00:ec2::254' }
/** What is behind node3 and announced. */
export const lan = { ipv4: '192.168.50.0/24', ipv6: 'fd50:50::/64' } as const
const strangerAddresses: ByFamily = { ipv4: '198.18.1.66', ipv6: '2001:2:0:1::66' }
const lanAddresses: ByFamily = { ipv4: '192.168.50.7', ipv6: 'fd50:50::7' }
const apartAddresses: ByFamily = { ipv4: '172.17.0.2', ipv6: 'fd17:17::2' }

/** A mesh's nodes and everybody around them: friend, foe, and those who have nothing to do with it. */
export class Scene {
  private constructor(
    readonly lab: Lab,
    /** On node1's uplink, without any key. */
    readonly stranger: Place,
    /** On a bridge of node1's that is not in the mesh, with a port published, as Docker does it. */
    readonly apart: Place,
    /** In the network behind node3 that others accept from it. */
    readonly lanHost: Place,
    readonly nodes: readonly Target[],
    private readonly witnesses: readonly Witness[],
  ) {}

  static async open(lab: Lab): Promise<Scene> {
    const stranger = await onSite(lab)
    const apart = await onBridgeApart(lab.host('node1'))
    const lanHost = await behind(lab.host('node3'))
    lab.internet.namespace.sh(
      'ip address add "$1/32" dev lo; ip address add "$2/128" dev lo',
      metadata.ipv4,
      metadata.ipv6,
    )
    const nodes = lab.hosts.map(targetOf)
    const witnesses = [
      Witness.open('internet', lab.internet.namespace),
      Witness.open('apart', apart.machine),
      Witness.open('lan', lanHost.machine),
      ...lab.hosts.map(host => Witness.open(host.name, host.machine)),
      ...lab.hosts.flatMap(host =>
        host.containers.map(({ name, namespace }) => Witness.open(name, namespace)),
      ),
    ]
    return new Scene(lab, stranger, apart, lanHost, nodes, witnesses)
  }

  node(number: number): Target {
    const node = this.nodes[number - 1]
    if (!node) throw new Error(`there is no node${number}`)
    return node
  }

  /** Whom node1 sees where the internet asks it: its router. */
  gateway(family: Family): string {
    const { gateway4, gateway6 } = this.node(1).host.uplink.site
    return family === 'ipv4' ? gateway4 : gateway6
  }

  /** The node's container on a bridge that is called so, or on one of its own. */
  container(number: number, bridge?: string): Container {
    const of = this.node(number).containers
    const found = bridge
      ? of.find(container => container.bridge.name === bridge)
      : of.find(container => !container.bridge.name.startsWith('br-'))
    if (!found) throw new Error(`node${number} has no container on ${bridge ?? 'a bridge of its own'}`)
    return found
  }

  forget(): void {
    for (const witness of this.witnesses) witness.clear()
  }

  /** "WHO ID" of all that has come somewhere. */
  seen(): Set<string> {
    return new Set(
      this.witnesses.flatMap(witness => {
        const { ids, adverts } = witness.seen()
        return [
          ...[...ids].map(id => `${witness.name} ${id}`),
          ...[...adverts].map(from => `${witness.name} ${from}`),
        ]
      }),
    )
  }

  async close(): Promise<void> {
    for (const { machine } of [this.stranger, this.apart, this.lanHost]) await machine.close()
  }
}

export const macOf = (machine: Namespace, device: string): string =>
  (JSON.parse(machine.must(['ip', '-json', 'link', 'show', device])) as [{ address: string }])[0].address

const addressesOf = (machine: Namespace, device: string): { local: string; scope: string }[] =>
  (
    JSON.parse(machine.must(['ip', '-json', 'address', 'show', device])) as [
      { addr_info: { local: string; scope: string }[] },
    ]
  )[0].addr_info

const targetOf = (host: Host): Target => {
  const { machine } = host
  const global = (device: string, family: Family): string =>
    addressesOf(machine, device).find(
      ({ local, scope }) => scope === 'global' && local.includes(':') === (family === 'ipv6'),
    )?.local ?? ''
  const both = (device: string): ByFamily => ({ ipv4: global(device, 'ipv4'), ipv6: global(device, 'ipv6') })
  const device = `v${mesh}`
  const overlaid = machine.run(['ip', 'link', 'show', device]).status === 0
  return {
    host,
    machine,
    addresses: both('eth0'),
    mac: macOf(machine, 'eth0'),
    overlay: overlaid
      ? {
          ...both(device),
          mac: macOf(machine, device),
          linkLocal: addressesOf(machine, device).find(({ scope }) => scope === 'link')?.local ?? '',
        }
      : null,
    underlay: both(mesh),
    containers: host.containers,
  }
}

const onSite = async (lab: Lab): Promise<Place> => {
  const machine = await Namespace.open('stranger')
  const { number, gateway4, gateway6 } = siteOf(1)
  lab.internet.namespace.cable('stranger', machine, 'eth0')
  lab.internet.namespace.sh('ip link set stranger master "site$1" up', String(number))
  machine.sh(
    `ip link set eth0 up
    ip address add "$1/24" dev eth0
    ip address add "$2/64" dev eth0 nodad
    ip route add default via "$3"
    ip -6 route add default via "$4"`,
    strangerAddresses.ipv4,
    strangerAddresses.ipv6,
    gateway4,
    gateway6,
  )
  return { machine, addresses: strangerAddresses }
}

/** A bridge with masquerading and a published port, and one container on it. */
const onBridgeApart = async ({ machine: node }: Host): Promise<Place> => {
  const machine = await Namespace.open('apart')
  node.cable('vethapart', machine, 'eth0')
  node.sh(`ip link add docker0 type bridge
    ip address add 172.17.0.1/16 dev docker0
    ip address add fd17:17::1/64 dev docker0 nodad
    ip link set docker0 up
    ip link set vethapart master docker0 up`)
  node.must(['nft', '-f', '-'], {
    input: `table inet docker {
      chain prerouting {
        type nat hook prerouting priority dstnat
        iifname != "docker0" fib daddr type local meta nfproto ipv4 tcp dport 8080 dnat ip to ${apartAddresses.ipv4}:80
        iifname != "docker0" fib daddr type local meta nfproto ipv6 tcp dport 8080 dnat ip6 to [${apartAddresses.ipv6}]:80
      }
      chain postrouting {
        type nat hook postrouting priority srcnat
        oifname != "docker0" ip saddr 172.17.0.0/16 masquerade
        oifname != "docker0" ip6 saddr fd17:17::/64 masquerade
      }
    }`,
  })
  configure(machine, apartAddresses, { ipv4: '172.17.0.1', ipv6: 'fd17:17::1' }, { ipv4: 16, ipv6: 64 })
  return { machine, addresses: apartAddresses }
}

const behind = async ({ machine: node }: Host): Promise<Place> => {
  const machine = await Namespace.open('lan')
  node.cable('eth1', machine, 'eth0')
  node.sh(`ip link set eth1 up
    ip address add 192.168.50.1/24 dev eth1
    ip address add fd50:50::1/64 dev eth1 nodad`)
  configure(machine, lanAddresses, { ipv4: '192.168.50.1', ipv6: 'fd50:50::1' }, { ipv4: 24, ipv6: 64 })
  return { machine, addresses: lanAddresses }
}

const configure = (
  machine: Namespace,
  own: ByFamily,
  gateway: ByFamily,
  length: Readonly<Record<Family, number>>,
): void => {
  machine.sh(
    `ip link set eth0 up
    ip address add "$1" dev eth0
    ip address add "$2" dev eth0 nodad
    ip route add default via "$3"
    ip -6 route add default via "$4"`,
    `${own.ipv4}/${length.ipv4}`,
    `${own.ipv6}/${length.ipv6}`,
    gateway.ipv4,
    gateway.ipv6,
  )
}

export { server }
