import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, path, text, snapshot } = session()
const three = 'init --nodes node1=203.0.113.1,node2=198.51.100.2,node3=none'

describe('init', () => {
  it('writes a mesh that says everything, with keys that only we can read', async () => {
    const { code, stdout, stderr } = await run(['init', '--nodes', 'a=203.0.113.1,b'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('wrote mesh.ini')
    expect(stderr).toContain('only dial others: b\n')
    const ini = text('mesh.ini')
    for (const key of ['name', 'underlay', 'overlay', 'containers', 'vni', 'asn', 'port', 'path-mtu'])
      expect(ini).toMatch(new RegExp(`^${key} +=`, 'm'))
    const ula = /10\.79\.0\.0\/16, (fd[0-9a-f:]+):ffff::\/64/.exec(ini)?.[1] as string
    expect(ini).toContain(`10.78.0.0/16, ${ula}:fffe::/64`)
    expect(ini).toContain(`10.77.0.0/16 /24, ${ula}::/49 /64`)
    const vni = Number(/^vni += (\d+)/m.exec(ini)?.[1])
    expect(vni).toBeGreaterThanOrEqual(4096)
    expect(vni).toBeLessThanOrEqual(16777215)
    expect((statSync(path('keys')).mode & 0o777).toString(8)).toBe('700')
    expect((statSync(path('keys/a.key')).mode & 0o777).toString(8)).toBe('600')
    expect(readdirSync(path('.')).sort()).toEqual(['keys', 'mesh.ini'])
    expect(await ok('check')).toBe('')
  })

  it('never overwrites', async () => {
    await ok('init')
    const before = snapshot()
    expect(await run(['init', '--nodes', 'a'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[file-exists]'),
    })
    expect(snapshot()).toEqual(before)
  })

  it('writes nothing for a mesh with a fault', async () => {
    const { code, stderr } = await run(['init', '--nodes', 'a', '--underlay', '10.79.0.1/16'])
    expect(code).toBe(2)
    expect(stderr).toContain('10.79.0.1/16 has host bits set [command-line]')
    expect(readdirSync(path('.'))).toEqual([])
  })

  it('comments on every key, and on no address that may not be there', async () => {
    await ok('init --underlay 10.1.0.0/16,fd00:1::/64')
    const lines = text('mesh.ini').trim().split('\n').slice(1)
    for (const line of lines) expect(line).toMatch(/ ; [a-z]/i)
    for (const line of lines) expect(line.replace(/^.* ; /, '')).not.toMatch(/[0-9]\.[0-9]/)
  })

  it('makes the directory it works in, unless nothing comes of it', async () => {
    expect(await run(['-C', 'new', 'init', 'not a name'])).toMatchObject({ code: 2 })
    expect(existsSync(path('new'))).toBe(false)
    await ok('-C new init')
    expect(readdirSync(path('new'))).toEqual(['mesh.ini'])
  })

  it('names many nodes, and takes larger pools for them', async () => {
    await ok('init --count 12 --format n%02d --endpoint n%02d.example.net --preshared-keys')
    expect(text('mesh.ini')).toContain('[node n12]\nid         = 12\nendpoint   = n12.example.net\n')
    expect(existsSync(path('keys/preshared.seed'))).toBe(true)
    await ok('-f large.ini init --count 300 --endpoint h%d.example.net')
    expect(text('large.ini')).toContain('10.64.0.0/13 /24')
    expect(await run(['-f', 'huge.ini', 'init', '--count', '2048'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--containers'),
    })
  }, 30_000)

  it('warns of a name that the CIAB scripts do not expect', async () => {
    expect(await run(['init', 'other'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('[mesh-name-scripts]'),
    })
  })

  it('uses a key that is there already', async () => {
    await ok('init --nodes a')
    const key = text('keys/a.key')
    rmSync(path('mesh.ini'))
    expect(await run(['init', '--nodes', 'a'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('found and used: keys/a.key'),
    })
    expect(text('keys/a.key')).toBe(key)
  })
})

describe('add-node and remove-node', () => {
  it('are undone by each other but for next-id', async () => {
    await ok(three)
    const before = text('mesh.ini')
    await ok('add-node node4 --endpoint 192.0.2.4:4500')
    expect(text('mesh.ini').startsWith(before)).toBe(true)
    expect(text('mesh.ini')).toContain('endpoint   = 192.0.2.4:4500')
    expect(await run(['remove-node', 'node4'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('deleted keys/node4.key'),
    })
    expect(text('mesh.ini').replace(/^next-id.*\n/m, '')).toBe(before)
    expect(readdirSync(path('keys')).sort()).toEqual(['.gitignore', 'node1.key', 'node2.key', 'node3.key'])
    await ok('add-node node5=none')
    expect(text('mesh.ini')).toContain('[node node5]\nid         = 5\n')
  })

  it('say so when a node has no endpoint', async () => {
    await ok(three)
    expect(await run(['add-node', 'x'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('set node x endpoint HOST'),
    })
    expect(text('mesh.ini')).toMatch(/\[node x\]\nid +=.*\nendpoint += none\n/)
  })

  it('take a public key, a group, an id and numbers of nodes', async () => {
    await ok(three)
    writeFileSync(path('mesh.ini'), `${text('mesh.ini')}\n[group g]\nmembers = node1 ; first\n`)
    const publicKey = /public-key = (.*)/.exec(text('mesh.ini'))?.[1]?.replace(/^./, 'B') as string
    await ok(`add-node x --id 40 --public-key ${publicKey} --endpoint none --group g`)
    expect(text('mesh.ini')).toContain('members = node1, x ; first')
    expect(text('mesh.ini')).toContain('key-on-node = yes')
    expect(existsSync(path('keys/x.key'))).toBe(false)
    await ok('add-node --count 2 --format node%03d --endpoint node%d.example.net')
    expect(text('mesh.ini')).toContain('[node node042]\nid         = 42\nendpoint   = node42.example.net')
    await ok('remove-node x node042 --keep-key')
    expect(text('mesh.ini')).toContain('members = node1 ; first')
    expect(existsSync(path('keys/node042.key'))).toBe(true)
    expect(text('mesh.ini')).toMatch(/^next-id += 43$/m)
  })

  it('leave no key behind when the mesh would have a fault', async () => {
    await ok(three)
    const before = snapshot()
    expect(await run(['add-node', 'y', '--id', '1'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[duplicate-id]'),
    })
    expect(await run(['add-node', 'y', '--endpoint', 'a_b c'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[endpoint-syntax]'),
    })
    expect(await run(['add-node', 'y', '--endpoint', '192.0.2.1\n[node evil]'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[control-character]'),
    })
    expect(snapshot()).toEqual(before)
  })

  it('take back the first key when the second cannot be written', async () => {
    await ok(three)
    symlinkSync(path('nowhere'), path('keys/y.key'))
    const before = snapshot()
    expect(await run(['add-node', 'x', 'y'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[file-exists]'),
    })
    expect(snapshot()).toEqual(before)
  })

  it.each(['../x', 'a/b', '..', '', 'a b', '-x', 'x]\n[node y', '$(id)', '%i', 'ä', 'a.b', 'x'.repeat(64)])(
    'refuse the name %j',
    async name => {
      await ok(three)
      const before = snapshot()
      const answers = [await run(['add-node', name]), await run(['rename-node', 'node1', name])]
      for (const { code, stderr } of answers) {
        expect(code).toBe(2)
        expect(stderr).toContain(name === '-x' ? '-node" ' : 'is not a node name')
        expect(stderr).not.toContain('    at ')
      }
      expect(snapshot()).toEqual(before)
    },
  )

  it('keep CRLF, comments and a missing final line end', async () => {
    await ok(three)
    const shaped = `# mine\r\n${text('mesh.ini').trimEnd().replaceAll('\n', '\r\n')}`
    writeFileSync(path('mesh.ini'), shaped)
    await ok('add-node node4=192.0.2.4')
    expect(text('mesh.ini').startsWith(`${shaped}\r\n\r\n[node node4]\r\n`)).toBe(true)
    expect(text('mesh.ini')).not.toMatch(/[^\r]\n|\n$/)
    await ok('remove-node node4')
    expect(text('mesh.ini').replace(/next-id.*\r\n/, '')).toBe(shaped)
  })
})

describe('rename-node', () => {
  it('moves the key and every mention, and only names change in the output', async () => {
    await ok(three)
    writeFileSync(path('mesh.ini'), `${text('mesh.ini')}\n[exclude]\nnode1 = node3\n`)
    const [ini, key] = [text('mesh.ini'), text('keys/node3.key')]
    const { code, stderr } = await run(['rename-node', 'node3', 'berlin'])
    expect({ code, stderr: stderr.includes('keys/berlin.key') }).toEqual({ code: 0, stderr: true })
    expect(text('mesh.ini')).toBe(ini.replaceAll('node3', 'berlin'))
    expect(text('keys/berlin.key')).toBe(key)
    expect(existsSync(path('keys/node3.key'))).toBe(false)
    expect((statSync(path('keys/berlin.key')).mode & 0o777).toString(8)).toBe('600')
    await ok('rename-node berlin node3')
    expect(text('mesh.ini')).toBe(ini)
    expect((await run(['rename-node', 'node3', 'node1'])).code).toBe(2)
  })
})

describe('set', () => {
  it('changes one value and no other byte', async () => {
    await ok(three)
    const before = text('mesh.ini')
    await ok('set mesh port 4500')
    expect(text('mesh.ini')).toBe(before.replace('port       = 51820', 'port       = 4500'))
    await ok('set node node3 endpoint 192.0.2.3')
    expect(text('mesh.ini')).toContain('id         = 3\nendpoint   = 192.0.2.3\n')
    await ok('set node node3 keepalive 20')
    await ok('set node node3 keepalive --unset')
    await ok('set targets names none')
    expect(text('mesh.ini')).toMatch(/\n\[targets\]\nnames = none\n$/)
  })

  it('writes hooks so that they are read back whole', async () => {
    await ok(three)
    expect((await run(['set', 'node', 'node1', 'post-up', 'echo "a"; true', 'logger up'])).code).toBe(0)
    expect(text('mesh.ini')).toContain('post-up[]')
    expect(JSON.parse(await ok('plan node1')).tunnel.hooks.postUp).toEqual(['echo "a"; true', 'logger up'])
  })

  it('makes the seed that preshared keys need', async () => {
    await ok(three)
    await ok('set mesh preshared-keys yes')
    expect((statSync(path('keys/preshared.seed')).mode & 0o777).toString(8)).toBe('600')
    await ok('gen')
    expect(text('out/node1/etc/wireguard/ciabmesh.conf')).toMatch(/^PresharedKey = /m)
  })

  it.each([
    [['set', 'mesh', 'prot', '1'], 'did you mean "port"?'],
    [['set', 'mehs', 'port', '1'], 'did you mean "mesh"?'],
    [['set', 'node', 'nod1', 'port', '1'], 'has no key'],
    [['set', 'node', 'nod1', 'keepalive', '1'], 'did you mean "node1"?'],
    [['set', 'node', 'node1'], 'the key is missing'],
    [['set', 'mesh', 'port'], 'the value for "port" is missing'],
    [['set', 'mesh', 'families', '--unset'], 'nothing to take out'],
    [['set', 'mesh', '__proto__', 'x'], 'has no key'],
    [
      ['set', 'node', 'node1', 'lan', 'eth1', '192.168.50.0/24'],
      "quote it as one word: 'eth1 192.168.50.0/24'",
    ],
    [['set', 'tenant', 'green', 'containers', '10.92.0.0/16', '/24'], "one word: '10.92.0.0/16 /24'"],
    [['set', 'mesh', 'constructor', 'x'], 'has no key'],
  ])('%j is a wrong command line', async (args, hint) => {
    await ok(three)
    const before = snapshot()
    expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(hint) })
    expect(snapshot()).toEqual(before)
  })

  it('writes nothing that makes a fault', async () => {
    await ok(three)
    const before = snapshot()
    expect(await run(['set', 'mesh', 'port', '70000'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[number-range]'),
    })
    expect(snapshot()).toEqual(before)
  })

  it.each([
    [['set', 'mesh', 'port', '70000']],
    [['add-node', 'node4', '--id', '2', '--endpoint', 'none']],
    [['add-client', 'phone', '--via', 'nope']],
  ])('of %j, which is refused, says that nothing was written', async args => {
    await ok(three)
    const before = text('mesh.ini')
    const { code, stderr } = await run(args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/\nmesh\.ini was not changed; the lines above are those it would have had\n$/)
    expect(text('mesh.ini')).toBe(before)
  })
})

describe('check', () => {
  it('tells errors from warnings', async () => {
    await ok('init other --nodes a=203.0.113.1')
    expect(await run(['check'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('warning:'),
    })
    expect((await run(['check', '--strict'])).code).toBe(1)
    writeFileSync(path('mesh.ini'), '[mesh]\nport = x\n')
    expect(await run(['check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('mesh.ini:2:8: error:'),
    })
    expect(await run(['-f', 'no.ini', 'check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[file-missing]'),
    })
  })

  it('works for a reviewer without the keys', async () => {
    await ok(three)
    rmSync(path('keys'), { recursive: true })
    expect((await run(['check'])).stderr).toBe('mesh.ini: 3 nodes, sound; private keys were not looked at\n')
    expect((await run(['gen'])).code).toBe(1)
    expect((await run(['check', '--public'])).code).toBe(0)
    expect(await ok('show')).toContain('node3')
    expect((await run(['gen', '--public', '-o', 'review'])).code).toBe(0)
  })

  it('warns of a key that others can read', async () => {
    await ok(three)
    chmodSync(path('keys/node1.key'), 0o644)
    expect(await run(['check'])).toMatchObject({ code: 0, stderr: expect.stringContaining('[key-mode]') })
  })
})

describe('gen', () => {
  it('writes once, and then nothing', async () => {
    await ok(three)
    const first = await run(['gen'])
    expect(first.code).toBe(0)
    expect(first.stdout).toContain('created out/node1/etc/wireguard/ciabmesh.conf\n')
    expect(first.stderr).toMatch(/^out: 3 nodes, \d+ created\n/m)
    const before = snapshot()
    const second = await run(['gen'])
    expect(second).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('nothing to change'),
    })
    expect(snapshot()).toEqual(before)
  })

  it('--check writes nothing and tells drift', async () => {
    await ok(three)
    const untouched = snapshot()
    expect((await run(['gen', '--check'])).code).toBe(1)
    expect(snapshot()).toEqual(untouched)
    await ok('gen')
    expect((await run(['gen', '--check'])).code).toBe(0)
    writeFileSync(path('out/node2/etc/frr/frr.conf'), 'edited\n')
    const before = snapshot()
    expect(await run(['gen', '--check'])).toMatchObject({
      code: 1,
      stdout: 'changed out/node2/etc/frr/frr.conf\n',
    })
    expect(await run(['gen', '--check', 'node1'])).toMatchObject({ code: 0, stdout: '' })
    expect(snapshot()).toEqual(before)
  })

  it('writes some nodes, and removes what is no longer in the mesh', async () => {
    await ok(three)
    expect(await ok('gen node2')).not.toContain('node1')
    expect(readdirSync(path('out')).sort()).toEqual(['.ciab-gen.json', '.gitignore', '_mesh', 'node2'])
    await ok('gen')
    await ok('remove-node node2')
    expect(await ok('gen')).toContain('removed out/node2/etc/wireguard/ciabmesh.conf\n')
    expect(existsSync(path('out/node2'))).toBe(false)
    expect(await run(['gen', 'nod1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "node1"?'),
    })
  })

  it('--public holds no secret and does not mix with a tree that does', async () => {
    await ok(`${three} --preshared-keys`)
    await ok('gen --public -o review')
    const secrets = ['node1', 'node2', 'node3'].map(node => text(`keys/${node}.key`).trim())
    const files = readdirSync(path('review'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => `${entry.parentPath}/${entry.name}`)
    for (const file of files)
      for (const secret of secrets) expect(readFileSync(file, 'utf8')).not.toContain(secret)
    expect(text('review/node1/etc/wireguard/ciabmesh.conf')).toContain('PrivateKey = (hidden)')
    expect((statSync(path('review/node1/etc/wireguard/ciabmesh.conf')).mode & 0o777).toString(8)).toBe('644')
    expect(await run(['gen', '-o', 'review'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[tree-kind]'),
    })
  })

  it('does not leave the output directory', async () => {
    await ok(three)
    mkdirSync(path('victim'))
    mkdirSync(path('out'))
    symlinkSync(path('victim'), path('out/node1'))
    expect(await run(['gen'])).toMatchObject({ code: 1, stderr: expect.stringContaining('[unsafe-path]') })
    expect(readdirSync(path('victim'))).toEqual([])
    writeFileSync(path('file'), 'x')
    expect(await run(['gen', '-o', 'file'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not a directory'),
    })
  })
})

describe('diff', () => {
  it('shows what gen would change, without keys', async () => {
    await ok(three)
    await ok('gen')
    expect(await run(['diff'])).toMatchObject({ code: 0, stdout: '' })
    await ok('set node node2 endpoint 192.0.2.99')
    const { stdout, code } = await run(['diff', 'node1'])
    expect(code).toBe(0)
    expect(stdout).toContain('--- out/node1/etc/wireguard/ciabmesh.conf\n')
    expect(stdout).toContain('\n-Endpoint = 198.51.100.2:51820\n+Endpoint = 192.0.2.99:51820\n')
    writeFileSync(path('keys/node1.key'), text('keys/node2.key'))
    await ok('-f other.ini init --nodes node1=192.0.2.1,node2=192.0.2.2').catch(() => {})
    rmSync(path('keys/node1.key'))
    rmSync(path('keys/node2.key'))
    await ok('-f other.ini init --nodes node1=192.0.2.1,node2=192.0.2.2')
    const other = (await run(['-f', 'other.ini', 'diff'])).stdout
    const hidden = ['node1', 'node2', 'node3'].map(node => text(`keys/${node}.key`).trim())
    const old = /PrivateKey = (.*)/.exec(text('out/node3/etc/wireguard/ciabmesh.conf'))?.[1] as string
    for (const secret of [...hidden, old]) expect(other).not.toContain(secret)
    expect(other).toContain('(hidden)')
    expect(other).toContain('+++ /dev/null')
  })
})

describe('show and plan', () => {
  it('list addresses as a table and as JSON', async () => {
    await ok(three)
    const [head, first] = (await ok('show')).split('\n') as [string, string]
    expect(head).toMatch(/^NAME +ID +ENDPOINT +VTEP +OVERLAY +CONTAINERS +PUBLIC KEY$/)
    expect(first).toMatch(
      /^node1 +1 +203\.0\.113\.1:51820 +10\.79\.0\.1 +10\.78\.0\.1, fd.*10\.77\.1\.0\/24, fd.*=$/,
    )
    const rows = JSON.parse(await ok('show --json'))
    expect(rows[2]).toMatchObject({ name: 'node3', id: 3, endpoints: [], vtep: '10.79.0.3' })
    expect(await ok('show node2')).not.toContain('node1')
  })

  it('print plans without keys', async () => {
    await ok(three)
    const all = await ok('plan')
    expect(JSON.parse(all).map(({ name }: { name: string }) => name)).toEqual(['node1', 'node2', 'node3'])
    expect(JSON.parse(await ok('plan node2'))).toEqual(JSON.parse(all)[1])
    for (const node of ['node1', 'node2', 'node3']) expect(all).not.toContain(text(`keys/${node}.key`).trim())
  })
})
