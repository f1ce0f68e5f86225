import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, path, text } = session()

const git = (...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync('git', ['-C', path('.'), ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** What "git add -A" takes, and which of it holds a private key. */
const staged = () => {
  git('init', '-q')
  git('add', '-A')
  const files = git('ls-files', '-z').split('\0').slice(0, -1)
  const keys = ['a', 'b'].map(node => text(`keys/${node}.key`).trim())
  const secret = files.filter(file => keys.some(key => readFileSync(path(file), 'latin1').includes(key)))
  return { files, secret }
}

const mode = (file: string) => (statSync(path(file)).mode & 0o777).toString(8)
const init = 'init --nodes a=192.0.2.1,b=192.0.2.2'

describe('git add -A takes no key', () => {
  it.each([
    ['where ciab-gen made the directories', [], 'out'],
    ['where keys/ and out/ were there', ['keys/', 'out/'], 'out'],
    ['where they hold what keeps them in git', ['keys/.keep', 'out/.keep'], 'out'],
    ["where out/ holds somebody's file", ['out/readme.txt'], 'out'],
    ["where out/ has a .gitignore of the operator's", ['out/.gitignore=*.bak\n'], 'out'],
    ['where out/ has one that lets files in again', ['out/.gitignore=*\n!*.conf\n!*/\n'], 'out'],
    ["where the directory is mesh.ini's own", [], '.'],
    ["and mesh.ini's own has a .gitignore", ['.gitignore=node_modules\n'], '.'],
  ])('%s', async (_, there, out) => {
    for (const entry of there) {
      const [file = '', content = ''] = entry.split('=')
      mkdirSync(path(file, file.endsWith('/') ? '.' : '..'), { recursive: true })
      if (!file.endsWith('/')) writeFileSync(path(file), content)
    }
    await ok(init)
    await ok(`gen -o ${out}`)
    const { files, secret } = staged()
    expect(secret).toEqual([])
    expect(files).toContain('mesh.ini')
    expect(await run(['gen', '--check', '-o', out])).toMatchObject({ code: 0, stdout: '' })
    // What was there is as it was.
    for (const entry of there)
      if (entry.includes('=')) expect(text(entry.split('=')[0] as string)).toBe(entry.split('=')[1])
    await ok('remove-node b --keep-key')
    await ok(`gen -o ${out}`)
    expect(git('status', '--porcelain', '--ignored')).not.toMatch(/b\/\.gitignore/)
  })

  it('where the operator made keys/ and put them there', async () => {
    await ok(init)
    spawnSync('sh', ['-c', 'cp -r keys k; rm -r keys; mkdir keys; cp k/*.key keys; rm -r k'], {
      cwd: path('.'),
    })
    await ok('gen')
    expect(staged().secret).toEqual([])
  })
})

describe('a keys/ that other users can enter', () => {
  it.each([0o755, 0o777, 0o750])('of mode %o is said and mended', async open => {
    await ok(init)
    chmodSync(path('keys'), open)
    const seen = await run(['check'])
    expect(seen.stderr).toContain(`[key-mode]\nhint: chmod 700 keys\n`)
    expect(mode('keys')).toBe(open.toString(8))
    const { code, stderr } = await run(['add-node', 'c=192.0.2.3'])
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('[key-mode]\nhint: nothing to do: its mode is 0700 now\n'),
    ])
    expect(mode('keys')).toBe('700')
    chmodSync(path('keys'), open)
    expect((await run(['gen'])).stderr).toContain('its mode is 0700 now')
    expect((await run(['gen'])).stderr).not.toContain('key-mode')
    expect((await run(['check'])).stderr).not.toContain('key-mode')
  })

  it('is so before the first key is in it', async () => {
    mkdirSync(path('keys'))
    chmodSync(path('keys'), 0o777)
    expect((await run(init.split(' '))).stderr).toContain('its mode is 0700 now')
    expect([mode('keys'), mode('keys/a.key')]).toEqual(['700', '600'])
  })
})
