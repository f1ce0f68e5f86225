import { Container } from './container.js'
import type { Internet, Site } from './internet.js'
import { bridgesOf, installLxd, makeExistingBridge } from './lxd.js'
import { Namespace } from './namespace.js'
import type { Operator } from './operator.js'
import { must } from './shell.js'
import { changes, readTree, type Tree } from './tree.js'
import { plugIn, type Uplink, type UplinkKind } from './uplink.js'

export const mesh = 'ciabmesh'

export interface HostOptions {
  readonly uplink: UplinkKind
  /** The node's owner already has a bridge with containers, with source rewriting switched on. */
  readonly existingBridge: boolean
  readonly reflector: boolean
}

/** A node's machine: this machine's files with the node's own `/etc` on top, FRR and all. */
export class Host {
  private deployed: Tree = new Map()
  private opened: Container[] = []
  private ever = 0

  private constructor(
    private called: string,
    readonly machine: Namespace,
    readonly uplink: Uplink,
    /** Whether it reflects routes. */
    readonly reflector: boolean,
  ) {}

  static async open(name: string, internet: Internet, site: Site, options: HostOptions): Promise<Host> {
    const machine = await Namespace.open(name)
    // What the machine itself has in /etc stays readable; what the node's tree brings is on top of it.
    // What it remembers is its own, LXD's networks too. FRR keeps its sockets and process ids in the directories
    // after that; two nodes must not share them.
    machine.sh(`mkdir /run/lab/upper /run/lab/work /run/lab/state /run/lab/state.work
      mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/lab/upper,workdir=/run/lab/work /etc
      mount -t overlay overlay -o lowerdir=/var/lib,upperdir=/run/lab/state,workdir=/run/lab/state.work /var/lib
      rm -rf /var/lib/lxd /var/lib/ciab
      install -d -o frr -g frr /run/frr
      for directory in /var/log/frr /var/tmp/frr /var/lib/frr; do
        [ ! -d $directory ] || mount -t tmpfs -o mode=1777 tmpfs $directory
      done
      rm -rf /etc/ciab /etc/wireguard/* /etc/frr/frr.conf`)
    const uplink = await plugIn(options.uplink, internet, site, machine)
    installLxd(machine)
    if (options.existingBridge) makeExistingBridge(machine)
    return new Host(name, machine, uplink, options.reflector)
  }

  get name(): string {
    return this.called
  }

  /** Gives the machine another name. */
  rename(name: string): void {
    this.machine.must(['hostname', name])
    this.called = name
  }

  get containers(): readonly Container[] {
    return this.opened
  }

  /**
   * Brings the node's files to it, only those that differ from what it has; returns their paths, but for the sums that
   * go with any change. What the tree has no more apply.sh deletes, or where there is none its operator.
   */
  deploy(operator: Operator): string[] {
    const wanted = readTree(operator.treeFromHere(this.name))
    const { written, removed } = changes(this.deployed, wanted)
    if (![...wanted.keys()].includes('etc/ciab/apply.sh'))
      for (const path of removed) this.machine.must(['rm', '-f', `/${path}`])
    if (written.length > 0) this.unpack(operator, written)
    this.deployed = wanted
    return [...written, ...removed].filter(path => path !== 'etc/ciab/tree.sha256')
  }

  /** Brings all of them, as the line of the notes does. */
  copy(operator: Operator): void {
    this.unpack(operator, ['etc'])
    this.deployed = readTree(operator.treeFromHere(this.name))
  }

  private unpack(operator: Operator, paths: readonly string[]): void {
    const pack = ['tar', '-C', operator.tree(this.name), '--owner=0', '--group=0', '-c', ...paths]
    const unpack = ['tar', '-C', '/', '--no-overwrite-dir', '-x']
    const pipe = [...operator.namespace.enter, ...pack, '|', ...this.machine.enter, ...unpack]
    must(['bash', '-o', 'pipefail', '-c', pipe.map(word => (word === '|' ? word : `'${word}'`)).join(' ')])
  }

  /** Starts two containers on the bridges that there are and that have addresses for them. */
  async openContainers(): Promise<void> {
    const bridges = bridgesOf(this.machine).filter(({ ipv4 }) => ipv4 !== 'none')
    for (const number of [1, 2]) {
      const bridge = bridges[(number - 1) % bridges.length]
      if (!bridge) throw new Error(`${this.name} has no bridge`)
      this.opened.push(await Container.open(this.machine, bridge, number))
    }
    this.ever = 2
  }

  /** Starts one more, with a number that none had before. */
  async openContainer(name: string): Promise<void> {
    const bridge = bridgesOf(this.machine).find(bridge => bridge.name === name)
    if (!bridge) throw new Error(`${this.name} has no bridge ${name}`)
    this.opened.push(await Container.open(this.machine, bridge, ++this.ever))
  }

  /** Ends those on a bridge. */
  async closeContainers(name: string): Promise<void> {
    const gone = this.opened.filter(({ bridge }) => bridge.name === name)
    this.opened = this.opened.filter(container => !gone.includes(container))
    for (const { namespace } of gone) await namespace.close()
  }

  /** `wg-meshup.sh` and `wg-meshdown.sh` of CIAB. */
  up(): void {
    this.machine.must(this.meshUp)
  }

  down(): void {
    this.machine.must(['wg-quick', 'down', mesh])
  }

  /** The script gives the interface some link-local address, after a pause that nobody needs here. */
  private get meshUp(): string[] {
    const script = 'wg-quick up "$1" && ip address add "fe80::$2/64" dev "$1"'
    return ['sh', '-c', script, 'sh', mesh, this.machine.pid.toString(16).slice(-4)]
  }

  /** `frr-start.sh` and `frr-stop.sh` of CIAB: `service frr …`, which is this where there is no systemd. */
  startRouting(): void {
    this.machine.must(['/usr/lib/frr/frrinit.sh', 'start'])
  }

  stopRouting(): void {
    this.machine.must(['/usr/lib/frr/frrinit.sh', 'stop'])
  }

  /** Ends FRR as a crash of all of it would: watchfrr first, or it would start the others again. */
  killRouting(): void {
    this.machine.sh(
      'cd /run/frr && kill -9 "$(cat watchfrr.pid)" && kill -9 $(cat [!w]*.pid) && rm -f *.pid *.vty',
    )
  }

  /** As a power cut has it for all others: nothing says goodbye. */
  fall(): void {
    this.killRouting()
    this.machine.sh('for link in /sys/class/net/*; do ip link set "${link##*/}" down; done')
  }

  /** Both start scripts, while other nodes do the same. */
  async boot(): Promise<void> {
    await this.beside(this.meshUp)
    await this.beside(['/usr/lib/frr/frrinit.sh', 'start'])
  }

  /** Takes all of it down, while other nodes do the same. */
  async shutDown(): Promise<void> {
    await this.beside(['wg-quick', 'down', mesh])
    await this.beside(['/usr/lib/frr/frrinit.sh', 'stop'])
  }

  /** Runs the node's apply.sh; returns everything it said. */
  apply(...options: readonly string[]): string {
    const argv = ['sh', '/etc/ciab/apply.sh', ...options]
    const { status, stdout, stderr } = this.machine.run(argv)
    // A dry run that finds something to do says so.
    if (status !== 0 && !(status === 3 && options.includes('--dry-run')))
      throw new Error(`${this.name}: ${argv.join(' ')}: rc ${status}\n${stdout}${stderr}`)
    return stdout + stderr
  }

  /** The same while other nodes do so. */
  applyBeside(...options: readonly string[]): Promise<string> {
    return this.beside(['sh', '/etc/ciab/apply.sh', ...options])
  }

  /** Types lines of shell on it, while others type on theirs; the first that fails is an error. */
  async type(lines: string): Promise<void> {
    await this.beside(['sh', '-ec', lines])
  }

  private async beside(argv: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.machine.runBeside(argv)
    if (status !== 0) throw new Error(`${this.name}: ${argv.join(' ')}: rc ${status}\n${stdout}${stderr}`)
    return stdout + stderr
  }

  async close(): Promise<void> {
    for (const container of this.opened) await container.namespace.close()
    await this.uplink.close()
    await this.machine.close()
  }
}
