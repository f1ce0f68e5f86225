import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type Io, main } from '../../src/cli/main.js'

/** What a command answered. */
export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A directory of its own for every test, and a command line in it. */
export const session = () => {
  const here = { path: '' }
  beforeEach(() => {
    here.path = mkdtempSync(join(tmpdir(), 'ciab-cli-'))
  })
  afterEach(() => rmSync(here.path, { recursive: true, force: true }))
  let drawn = 0
  const run = async (args: readonly string[], io: Partial<Io> = {}): Promise<Answer> => {
    const said = { stdout: '', stderr: '' }
    const output = (name: 'stdout' | 'stderr') => ({
      isTerminal: false,
      write: (text: string) => {
        said[name] += text
      },
    })
    const code = await main(args, {
      stdout: output('stdout'),
      stderr: output('stderr'),
      stdin: async () => '',
      env: {},
      cwd: here.path,
      randomBytes: size => createHash('sha512').update(`${drawn++}`).digest().subarray(0, size),
      ...io,
    })
    return { code, ...said }
  }
  return {
    run,
    /** Runs a command line written with blanks, and insists that it succeeds. */
    ok: async (line: string): Promise<string> => {
      const { code, stdout, stderr } = await run(line.split(' '))
      if (code !== 0) throw new Error(`${line}: exit code ${code}\n${stderr}`)
      return stdout
    },
    path: (...parts: string[]) => join(here.path, ...parts),
    text: (file: string) => readFileSync(join(here.path, file), 'utf8'),
    /** Every path under a directory with its mode, time and content. */
    snapshot: (directory = '.'): string[] => snapshotOf(join(here.path, directory)),
  }
}

const snapshotOf = (directory: string): string[] =>
  (readdirSync(directory, { recursive: true }) as string[]).sort().map(name => {
    const found = lstatSync(join(directory, name))
    const content = found.isFile() ? `${found.mtimeMs} ${readFileSync(join(directory, name), 'hex')}` : ''
    return `${name} ${found.mode.toString(8)} ${content}`
  })
