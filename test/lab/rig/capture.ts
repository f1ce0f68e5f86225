import type { Background } from './background.js'
import { sleep } from './clock.js'
import type { Namespace } from './namespace.js'

let count = 0

/** What tcpdump recorded on a namespace's interface. */
export class Capture {
  private constructor(
    private readonly namespace: Namespace,
    private readonly file: string,
    private readonly tcpdump: Background,
  ) {}

  static async start(namespace: Namespace, device: string): Promise<Capture> {
    const file = `/run/lab/capture${count++}.pcap`
    // -Z root: the file lies in a directory that only root writes to. Without --immediate-mode and -U the
    // last second's packets would be lost in buffers.
    // -B: on a busy machine tcpdump may not be heard of for a while; 16 MiB hold all of it meanwhile.
    const argv = [
      'tcpdump',
      '-Z',
      'root',
      '-i',
      device,
      '-n',
      '--immediate-mode',
      '-U',
      '-B',
      '16384',
      '-s',
      '192',
      '-w',
      file,
    ]
    const tcpdump = await namespace.start(argv)
    await tcpdump.says('listening on')
    return new Capture(namespace, file, tcpdump)
  }

  async stop(): Promise<void> {
    await sleep(0.2)
    const said = await this.tcpdump.stop()
    if (!/\n0 packets dropped by kernel/.test(said)) throw new Error(`the capture is not whole:\n${said}`)
  }

  /** The recorded packets that match a tcpdump filter, one line each. */
  lines(filter: string): string[] {
    const text = this.namespace.must(['tcpdump', '-n', '-r', this.file, filter])
    return text.split('\n').filter(line => line !== '')
  }
}
