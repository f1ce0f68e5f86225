import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { main } from '../src/cli/main.js'
import { commandFolders } from './support/errors.js'

/**
 * The codes about files and the command line. `setup.sh`, where there is one, prepares a copy of the folder;
 * the words of `command.txt` are the command line that is run in it; `stderr.txt` is what it says. `npm run
 * golden` writes stderr.txt anew.
 */
const rewrite = process.env.GOLDEN === 'write' && process.env.CI === undefined

afterEach(() => {
  vi.restoreAllMocks()
})

/** Every look at the clock is a minute later: a lock that is held is waited for no longer than that. */
const hurry = (): void => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 60_000
    return now
  })
}

test.each(commandFolders)('$code', async ({ code, directory }) => {
  const here = realpathSync(mkdtempSync(join(tmpdir(), 'ciab-error-')))
  const stored = `${directory}/stderr.txt`
  try {
    for (const file of ['mesh.ini', 'setup.sh'])
      if (existsSync(`${directory}/${file}`)) cpSync(`${directory}/${file}`, `${here}/${file}`)
    if (existsSync(`${here}/setup.sh`)) {
      const { status, stderr } = spawnSync('sh', ['-eu', 'setup.sh'], { cwd: here, encoding: 'utf8' })
      expect([status, stderr]).toEqual([0, ''])
    }
    hurry()
    let said = ''
    const silent = { isTerminal: false, write: () => {} }
    const exit = await main(readFileSync(`${directory}/command.txt`, 'utf8').trim().split(' '), {
      stdout: silent,
      stderr: {
        isTerminal: false,
        write: text => {
          said += text
        },
      },
      stdin: async () => '',
      env: {},
      cwd: here,
      randomBytes: size => createHash('sha512').update(code).digest().subarray(0, size),
    })
    said = said.replaceAll(`${here}/`, '').replaceAll(here, '.')
    if (rewrite) writeFileSync(stored, said)
    expect(said).toBe(existsSync(stored) ? readFileSync(stored, 'utf8') : '')
    expect(said).toContain(`[${code}]`)
    expect(exit).toBe(code === 'command-line' ? 2 : code === 'key-mode' ? 0 : 1)
  } finally {
    rmSync(here, { recursive: true, force: true })
  }
})
