import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { ok, path, run, snapshot } = session()

const three = 'init ciabmesh --nodes node1=203.0.113.1,node2=198.51.100.2,node3'

/** What git needs to commit here, whatever its settings are elsewhere. */
const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.net', ...words], {
    cwd: path('.'),
  })

describe('impact', () => {
  it('says of a change what it is, what it interrupts, which files it is in, and the order; and writes nothing', async () => {
    await ok(three)
    await ok('gen')
    expect(await ok('impact')).toBe('nothing changes\n')
    await ok('set node node2 listen-port 5555')
    const found = snapshot()
    const text = await ok('impact')
    expect(snapshot()).toEqual(found)
    expect(text).toContain('port 5555 instead of 51820\n')
    expect(text).toContain(
      'interrupts\n  between node2 and node3, until the new files of both are in effect\n  between node2 and node1, for a second at most\n',
    )
    expect(text).toMatch(/^ {2}node3: .*etc\/wireguard\/ciabmesh\.conf/m)
    expect(text).toMatch(
      /\n1\. ciab-gen gen\n2\. tar -C out\/node2 .*\n[\s\S]*\n3\. for node in node1 node3; do\n/,
    )
  })

  it('says the same of a change as gen does, once it is made', async () => {
    for (const edit of [
      'set mesh vni 4242',
      'add-node node4 --endpoint 192.0.2.4',
      'rename-node node3 home',
    ]) {
      await ok(edit === 'set mesh vni 4242' ? three : 'check')
      await ok('gen')
      await ok(edit)
      const foretold = (await ok('impact'))
        .split('\n')
        .filter(line => !/^( {2}\S+: |\d\. |files$)/.test(line))
      expect(foretold.length).toBeGreaterThan(3)
      const { stderr } = await run(['gen'])
      for (const line of foretold.filter(line => !/^ {3}/.test(line))) expect(stderr).toContain(line)
    }
  })

  it('names each setting of BGP that is another, however many there are', async () => {
    const words = {
      timers: ['5 15', 'timers of BGP 5 15 instead of 10 30'],
      bfd: ['400 3', 'BFD 400 3 instead of'],
      'graceful-restart': ['yes', 'graceful restart yes instead of no'],
      'maximum-prefix': ['500', 'most prefixes of a neighbor 500 instead of any number'],
    }
    await ok(three)
    await ok('gen')
    const told: string[] = []
    for (const [key, [value, said]] of Object.entries(words)) {
      expect(await run(['set', 'mesh', key, value as string])).toMatchObject({ code: 0 })
      told.push(said as string)
      const text = await ok('impact')
      for (const one of told) expect(text).toContain(one)
    }
  })

  it('compares a renamed node with itself', async () => {
    await ok(three)
    await ok('gen')
    await ok('rename-node node3 home')
    const text = await ok('impact')
    expect(text).toMatch(/^home: node3 by another name/m)
    expect(text).not.toMatch(/^ {2}node3: /m)
    expect(text).not.toContain('no longer in the mesh')
    expect(text).not.toMatch(/^ {2}home: .*apply\.sh/m)
    const { nodes } = JSON.parse(await ok('impact --format json'))
    expect(nodes.at(-1)).toMatchObject({ name: 'home', was: 'node3', change: 'changes' })
  })

  it('takes an older mesh.ini from a file or from git, and no option for a revision', async () => {
    await ok(three)
    git('init', '-q')
    git('add', 'mesh.ini')
    git('commit', '-q', '-m', 'mesh')
    await ok('remove-node node3')
    expect(await ok('impact --from git:HEAD')).toMatch(/^node3: no longer in the mesh$/m)
    writeFileSync(path('older.ini'), execFileSync('git', ['show', 'HEAD:./mesh.ini'], { cwd: path('.') }))
    expect(await ok('impact --from older.ini')).toBe(await ok('impact --from git:HEAD'))
    for (const revision of ['none', '--help', '--output=x'])
      expect(await run(['impact', '--from', `git:${revision}`])).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(`git has no mesh.ini at "${revision}" here`),
      })
  })

  it('asks for a tree, an older mesh.ini or a format that there is', async () => {
    await ok(three)
    expect(await run(['impact'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no out/_mesh/mesh.ini'),
    })
    await ok('gen')
    expect(await run(['impact', '--format', 'xml'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('write text, json, github or markdown'),
    })
    expect((await run(['impact', '--from', 'none.ini'])).code).toBe(1)
  })

  it('as JSON has nodes, their files and what is interrupted', async () => {
    await ok(three)
    await ok('gen')
    await ok('set node node2 listen-port 5555')
    const { mesh, nodes, interruptions, gaps, complete } = JSON.parse(await ok('impact --format json'))
    expect([mesh, complete]).toEqual([[], true])
    expect(nodes.map(({ name, change, turn }: Record<string, unknown>) => [name, change, turn])).toEqual([
      ['node1', 'stays', 'then'],
      ['node2', 'changes', 'first'],
      ['node3', 'stays', 'then'],
    ])
    expect(nodes[2].files).toContainEqual({ path: 'etc/wireguard/ciabmesh.conf', kind: 'changed' })
    expect(interruptions).toEqual([{ kind: 'port', node: 'node2', peers: ['node3'], following: ['node1'] }])
    const two = (other: string) => ({ between: [['node2'], [other]] })
    expect(gaps).toEqual([
      { ...two('node3'), until: [], both: true, longer: 0, most: null },
      { ...two('node1'), until: ['node2'], both: false, longer: 1, most: 1 },
    ])
  })

  it('says how long sessions are away when others reflect routes', async () => {
    await ok(three)
    await ok('gen')
    await ok('set node node1 reflector yes')
    expect(await ok('impact')).toContain(
      '\n  what containers of different nodes send each other, until the new files of both and of node1 are in effect and up to 10 s longer\n',
    )
  })

  it('has the node whose own key is another among the files, and first in order', async () => {
    await ok(three)
    await ok('add-client phone --via node1')
    await ok('gen')
    const keys = 'etc/wireguard/ciabmesh.conf'
    const isTold = async () => {
      const text = await ok('impact')
      expect(text).toMatch(new RegExp(`^  node1: .*${keys}`, 'm'))
      expect(text).toMatch(
        /\n1\. ciab-gen gen\n2\. tar -C out\/node1 .*\n.*\n3\. for node in node2 node3; do\n/,
      )
      const markdown = await ok('impact --format markdown')
      expect(markdown).toMatch(/^\| node1 \| .*ciabmesh\.conf/m)
      expect(markdown).toMatch(/^ciab-gen gen\ntar -C out\/node1 /m)
      const { nodes } = JSON.parse(await ok('impact --format json'))
      expect(nodes[0]).toMatchObject({ name: 'node1', turn: 'first' })
      expect(nodes[0].files).toContainEqual({ path: keys, kind: 'changed' })
    }
    await ok('rotate-key node1')
    await isTold()
    await ok('gen')
    await ok('rotate-key node1 --stage')
    await ok('gen')
    await ok('rotate-key node1')
    await isTold()
    await ok('gen')
    await ok('rotate-key phone')
    expect(await ok('impact')).toMatch(/^ {2}phone: ciabmesh\.conf$/m)
  })

  it('says that a port may be closed only of nodes that were to open it', async () => {
    await ok(three)
    await ok('gen')
    await ok('set mesh port 20000')
    const text = await ok('impact')
    expect(text).toMatch(/^node3: port 20000 instead of 51820$/m)
    expect(text).toMatch(/^node1 and node2: once all have their files$/m)
    expect(text.match(/may be closed/g)).toHaveLength(1)
  })

  it('says whether clients go out by a node from now on, or no longer', async () => {
    await ok(three)
    await ok('add-client phone --via node1')
    await ok('gen')
    await ok('set node node1 exit yes')
    expect(await ok('impact')).toMatch(/^node1: clients go out to the internet by it$/m)
    await ok('gen')
    await ok('set node node1 exit no')
    expect(await ok('impact')).toMatch(/^node1: clients no longer go out to the internet by it$/m)
  })

  it('never quotes a key', async () => {
    await ok(three)
    await ok('set mesh preshared-keys yes')
    await ok('gen')
    await ok('rotate-key node1')
    for (const format of ['text', 'json', 'markdown'])
      expect(await ok(`impact --format ${format}`)).not.toMatch(/[\w+/]{43}=/)
  })
})

describe('gen --check --summary', () => {
  it('is Markdown for a pull request, in which names are no markup, and exits as --check does', async () => {
    await ok(three)
    await ok('gen --public -o review')
    expect(await run(['gen', '--public', '-o', 'review', '--check', '--summary'])).toMatchObject({
      code: 0,
      stdout: '### What this change does\n\nnothing changes.\n',
    })
    await ok('add-node node4 --endpoint 192.0.2.4')
    const { code, stdout } = await run(['gen', '--public', '-o', 'review', '--check', '--summary'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^- node4: new$/m)
    expect(stdout).toMatch(/^\| node4 \| \d+ files created \|$/m)
    // What is copied comes from where the keys are.
    expect(stdout).toMatch(/^ciab-gen gen\n[\s\S]*tar -C out\//m)
    expect(stdout).not.toContain('tar -C review')
    expect(stdout).toContain('\\_mesh')
  })

  it('is of --check alone', async () => {
    await ok(three)
    expect(await run(['gen', '--summary'])).toMatchObject({ code: 2 })
  })
})
