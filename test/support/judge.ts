import { spawnSync } from 'node:child_process'
import { test } from 'vitest'

/** What a judge said. */
export interface Verdict {
  readonly status: number
  readonly output: string
}

/** Runs a real tool; its standard output and error together. */
export const ask = (command: string, args: readonly string[], input?: string): Verdict => {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C' }
  // Node hands input over by a socket, which nobody can open as /dev/stdin; `cat` makes a pipe of it.
  const [program, words] =
    input === undefined ? [command, args] : ['sh', ['-c', 'cat | "$@"', '-', command, ...args]]
  const child = spawnSync(program, words, { input, env, encoding: 'utf8', timeout: 60_000 })
  return { status: child.status ?? -1, output: `${child.stdout ?? ''}${child.stderr ?? child.error ?? ''}` }
}

const present = (command: string): boolean =>
  command === 'root' ? process.getuid?.() === 0 : ask('sh', ['-c', `command -v ${command}`]).status === 0

/**
 * A test that a real tool decides. Where the tool is missing it shows as skipped on a laptop, and fails in
 * CI, where nothing may go unjudged.
 */
export const judged = (tools: readonly string[], name: string, body: () => void | Promise<void>): void => {
  const missing = tools.filter(tool => !present(tool))
  if (missing.length === 0) test(name, body)
  else if (process.env.CI)
    test(name, () => {
      throw new Error(`not installed: ${missing.join(', ')}`)
    })
  else test.skip(`${name} (not installed: ${missing.join(', ')})`, () => {})
}
