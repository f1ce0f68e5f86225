import type { Diagnostic, Sources } from '../diagnostics/index.js'

/** Where a command writes. */
export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
}

/** Each diagnostic by itself, those that are alike together, or none in full. */
export type Telling = 'each' | 'alike' | 'briefly'

/** All that a command gets from the world around it, files apart. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  /** Takes diagnostics, where they are not simply drawn on standard error. */
  readonly hear?: (diagnostics: readonly Diagnostic[], sources: Sources, telling: Telling) => void
  /** All of standard input, one character for each byte; of much more than a key, or than `most` bytes, the beginning. */
  stdin(most?: number): Promise<string>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Cryptographically random bytes. */
  randomBytes(size: number): Uint8Array
}

/** The process's own streams, environment and directory. */
export const processIo = (): Io => ({
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  stdin: input,
  env: process.env,
  cwd: process.cwd(),
  // Not node:crypto, which few commands have to load.
  randomBytes: size => crypto.getRandomValues(new Uint8Array(size)),
})

/** Far more than the key that is looked for. */
const mostInput = 4096

const input = async (most = mostInput): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > most) break
  }
  return Buffer.concat(chunks).toString('latin1')
}

/** A reader that goes away, as `head` does, takes no more output, and that is no fault; a full disk is one. */
const outputOf = (stream: NodeJS.WriteStream): Output => {
  let open = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (open && error.code !== 'EPIPE') {
      // What is read from here on cannot be whole, whatever the command itself has to say.
      process.once('exit', () => {
        process.exitCode = 1
      })
      if (stream !== process.stderr)
        process.stderr.write(`error: the output cannot be written: ${error.code} [file-write]\n`)
    }
    open = false
  })
  return {
    isTerminal: stream.isTTY === true,
    write: text => {
      if (open) stream.write(text)
    },
  }
}
