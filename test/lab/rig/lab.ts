import { addNode, initMesh, removeNode } from './commands.js'
import { Host, type HostOptions } from './host.js'
import { Internet, siteOf } from './internet.js'
import type { Ledger } from './ledger.js'
import type { Namespace } from './namespace.js'
import { Operator } from './operator.js'
import type { UplinkKind } from './uplink.js'

/** The uplinks of node1, node2 and so on; later nodes are plain. Three nodes have every difficulty between them. */
export const everyUplink: readonly UplinkKind[] = ['dual', 'ipv6', 'nat']

/** What a lab's nodes are like. */
export interface Shape {
  readonly uplinks: readonly UplinkKind[]
  /** Numbers of the nodes that reflect routes. */
  readonly reflectors: readonly number[]
  /** What mesh.ini says besides, once it has its nodes. */
  readonly edit: (operator: Operator) => void
}

/** A machine that is neither a node nor a container of one: a client, or a host on a LAN. */
export interface Other {
  readonly name: string
  readonly machine: Namespace
  readonly addresses: readonly string[]
  /** Who has pinged it, by the address it saw. */
  readonly ledger: Ledger
}

/** An internet, an operator and the machines of a mesh's nodes. */
export class Lab {
  private readonly byName = new Map<string, Host>()
  private readonly strays: Host[] = []
  /** Who takes part in the mesh besides, as long as it does. */
  readonly others: Other[] = []

  private constructor(
    readonly internet: Internet,
    readonly operator: Operator,
    private readonly shape: Shape,
  ) {}

  /** `count` machines plugged in, their mesh.ini written and the trees generated; nothing deployed. */
  static async open(count: number, shape: Shape): Promise<Lab> {
    const lab = new Lab(await Internet.open(), await Operator.open(), shape)
    try {
      for (let number = 1; number <= count; number++) await lab.addHost(number)
      shape.edit(lab.operator)
      lab.operator.ciabGen('gen')
    } catch (error) {
      await lab.close()
      throw error
    }
    return lab
  }

  get hosts(): readonly Host[] {
    return [...this.byName.values()]
  }

  /** With those that have left the mesh. */
  get machines(): readonly Host[] {
    return [...this.hosts, ...this.strays]
  }

  host(name: string): Host {
    const host = this.byName.get(name)
    if (!host) throw new Error(`the lab has no ${name}`)
    return host
  }

  /** Plugs a machine in and adds it to mesh.ini. */
  async addHost(number: number, uplink = this.shape.uplinks[number - 1] ?? 'dual'): Promise<Host> {
    const name = `node${number}`
    const options: HostOptions = {
      uplink,
      existingBridge: number === 1,
      reflector: this.shape.reflectors.includes(number),
    }
    const host = await Host.open(name, this.internet, siteOf(number), options)
    this.byName.set(name, host)
    const write = number === 1 ? initMesh : addNode
    write(this.operator, host, options)
    return host
  }

  /** Takes a node out of mesh.ini; its machine goes on running, no longer one of the lab's hosts. */
  removeHost(name: string): Host {
    const host = this.host(name)
    removeNode(this.operator, name)
    this.byName.delete(name)
    this.strays.push(host)
    return host
  }

  /** Gives a node another name in mesh.ini, and its machine too. */
  renameHost(name: string, other: string): void {
    const host = this.host(name)
    this.operator.ciabGen('rename-node', name, other)
    host.rename(other)
    const all = [...this.byName.values()]
    this.byName.clear()
    for (const one of all) this.byName.set(one.name, one)
  }

  async close(): Promise<void> {
    for (const host of this.machines) await host.close()
    await this.operator.namespace.close()
    await this.internet.namespace.close()
  }
}
