import { spawn, spawnSync } from 'node:child_process'

/** How a command ended. */
export interface Outcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string | Uint8Array
  /** After this many seconds the command is killed and counts as failed. */
  readonly seconds?: number
}

/** Runs a command to its end. */
export const run = (argv: readonly string[], { input = '', seconds = 60 }: RunOptions = {}): Outcome => {
  const [command = '', ...rest] = argv
  const { status, stdout, stderr, error } = spawnSync(command, rest, {
    input,
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return {
    status: status ?? 255,
    stdout: stdout ?? '',
    stderr: (stderr ?? '') + (error ? `\n${error.message}` : ''),
  }
}

/** Like {@link run}, but a failure is an error. */
export const must = (argv: readonly string[], options?: RunOptions): string => {
  const { status, stdout, stderr } = run(argv, options)
  if (status !== 0) throw new Error(`rc ${status}: ${argv.join(' ')}\n${stdout}${stderr}`)
  return stdout
}

/** Like {@link run}, for several commands at a time. */
export const runBeside = (argv: readonly string[]): Promise<Outcome> =>
  new Promise(resolve => {
    const [command = '', ...rest] = argv
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    // Not `close`: a daemon that the command leaves behind may keep the pipes open.
    child.on('exit', status => resolve({ status: status ?? 255, stdout, stderr }))
  })
