import { statSync } from 'node:fs'
import decoder from 'jsqr'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, text, path, snapshot } = session()
const three = 'init ciabmesh --nodes node1=203.0.113.1,node2=203.0.113.2,node3=none --preshared-keys'

// Its types are those of a module with a default, and at run time that is the module.
const decode = decoder as unknown as typeof decoder.default

/** What the code on a picture says, by a reader that is not of the library that drew it. */
const read = (modules: readonly (readonly boolean[])[]): string | undefined => {
  const scale = 4
  const [width, height] = [(modules[0]?.length ?? 0) * scale, modules.length * scale]
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)])
        pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
  return decode(pixels, width, height)?.data
}

/** Of half blocks on a terminal that is light on dark: what is printed is light. */
const onTerminal = (said: string): boolean[][] =>
  said
    .trimEnd()
    .split('\n')
    .flatMap(line => {
      const cells = [...line]
      return [
        cells.map(cell => cell !== '█' && cell !== '▀'),
        cells.map(cell => cell !== '█' && cell !== '▄'),
      ]
    })

/** Of an image of squares. */
const onImage = (svg: string): boolean[][] => {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1])
  const [, step = ''] = /h(\d+)v/.exec(svg) ?? []
  const side = size / Number(step)
  const modules = Array.from({ length: side }, () => Array.from({ length: side }, () => false))
  for (const [, x, y] of svg.matchAll(/M(\d+),(\d+)h/g)) {
    const row = modules[Number(y) / Number(step)]
    if (row) row[Number(x) / Number(step)] = true
  }
  return modules
}

const terminal = (said: string[]) => ({
  stdout: { isTerminal: true, write: (text: string) => said.push(text) },
})

it.each([
  ['plan phone', 'phone is a client: show phone tells of it'],
  ['showconf phone', 'phone is a client: show phone tells of it'],
  ['remove-client node1', 'node1 is a node: show node1 tells of it'],
  ['remove-client nosuch', 'known are laptop, phone'],
  ['qr nosuch', 'known are laptop, phone'],
])('of a name of another kind, %s says what it is', async (line, hint) => {
  await ok(three)
  await ok('add-client laptop')
  await ok('add-client phone')
  expect(await run(line.split(' '))).toMatchObject({ code: 2, stderr: expect.stringContaining(hint) })
})

it.each([
  ['import wg nofile', 'give the path of a file that is there'],
  ['impact --from nofile', 'give the older mesh.ini with --from FILE or --from git:HEAD'],
])('of a file that is not there, %s asks for that file', async (line, hint) => {
  await ok(three)
  const { code, stderr } = await run(line.split(' '))
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(hint) })
  expect(stderr).toContain('nofile does not exist [file-missing]')
})

describe('clients', () => {
  it('get one file that holds nothing but what the apps read', async () => {
    await ok(three)
    await ok('add-client laptop')
    expect(text('mesh.ini')).toMatch(/\n\n\[client laptop\]\nid {9}= 4\npublic-key = \S{44}\n$/)
    await ok('set client laptop dns 10.78.0.1')
    await ok('gen')
    const file = text('out/laptop/ciabmesh.conf')
    expect(statSync(path('out/laptop/ciabmesh.conf')).mode & 0o777).toBe(0o600)
    // com.wireguard.config.Interface and .Peer of the app for Android refuse all other words.
    const known =
      /^(#.*|\[Interface\]|\[Peer\]|(Address|DNS|MTU|PrivateKey|ListenPort|AllowedIPs|Endpoint|PersistentKeepalive|PresharedKey|PublicKey) = \S.*|)$/
    for (const line of file.split('\n')) expect(line).toMatch(known)
    expect(file).toMatch(/^PrivateKey = \S{44}$/m)
    expect(file).toMatch(/^Endpoint = 203\.0\.113\.1:51820$/m)
    // The pair's one secret stands in both files.
    const [, secret] = /^PresharedKey = (\S+)$/m.exec(file) ?? []
    expect(secret).toHaveLength(44)
    expect(text('out/node1/etc/wireguard/ciabmesh.conf')).toContain(`\nPresharedKey = ${secret}\n`)
    for (const node of ['node2', 'node3'])
      expect(text(`out/${node}/etc/wireguard/ciabmesh.conf`)).not.toContain(secret)
    expect(text('out/_mesh/laptop.md')).toContain('It is locked out once node1 has its new files')
  })

  it('are a QR code that says just what the file does, on a terminal and as an image', async () => {
    await ok(three)
    await ok('add-client phone --via node2')
    await ok('gen')
    const file = text('out/phone/ciabmesh.conf')
    for (const [option, ground] of [
      [[], false],
      [['--invert'], true],
    ] as const) {
      const said: string[] = []
      expect(await run(['qr', 'phone', ...option], terminal(said))).toMatchObject({ code: 0, stderr: '' })
      expect(read(onTerminal(said.join('')).map(row => row.map(dark => dark !== ground)))).toBe(file)
    }
    expect(await run(['qr', 'phone', '--svg', 'phone.svg'])).toMatchObject({ code: 0, stdout: '' })
    expect(statSync(path('phone.svg')).mode & 0o777).toBe(0o600)
    expect(read(onImage(text('phone.svg')))).toBe(file)
    expect(await run(['qr', 'phone', '--svg', 'phone.svg'])).toMatchObject({ code: 1 })
  })

  it('have no code where it would be kept, or where there is no key', async () => {
    await ok(three)
    await ok('add-client phone')
    const piped = await run(['qr', 'phone'])
    expect(piped).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--svg FILE') })
    const key = 'dew+D756GvHDhSM3KEvC3GexlWShDPYGodNrX4wJSw8='
    await ok(`add-client own --public-key ${key}`)
    expect(text('mesh.ini')).toMatch(/\[client own\]\nid {9}= 5\npublic-key = \S+\nkey-on-client = yes\n$/)
    expect(await run(['qr', 'own'], terminal([]))).toMatchObject({ code: 2 })
    expect(await run(['qr', 'node1'], terminal([]))).toMatchObject({ code: 2 })
    await ok('gen')
    expect(text('out/own/ciabmesh.conf')).not.toMatch(/^PrivateKey/m)
  })

  it('leave: the key goes, the number is given to nobody, and gen says when they are locked out', async () => {
    await ok(three)
    await ok('add-client laptop phone')
    await ok('gen')
    const left = await run(['remove-client', 'phone'])
    expect(left.stderr).toContain('deleted keys/phone.key\n')
    expect(text('mesh.ini')).toMatch(/next-id += 6\n/)
    const { stdout, stderr } = await run(['gen'])
    expect(stdout).toContain('removed out/phone/ciabmesh.conf\n')
    expect(stdout).toContain('removed out/_mesh/phone.md\n')
    expect(stderr).toContain('node1: carries laptop instead of laptop, phone\n')
    expect(stderr).toContain('client phone: locked out once node1 has applied its files\n')
    expect(stderr).not.toContain('no longer in the mesh')
  })

  it('get another name or key, and keep their addresses', async () => {
    await ok(three)
    await ok('add-client laptop')
    await ok('gen')
    const before = text('out/laptop/ciabmesh.conf')
    await ok('rename-client laptop notebook')
    expect(snapshot('keys').join()).toContain('notebook.key')
    const foretold = await ok('impact')
    const renamed = await run(['gen'])
    for (const text of [foretold, renamed.stderr]) {
      expect(text).toContain('client notebook: laptop by another name; nothing is to be done on it\n')
      expect(text).not.toMatch(/import out|locked out/)
    }
    await ok('rename-node node1 one')
    const carried = await run(['gen'])
    expect(text('out/notebook/ciabmesh.conf')).toContain('# one\n')
    expect(carried.stderr).not.toMatch(/client notebook/)
    await ok('rename-node one node1')
    await ok('gen')
    expect(text('out/notebook/ciabmesh.conf')).toBe(before.replace('for laptop', 'for notebook'))
    const { code, stderr } = await run(['rotate-key', 'notebook'])
    expect(code).toBe(0)
    expect(stderr).toContain('once node1 has applied its new files, the old one opens nothing')
    const said = await run(['gen'])
    expect(said.stderr).toContain('client notebook: once node1 has applied its files, import out/notebook/')
    const after = text('out/notebook/ciabmesh.conf')
    const addresses = /^Address = .*$/m
    expect(addresses.exec(after)?.[0]).toBe(addresses.exec(before)?.[0])
    expect(/^PrivateKey = .*$/m.exec(after)?.[0]).not.toBe(/^PrivateKey = .*$/m.exec(before)?.[0])
    expect(await run(['rotate-key', 'notebook', '--stage'])).toMatchObject({ code: 2 })
  })

  it('go out by a node that says so, and by no other', async () => {
    await ok(three)
    await ok('add-client laptop --via node2')
    const refused = await run('set client laptop full-tunnel yes'.split(' '))
    expect(refused.stderr).toMatch(/\[client-via\][\s\S]*write exit = yes in \[node node2\]/)
    await ok('set node node2 exit yes')
    await ok('set client laptop full-tunnel yes')
    await ok('gen')
    expect(text('out/laptop/ciabmesh.conf')).toContain('\nAllowedIPs = 0.0.0.0/0, ::/0\n')
    const filter = text('out/node2/etc/ciab/ciabmesh.nft')
    expect(filter).toMatch(/iifname "ciabmesh" ip saddr \$exiting4 ip daddr != \$beside4 return/)
    expect(filter).toMatch(/ip saddr \$exiting4 ip daddr != \$mesh4 masquerade/)
    expect(text('out/node1/etc/ciab/ciabmesh.nft')).not.toContain('exiting')
  })

  it('go on by another node when theirs leaves', async () => {
    await ok(three)
    await ok('add-client laptop --via node1')
    await ok('remove-node node1')
    expect(text('mesh.ini')).not.toContain('via')
    await ok('gen')
    expect(text('out/laptop/ciabmesh.conf')).toContain('\n# node2\n')
    expect(await ok('show laptop')).toContain('client of node2')
  })

  it.each([
    ['add-client node1', 'there is a node "node1" already'],
    ['add-node laptop', 'there is a client "laptop" already'],
    ['add-client a a', 'a name stands twice'],
    ['add-client a b --id 9', '--id is for one client'],
    ['remove-client node1', 'there is no client "node1"'],
    ['remove-node laptop', 'there is no node "laptop"'],
    ['rename-client laptop node1', 'there is a node "node1" already'],
    ['set client nobody dns 10.0.0.1', 'there is no client "nobody"'],
  ])('%s is a wrong command line', async (line, hint) => {
    await ok(three)
    await ok('add-client laptop')
    expect(await run(line.split(' '))).toMatchObject({ code: 2, stderr: expect.stringContaining(hint) })
  })
})
