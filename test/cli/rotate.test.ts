import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { publicHalf } from '../oracles/keys.js'
import { session } from './session.js'

const { run, ok, path, text, snapshot } = session()
const three = 'init --nodes node1=203.0.113.1,node2=198.51.100.2,node3=none'

const keyOf = (node: string) =>
  new RegExp(`\\[node ${node}\\][^[]*?\\npublic-key = (.*)`).exec(text('mesh.ini'))?.[1]
const privateKey = (name: string) => text(`keys/${name}.key`).trim()
const addresses = async () => {
  const rows: Record<string, unknown>[] = JSON.parse(await ok('show --json'))
  return rows.map(({ publicKey: _, ...row }) => row)
}

describe('rotate-key', () => {
  it('changes the key in its two places, and no address', async () => {
    await ok(three)
    const [ini, key, before] = [text('mesh.ini'), privateKey('node2'), await addresses()]
    const old = keyOf('node2') as string
    const { code, stderr } = await run(['rotate-key', 'node2'])
    expect(code).toBe(0)
    expect(privateKey('node2')).not.toBe(key)
    expect(publicHalf(privateKey('node2'))).toBe(keyOf('node2'))
    expect(text('mesh.ini')).toBe(ini.replace(old, keyOf('node2') as string))
    expect((statSync(path('keys/node2.key')).mode & 0o777).toString(8)).toBe('600')
    expect(existsSync(path('keys/node2.next.key'))).toBe(false)
    expect(await addresses()).toEqual(before)
    expect(stderr).toContain('as before it has 10.79.0.2')
    expect(stderr).toContain('nothing passes between node2 and node1, node3')
    expect(stderr).not.toContain(privateKey('node2'))
    await ok('check')
  })

  it('says whose traffic passes through the node', async () => {
    await ok('init --nodes a=203.0.113.1,b=203.0.113.2,c=203.0.113.3')
    await ok('exclude add a b')
    expect((await run(['rotate-key', 'c'])).stderr).toContain(
      'nor, because c is on the way, between a and b\n',
    )
  })

  it('stages, rotates, and leaves nothing behind', async () => {
    await ok(three)
    await ok('gen')
    const ini = text('mesh.ini')
    const before = snapshot('out/node2')
    const { stderr } = await run(['rotate-key', 'node2', '--stage'])
    const next = /^next-public-key = (.*)$/m.exec(text('mesh.ini'))?.[1] as string
    expect(stderr).toContain(`node2 is about to have the key ${next}`)
    expect(publicHalf(privateKey('node2.next'))).toBe(next)
    const added = ['ciabmesh.next', 'follow-keys.conf', 'follow-keys.sh'].map(file => `etc/ciab/${file}`)
    const created = ['node1', 'node3'].flatMap(node => added.map(file => `created out/${node}/${file}\n`))
    const notes = ['node1', 'node3'].map(node => `changed out/_mesh/${node}.md\n`)
    const told = ['node1', 'node3'].flatMap(node =>
      ['apply.conf', 'tree.sha256'].map(file => `changed out/${node}/etc/ciab/${file}\n`),
    )
    expect((await ok('gen')).split(/(?<=\n)/).sort()).toEqual([
      'changed out/_mesh/mesh.ini\n',
      ...notes,
      ...told,
      ...created,
    ])
    expect(snapshot('out/node2')).toEqual(before)
    expect((await run(['rotate-key', 'node2', '--stage'])).code).toBe(2)
    await ok('gen --public -o review')
    const rotated = await run(['rotate-key', 'node2'])
    expect([rotated.code, rotated.stderr]).toEqual([0, expect.not.stringContaining('nothing passes')])
    expect(rotated.stderr).toMatch(/\nnext: ciab-gen gen, and the steps that it prints\n$/)
    expect(keyOf('node2')).toBe(next)
    expect(text('mesh.ini').replace(next, '')).toBe(ini.replace(/(?<=198[^[]*public-key = ).*/, ''))
    const changes = await ok('gen')
    expect(changes).toContain('removed out/node1/etc/ciab/ciabmesh.next\n')
    expect(changes).toContain('changed out/node2/etc/wireguard/ciabmesh.conf\n')
    expect(existsSync(path('keys/node2.next.key'))).toBe(false)
  })

  it('--cancel undoes --stage byte for byte', async () => {
    await ok(three)
    await ok('gen')
    const before = text('mesh.ini')
    await ok('rotate-key node1 node3 --stage')
    await ok('gen')
    const { stderr } = await run(['rotate-key', 'node3', 'node1', '--cancel'])
    expect(stderr).toContain('node3 keeps the key it has\nnode1 keeps the key it has\nwhere the trees of the')
    expect(text('mesh.ini')).toBe(before)
    expect(await ok('gen')).toContain('removed out/node2/etc/ciab/ciabmesh.next\n')
    expect(await ok('diff')).toBe('')
    expect(text('out/node2/etc/ciab/apply.conf')).not.toContain('link_staged')
    expect(existsSync(path('keys/node1.next.key'))).toBe(false)
    expect((await run(['rotate-key', 'node1', '--cancel'])).code).toBe(2)
  })

  it('keeps the preshared keys that single pairs had, and goes on where it was cut short', async () => {
    await ok(three)
    const [one, two] = [keyOf('node1') as string, keyOf('node2') as string].sort()
    const secret = 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MTI='
    writeFileSync(path('keys/preshared.keys'), `${one} ${two} ${secret}\n`, { mode: 0o600 })
    await ok('rotate-key node2')
    expect(await ok('showconf node1 --secrets')).toContain(`PresharedKey = ${secret}`)
    expect(await ok('showconf node3 --secrets')).not.toContain('PresharedKey')
    expect(text('keys/preshared.keys').split('\n')).toHaveLength(2)
    // As if killed between mesh.ini and the key file.
    renameSync(path('keys/node2.key'), path('keys/node2.next.key'))
    writeFileSync(path('keys/node2.key'), `${privateKey('node1')}\n`, { mode: 0o600 })
    expect((await run(['check'])).code).toBe(1)
    const key = keyOf('node2')
    expect((await run(['rotate-key', 'node2'])).stderr).toContain('finished for node2 what was cut short')
    expect(keyOf('node2')).toBe(key)
    await ok('check')
  })

  it('takes a key that is brought along', async () => {
    await ok(three)
    const key = await ok('genkey')
    writeFileSync(path('new.key'), key)
    await ok('rotate-key node1 --key-file new.key')
    expect(text('keys/node1.key')).toBe(key)
    const other = await ok('genkey')
    expect((await run(['rotate-key', 'node1', '--key-file', '-'], { stdin: async () => other })).code).toBe(0)
    expect(text('keys/node1.key')).toBe(other)
    const mine = publicHalf((await ok('genkey')).trim())
    const theirs = publicHalf((await ok('genkey')).trim())
    await ok(`add-node x --public-key ${theirs} --endpoint none`)
    expect(await run(['rotate-key', 'x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--public-key'),
    })
    await ok(`rotate-key x --stage --public-key ${mine}`)
    expect((await run(['rotate-key', 'x'])).stderr).toContain('/etc/wireguard/ciabmesh.key\n')
    expect(keyOf('x')).toBe(mine)
  })

  it.each([
    [['rotate-key', 'nod1'], 2, 'did you mean "node1"?'],
    [['rotate-key', 'node1', 'node2', '--key-file', 'x'], 2, 'for one node alone'],
    [['rotate-key', 'node1', '--key-file', 'x'], 1, '[file-missing]'],
    [['rotate-key', 'node1', '--key-file', 'mesh.ini'], 1, '[key-syntax]'],
    [['rotate-key', 'node1', '--public-key', 'x'], 2, 'not a key'],
    [['rotate-key', 'node1', '--cancel', '--stage'], 2, 'no other option'],
    [['rotate-key', 'node1', '--cancel'], 2, 'nothing to cancel'],
    [['rotate-psk'], 1, '[preshared-seed]'],
  ] as const)('%j changes nothing', async (args, code, said) => {
    await ok(three)
    const before = snapshot()
    expect(await run(args)).toMatchObject({ code, stderr: expect.stringContaining(said) })
    expect(snapshot()).toEqual(before)
  })

  it('moves and removes a staged key with its node', async () => {
    await ok(three)
    await ok('rotate-key node2 --stage')
    const next = privateKey('node2.next')
    await ok('rename-node node2 berlin')
    expect(privateKey('berlin.next')).toBe(next)
    expect(existsSync(path('keys/node2.next.key'))).toBe(false)
    await ok('remove-node berlin')
    expect(existsSync(path('keys/berlin.next.key'))).toBe(false)
  })
})

describe('rotate-psk', () => {
  it('draws another seed, and changes nothing but preshared keys', async () => {
    await ok(`${three} --preshared-keys`)
    const [ini, seed, conf] = [
      text('mesh.ini'),
      text('keys/preshared.seed'),
      await ok('showconf node1 --secrets'),
    ]
    await ok('rotate-psk')
    expect(text('mesh.ini')).toBe(ini)
    expect(text('keys/preshared.seed')).not.toBe(seed)
    expect((statSync(path('keys/preshared.seed')).mode & 0o777).toString(8)).toBe('600')
    const now = await ok('showconf node1 --secrets')
    expect(now).not.toBe(conf)
    const without = (text: string) => text.replace(/^PresharedKey.*$/gm, '')
    expect(without(now)).toBe(without(conf))
  })

  it('draws the keys of single pairs anew where there is no seed, and drops them where there is one', async () => {
    await ok(three)
    const pair = [keyOf('node1') as string, keyOf('node2') as string].sort().join(' ')
    const secret = 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MTI='
    writeFileSync(path('keys/preshared.keys'), `${pair} ${secret}\n`, { mode: 0o600 })
    await ok('rotate-psk')
    expect(text('keys/preshared.keys').startsWith(`${pair} `)).toBe(true)
    expect(text('keys/preshared.keys')).not.toContain(secret)
    await ok('set mesh preshared-keys yes')
    await ok('rotate-psk')
    expect(existsSync(path('keys/preshared.keys'))).toBe(false)
  })
})

it.each([
  ['mesh', 'pool-ipv4', 'set mesh overlay'],
  ['mesh', 'pool-ipv6', 'set mesh overlay'],
  ['mesh', 'vxlan-id', 'set mesh vni'],
  ['mesh', 'vxlan-mtu', 'set mesh path-mtu'],
  ['node node1', 'addr', 'overlay-address'],
  ['node node1', 'll-addr', 'underlay-address'],
  ['node node1', 'persistent-keepalive', 'keepalive'],
  ['node node1', 'private-key', 'rotate-key NAME --key-file FILE'],
  ['node node1', 'upnp', 'pre-up'],
  ['node node1', 'save-config', 'nothing of the kind'],
])("set %s %s, in vwgen's words, says what it is called here", async (section, key, hint) => {
  await ok(three)
  const answer = await run(['set', ...section.split(' '), key, 'x'])
  expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining(hint) })
})

it.each([
  'set mesh vxlan-port 4790',
  'set node node1 allowed-ips 192.168.7.0/24',
  'set node node1 endpoint 203.0.113.9:4500',
  'set node node1 fwmark 0x2a',
  'set node node1 listen-port 4501',
  'set node node1 keepalive off',
  'set node node1 overlay-address 10.78.7.7',
  'set node node1 underlay-address 10.79.7.7',
])("%s: every field of vwgen's set", async line => {
  await ok(three)
  await ok(line)
  await ok('check')
  rmSync(path('mesh.ini'))
})
