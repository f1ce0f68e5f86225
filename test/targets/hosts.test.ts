import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect } from 'vitest'
import { generate, textOf } from '../../src/index.js'
import { ask, judged, type Verdict } from '../support/judge.js'
import { meshText, resolved } from '../support/resolved.js'

/** The script as it runs on a node where only the names are ours, in a root of its own for /etc. */
const text = meshText(
  [
    'domain = mesh.example.net',
    '[targets]',
    'firewall = none',
    'tunnel = none',
    'overlay = none',
    'containers = none',
    'routing = none',
    'names = hosts',
  ],
  ['[node node1]'],
  ['[node node2]'],
)
const files = [...generate(resolved(text))][0]?.files ?? []

const root = mkdtempSync(join(tmpdir(), 'ciab-hosts-'))
const etc = join(root, 'etc')
const at = (path: string): string => join(etc, path)
const own = '127.0.0.1 localhost\n127.0.1.1 node1.example.org node1\n'

beforeEach(() => {
  rmSync(etc, { recursive: true, force: true })
  mkdirSync(join(etc, 'ciab'), { recursive: true })
  for (const { path, content, mode } of files) {
    writeFileSync(join(root, path), textOf(content))
    chmodSync(join(root, path), mode)
  }
  for (const file of ['passwd', 'group']) writeFileSync(at(file), readFileSync(`/etc/${file}`))
  // Debian's awk is a link that leads through /etc.
  cpSync('/etc/alternatives', at('alternatives'), { recursive: true, verbatimSymlinks: true })
  writeFileSync(at('hosts'), own)
})
afterAll(() => rmSync(root, { recursive: true }))

/** Runs apply.sh with the directory as its /etc; `before` runs in the same mount namespace. */
const apply = (option = '', before = ':'): Verdict =>
  ask('unshare', [
    '--mount',
    '--uts',
    'sh',
    '-c',
    `mount --bind "$1" /etc && hostname node1 && ${before} && sh /etc/ciab/apply.sh ${option}`,
    '-',
    etc,
  ])
const hosts = (): string => readFileSync(at('hosts'), 'utf8')
const block = `# BEGIN ciab-gen ciabmesh\n${readFileOf('etc/ciab/hosts')}# END ciab-gen ciabmesh\n`

function readFileOf(path: string): string {
  return textOf(files.find(file => file.path === path)?.content ?? [])
}

describe("the names in a node's /etc/hosts", () => {
  const tools = ['unshare', 'root']

  judged(tools, 'stand in a block of their own, once, and change with the mesh', () => {
    chmodSync(at('hosts'), 0o644)
    expect(apply()).toMatchObject({ status: 0, output: expect.stringContaining('\n1 change\n') })
    expect(hosts()).toBe(`${own}${block}`)
    expect(statSync(at('hosts')).mode & 0o777).toBe(0o644)
    expect(apply()).toEqual({ status: 0, output: 'nothing changed\n' })
    // What the host's owner writes around the block stays where it is.
    writeFileSync(at('hosts'), `${hosts()}192.0.2.7 printer\n`)
    writeFileSync(at('ciab/hosts'), readFileSync(at('ciab/hosts'), 'utf8').replace('10.78.0.2', '10.78.0.9'))
    const { status, output } = apply()
    expect(status).toBe(0)
    expect(output).toContain('- 10.78.0.2 node2.mesh.example.net node2\n')
    expect(output).toContain('+ 10.78.0.9 node2.mesh.example.net node2\n')
    expect(hosts()).toBe(`${own}${block.replace('10.78.0.2', '10.78.0.9')}192.0.2.7 printer\n`)
  })

  judged(tools, 'are what the resolver answers', () => {
    const asked = apply(
      '',
      'sh /etc/ciab/apply.sh && getent -s files hosts node2 underlay.node2.mesh.example.net',
    )
    expect(asked.output).toMatch(/^10\.78\.0\.2 +node2\.mesh\.example\.net node2$/m)
    expect(asked.output).toMatch(/^10\.79\.0\.2 +underlay\.node2\.mesh\.example\.net$/m)
  })

  judged(tools, '--dry-run writes nothing, --status tells', () => {
    expect(apply('--dry-run')).toMatchObject({
      status: 3,
      output: expect.stringContaining('would bring the mesh'),
    })
    expect(hosts()).toBe(own)
    expect(apply('--status')).toMatchObject({ status: 1, output: expect.stringContaining('lines differ') })
    apply()
    expect(apply('--status')).toEqual({ status: 0, output: 'ok   /etc/hosts: has the names of the mesh\n' })
  })

  judged(tools, 'are left alone where a mark is missing: nobody knows which lines are whose', () => {
    for (const broken of ['# BEGIN ciab-gen ciabmesh\n', '# END ciab-gen ciabmesh\n', `${block}${block}`]) {
      writeFileSync(at('hosts'), `${own}${broken}192.0.2.7 printer\n`)
      expect(apply()).toMatchObject({ status: 1, output: expect.stringContaining('mend it first') })
      expect(apply('--status')).toMatchObject({ status: 1, output: expect.stringContaining('BAD') })
      expect(hosts()).toBe(`${own}${broken}192.0.2.7 printer\n`)
    }
  })

  judged(tools, 'are told of lines that contradict them, but for the host itself', () => {
    writeFileSync(at('hosts'), `${own}198.51.100.2 NODE2 # by hand\n10.78.0.1 node1\n`)
    const said = apply()
    expect(said.status).toBe(0)
    expect(said.output).toContain('by hand:\n  take "198.51.100.2 node2" out of /etc/hosts')
    expect(said.output).not.toContain('node1"')
    expect(apply('--status')).toMatchObject({
      status: 1,
      output: expect.stringContaining('198.51.100.2 too'),
    })
  })

  judged(tools, 'get into a file that cannot be replaced, and into none', () => {
    const mounted = 'cp /etc/hosts /etc/hosts.own && mount --bind /etc/hosts.own /etc/hosts'
    expect(apply('', mounted)).toMatchObject({ status: 0 })
    expect(readFileSync(at('hosts.own'), 'utf8')).toBe(`${own}${block}`)
    expect(hosts()).toBe(own)
    rmSync(at('hosts'))
    expect(apply()).toMatchObject({ status: 0 })
    expect(hosts()).toBe(block)
    expect(statSync(at('hosts')).mode & 0o777).toBe(0o644)
  })

  judged(tools, 'will not last where cloud-init writes the file', () => {
    mkdirSync(at('cloud'))
    writeFileSync(at('cloud/cloud.cfg'), 'manage_etc_hosts: true\n')
    expect(apply().output).toContain('cloud-init writes /etc/hosts anew')
  })
})
