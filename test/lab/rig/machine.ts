import { type Internet, siteOf } from './internet.js'
import { Namespace } from './namespace.js'
import { plugIn } from './uplink.js'

/** What a machine's tunnel is made of: its interface, and files by their paths. */
export interface Setup {
  readonly device: string
  readonly files: readonly (readonly [path: string, text: string])[]
}

/** A machine with one interface to the internet, and nothing else of its own. */
export class Machine {
  private running: string | null = null

  private constructor(
    readonly name: string,
    readonly namespace: Namespace,
  ) {}

  static async open(name: string, internet: Internet, number: number): Promise<Machine> {
    const namespace = await Namespace.open(name)
    namespace.sh(`mkdir /run/lab/upper /run/lab/work
      mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/lab/upper,workdir=/run/lab/work /etc
      rm -rf /etc/ciab /etc/wireguard/*; mkdir -p /etc/wireguard`)
    await plugIn('dual', internet, siteOf(number), namespace)
    return new Machine(name, namespace)
  }

  /** Takes the tunnel down that is up, and brings another up; says why it does not start, or nothing. */
  change({ device, files }: Setup): string {
    this.down()
    this.namespace.sh('rm -rf /etc/wireguard/* /etc/ciab')
    for (const [path, text] of files) this.put(path, text)
    const { status, stderr } = this.namespace.run(['wg-quick', 'up', device])
    this.running = device
    return status === 0 ? '' : stderr
  }

  /** What a hook of a file leaves behind is no matter of the next. */
  private down(): void {
    if (this.running === null) return
    this.namespace.run(['wg-quick', 'down', this.running])
    this.namespace.run([
      'sh',
      '-c',
      'ip rule flush; ip rule add pref 32766 lookup main; ip rule add pref 32767 lookup default; nft flush ruleset',
    ])
    this.running = null
  }

  private put(path: string, text: string): void {
    this.namespace.must(['sh', '-c', 'mkdir -p "$(dirname "$1")"; cat >"$1"; chmod 600 "$1"', 'sh', path], {
      input: text,
    })
  }

  /** Networks that go into the interface. */
  routes(): string[] {
    return this.namespace
      .must(['ip', '-4', 'route', 'show', 'dev', this.running ?? 'lo'])
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.split(' ')[0] as string)
  }

  /** Whether a packet to there would go into the tunnel. */
  leads(network: string): boolean {
    const [address = ''] = network.split('/')
    // An address that is no node's own.
    const other = address.replace(/\.0$/, '.250')
    return this.namespace.run(['ip', 'route', 'get', other]).stdout.includes(` dev ${this.running} `)
  }

  async reaches(address: string): Promise<boolean> {
    const { status } = await this.namespace.runBeside(['ping', '-n', '-q', '-c', '1', '-W', '2', address])
    return status === 0
  }
}
