import { readFileSync } from 'node:fs'
import type { Io } from './io.js'

export { type Io, type Output, processIo } from './io.js'

/**
 * Runs one command line and answers with the exit code: 0 fine; 1 the mesh, or drift, is at fault; 2 the
 * command line is; 70 is a bug of ours.
 *
 * What a command needs is loaded when it is known which one it is: `--version` loads nothing.
 */
export const main = async (argv: readonly string[], io: Io): Promise<number> => {
  if (argv.length === 1 && argv[0] === '--version') {
    io.stdout.write(`${version()}\n`)
    return 0
  }
  if (argv[0] === '__complete') {
    const { complete } = await import('./completion/complete.js')
    await complete(argv.slice(1), io)
    return 0
  }
  const { run } = await import('./command-line.js')
  const { escaping } = await import('./output/terminal.js')
  return run(argv, escaping(io), version())
}

const version = (): string =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
