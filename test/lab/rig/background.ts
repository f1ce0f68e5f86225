import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { must } from './shell.js'

/** A command that runs beside the lab until it is stopped. */
export class Background {
  private output = ''
  private readonly ended: Promise<unknown>

  private constructor(
    private readonly enter: readonly string[],
    private readonly child: ChildProcess,
  ) {
    this.ended = once(child, 'close')
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
    })
  }

  /** Starts `argv` by way of the words `enter`. */
  static async start(enter: readonly string[], argv: readonly string[]): Promise<Background> {
    const [command = '', ...rest] = [...enter, 'sh', '-c', 'echo $$; exec "$@"', 'sh', ...argv]
    const background = new Background(enter, spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] }))
    await background.says('\n')
    return background
  }

  /** What it has printed so far. */
  get said(): string {
    return this.output
  }

  /** Waits until it has printed `text`. */
  async says(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const stdout = this.child.stdout
      const stderr = this.child.stderr
      if (!stdout || !stderr) return
      const more = [once(stdout, 'data'), once(stderr, 'data')]
      if ((await Promise.race([...more, this.ended.then(() => 'ended')])) === 'ended') return
    }
  }

  /** Interrupts it as Ctrl-C would, waits for its end and returns what it printed. */
  async stop(): Promise<string> {
    // The process runs in a process namespace of its own; its number there is the first thing it said.
    const pid = this.output.slice(0, this.output.indexOf('\n'))
    must([...this.enter, 'kill', '-INT', pid])
    await this.ended
    return this.output.slice(pid.length + 1)
  }
}
