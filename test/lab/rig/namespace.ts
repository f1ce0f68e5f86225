import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Background } from './background.js'
import { sleep } from './clock.js'
import { must, type Outcome, type RunOptions, run, runBeside } from './shell.js'

/** Nothing of a lab lives longer, whatever becomes of the process that made it. */
const lifetime = 45 * 60

/**
 * The first process of a namespace. It reaps orphans, as a first process must, and ends when the lab's
 * end of its standard input closes, that is when the lab is gone in whatever way, or at its end time.
 */
const keeper = 'while (( SECONDS < $1 )); do read -r -t 1; (( $? > 128 )) || exit; done'

/**
 * A machine made of namespaces: its own network, mounts, host name and processes, on this machine's
 * files. It has a private, empty `/run`. Whatever runs or is mounted in it vanishes with it.
 */
export class Namespace {
  private constructor(
    readonly name: string,
    private readonly holder: ChildProcess,
    /** The first process, as seen from outside. */
    readonly pid: number,
  ) {}

  static async open(name: string): Promise<Namespace> {
    const unshare = 'unshare --mount --net --uts --ipc --pid --mount-proc --fork --propagation private'
    const [command = '', ...options] = unshare.split(' ')
    // Detached: Ctrl-C is for the lab, which then closes its namespaces in order.
    const holder = spawn(
      command,
      [...options, '--kill-child=SIGKILL', 'bash', '-c', keeper, 'keeper', String(lifetime)],
      { stdio: ['pipe', 'ignore', 'ignore'], detached: true },
    )
    const pid = await firstProcess(holder.pid ?? 0)
    const namespace = new Namespace(name, holder, pid)
    namespace.sh(
      `mount -t tmpfs tmpfs /run
      mkdir /run/lock /run/netns /run/lab
      mount -t sysfs sysfs /sys
      hostname "$1"
      ip link set lo up`,
      name,
    )
    return namespace
  }

  /** The words that make a command run inside. */
  get enter(): string[] {
    return ['nsenter', '-t', String(this.pid), '-m', '-n', '-u', '-i', '-p', '--']
  }

  /** Where its file system can be seen from outside. */
  get root(): string {
    return `/proc/${this.pid}/root`
  }

  run(argv: readonly string[], options?: RunOptions): Outcome {
    return run([...this.enter, ...argv], options)
  }

  must(argv: readonly string[], options?: RunOptions): string {
    return must([...this.enter, ...argv], options)
  }

  /** Runs a command without waiting for it here. */
  runBeside(argv: readonly string[]): Promise<Outcome> {
    return runBeside([...this.enter, ...argv])
  }

  /** Runs a shell script that ends at its first failing command. */
  sh(script: string, ...args: readonly string[]): string {
    return this.must(['sh', '-euc', script, 'sh', ...args])
  }

  /** Runs a command beside the lab. */
  start(argv: readonly string[]): Promise<Background> {
    return Background.start(this.enter, argv)
  }

  /** Lays a cable to another namespace: an interface at each end. */
  cable(here: string, other: Namespace, there: string): void {
    // Only the network is entered, so that the other's process id means the same here.
    const enter = ['nsenter', '-t', String(this.pid), '-n', 'ip', 'link', 'add']
    must([...enter, here, 'type', 'veth', 'peer', 'name', there, 'netns', String(other.pid)])
  }

  async close(): Promise<void> {
    this.holder.kill('SIGKILL')
    for (let tries = 0; alive(this.pid); tries++) {
      if (tries > 600) throw new Error(`the namespace ${this.name} does not end`)
      await sleep(0.05)
    }
  }
}

/** `unshare` forks; its child is the namespace's first process once it has become the keeper. */
const firstProcess = async (parent: number): Promise<number> => {
  for (let tries = 0; tries < 1000; tries++) {
    try {
      const child = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim()
      if (child !== '' && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('keeper\0')) {
        if (readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'bash') return Number(child)
      }
    } catch {
      // Not there yet.
    }
    await sleep(0.02)
  }
  throw new Error('unshare did not make a namespace: the lab needs root and the right to make namespaces')
}

const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
