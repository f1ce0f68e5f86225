import type { Client } from './client.js'
import type { Host } from './host.js'
import type { Lab, Other } from './lab.js'
import type { LanHost } from './lan-host.js'
import { pingEveryPair } from './pings.js'

/** What of a node's plan says who can be reached there. */
interface Plan {
  readonly name: string
  readonly tunnel: { readonly routes: readonly string[]; readonly clients: readonly string[] }
  readonly containers: { readonly networks: readonly { bridge: string; addresses: readonly string[] }[] }
  readonly firewall: { readonly lans: readonly { interface: string }[] }
}

const directory = '/run/lab/mesh'

/** A lab in the course of time: what its mesh.ini was, and who is where because of it. */
export class Life {
  readonly clients: Client[] = []
  /** Those that have a file of the mesh. */
  private readonly imported = new Set<Client>()
  /** Hosts behind nodes, whether mesh.ini knows of their network or not. */
  readonly lanHosts = new Map<Host, LanHost>()
  /** A prefix behind a node, with an address of it that the node has. */
  readonly behind = new Map<Host, string>()
  private readonly past: string[] = []
  private numbers: number
  private plans: readonly Plan[] = []

  constructor(readonly lab: Lab) {
    this.numbers = lab.hosts.length
    this.read()
  }

  /** A number that no machine of this lab ever had. */
  next(): number {
    return ++this.numbers
  }

  /** Reads what mesh.ini makes of the nodes. */
  read(): void {
    this.plans = JSON.parse(this.lab.operator.ciabGen('plan')) as Plan[]
  }

  /** Keeps mesh.ini and keys as they are. */
  remember(): number {
    this.lab.operator.namespace.sh(
      'rm -rf "$2" && mkdir -p "$2" && cp -a "$1/mesh.ini" "$1/keys" "$2"',
      directory,
      `/run/lab/past/${this.past.length}`,
    )
    return this.past.push(this.names()) - 1
  }

  /** Which of the moments before had the nodes and clients of now. */
  moments(): readonly number[] {
    return this.past.flatMap((names, number) => (names === this.names() ? [number] : []))
  }

  /** Puts mesh.ini and keys back to what they were then. */
  goBack(moment: number): void {
    this.lab.operator.namespace.sh(
      'rm -rf "$1/keys" && cp -a "$2/mesh.ini" "$2/keys" "$1"',
      directory,
      `/run/lab/past/${moment}`,
    )
  }

  /** That moment came to nothing. */
  forget(moment: number): void {
    this.past[moment] = ''
  }

  private names(): string {
    return [...this.lab.hosts, ...this.clients]
      .map(({ name }) => name)
      .sort()
      .join(' ')
  }

  /** Ends the containers on bridges that the node is to have no more. */
  async endContainers(): Promise<void> {
    for (const host of this.lab.hosts) {
      const kept = this.bridgesOf(host)
      for (const { bridge } of [...host.containers])
        if (!kept.includes(bridge.name)) await host.closeContainers(bridge.name)
    }
  }

  /** Starts a container on each bridge that is there and has none. */
  async startContainers(): Promise<void> {
    for (const host of this.lab.hosts)
      for (const bridge of this.bridgesOf(host))
        if (!host.containers.some(container => container.bridge.name === bridge))
          await host.openContainer(bridge)
  }

  /** Of containers, which need an IPv4 address to be told one. */
  private bridgesOf(host: Host): string[] {
    const networks = this.plans.find(({ name }) => name === host.name)?.containers.networks ?? []
    return networks.flatMap(({ bridge, addresses }) => (addresses.length > 0 ? [bridge] : []))
  }

  /** Clients that are new, or of these names, import their file. */
  importAnew(names: readonly string[]): void {
    for (const client of this.clients) {
      const known = this.imported.has(client)
      if (known && !names.includes(client.name)) continue
      if (known) client.down()
      client.receive(this.lab.operator)
      client.up()
      this.imported.add(client)
    }
  }

  /** Who should answer, and does not. */
  wrong(): string[] {
    const { hosts } = this.lab
    const targets = hosts.flatMap(host =>
      host.containers.slice(0, 1).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]),
    )
    const known = this.plans.flatMap(({ tunnel }) => tunnel.clients)
    return [
      ...pingEveryPair(hosts, 1).wrong,
      ...this.clients
        .filter(({ name }) => known.includes(name))
        .flatMap(client => missing(client.name, targets, client.ping(targets, 1))),
      ...[...this.lanHosts].flatMap(([host, lanHost]) => {
        if (!this.has(host, ({ firewall }) => firewall.lans.length > 0)) return []
        return missing(lanHost.name, targets, lanHost.ping(targets, 1))
      }),
      ...[...this.behind].flatMap(([host, address]) => {
        const routed = hosts.filter(from =>
          this.has(from, ({ tunnel }) => from !== host && tunnel.routes.includes(address)),
        )
        return routed.flatMap(({ name, machine }) => {
          const asked = ['ping', '-n', '-q', '-c', '1', '-W', '1', address.replace(/\/.*/, '')]
          return machine.run(asked).status === 0 ? [] : [`${name} has no answer from ${address}`]
        })
      }),
    ]
  }

  /** Who takes part besides the nodes. */
  others(): Other[] {
    const known = this.plans.flatMap(({ tunnel }) => tunnel.clients)
    return [
      ...this.clients.filter(client => known.includes(client.name) && this.imported.has(client)),
      ...[...this.lanHosts].flatMap(([host, lanHost]) =>
        this.has(host, ({ firewall }) => firewall.lans.length > 0) ? [lanHost] : [],
      ),
    ]
  }

  private has(host: Host, test: (plan: Plan) => boolean): boolean {
    return this.plans.some(plan => plan.name === host.name && test(plan))
  }

  /** Pairs of nodes whose containers do not answer each other, or one that has none of its own that do. */
  apart(): (readonly [Host, Host])[] {
    const { hosts } = this.lab
    const { unanswered } = pingEveryPair(hosts, 1)
    return hosts.flatMap((one, at) =>
      hosts
        .slice(at)
        .filter(other =>
          unanswered.some(
            ([from, to]) =>
              (one.containers.includes(from) && other.containers.includes(to)) ||
              (one.containers.includes(to) && other.containers.includes(from)),
          ),
        )
        .map(other => [one, other] as const),
    )
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.close()
    for (const { machine } of this.lanHosts.values()) await machine.close()
  }
}

const missing = (from: string, wanted: readonly string[], answered: readonly string[]): string[] =>
  wanted
    .filter(address => !answered.includes(address))
    .map(address => `${from} has no answer from ${address}`)
