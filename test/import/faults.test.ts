import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importMesh } from '../../src/import/index.js'
import { plan } from '../../src/index.js'
import { session } from '../cli/session.js'
import { readFdb } from '../oracles/fdb.js'
import { readVxlan } from '../oracles/hooks.js'
import { readWgQuick } from '../oracles/wg-quick.js'
import { cases, filesFrom, imported, masterOf, meshFrom, nodeNumber } from './cases.js'

const { run, ok, path, text } = session()

const two = masterOf({ node1: nodeNumber(1), node2: nodeNumber(2) })
const with1 = (values: Readonly<Record<string, string>>) =>
  masterOf({ node1: nodeNumber(1, values), node2: nodeNumber(2) })
const node1Of = (values: Readonly<Record<string, string>>) => meshFrom(imported(with1(values))).nodes[0]
const reportOf = (values: Readonly<Record<string, string>>) => imported(with1(values)).report
const wgOf = (sources: Parameters<typeof imported>[0], node: string) =>
  readWgQuick(
    filesFrom(meshFrom(imported(sources)))
      .get(node)
      ?.get('etc/wireguard/ciabmesh.conf') as string,
  )
const nat = cases.find(({ name }) => name === 'nat-and-hostnames')?.master as (typeof cases)[number]['master']

/** vwgen's faults, each seen there, and that ciab-gen, given vwgen's own files, does not have it. */
describe("vwgen's fault", () => {
  test('A1: the overlay is open to everybody on the internet', () => {
    const rules = filesFrom(meshFrom(imported(two)))
      .get('node1')
      ?.get('etc/ciab/ciabmesh.nft')
    expect(rules).toMatch(
      /^\t\tiifname "ciabmesh" udp dport 4789 @th,96,24 4242 goto vteps\n\t\tudp dport 4789 @th,96,24 4242 drop$/m,
    )
    expect(imported(two).report).toMatch(/from inside the tunnel only/)
  })

  test('A2: a command that is cut short leaves an empty file, and all keys are lost', async () => {
    await ok('init --nodes a=203.0.113.1,b')
    const before = text('mesh.ini')
    const torn = () => {
      throw new Error('no entropy')
    }
    expect((await run(['add-node', 'c'], { randomBytes: torn })).code).not.toBe(0)
    expect(text('mesh.ini')).toBe(before)
    await ok('check')
  })

  test('A3: "add" never ends once the pool is full', async () => {
    await ok('init --overlay 10.78.0.0/30 --containers 10.77.0.0/16 --nodes a,b')
    const { code, stderr } = await run(['add-node', 'c'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('[pool-too-small]')])
  })

  test('A4: commands side by side lose nodes', async () => {
    await ok('init')
    await Promise.all(['a', 'b', 'c', 'd'].map(name => run(['add-node', name])))
    expect(text('mesh.ini').match(/^\[node [abcd]\]/gm)).toHaveLength(4)
  })

  test('A5: FwMark in hexadecimal without 0x', () => {
    expect(wgOf(with1({ FwMark: '51820' }), 'node1').interface.get('FwMark')).toEqual(['0xca6c'])
    expect(reportOf({ FwMark: '51820' })).toMatch(/ca6c, which wg refused/)
    expect(reportOf({ FwMark: '4660' })).toMatch(/1234, which wg took for 1234 in decimal/)
  })

  test('A6: [v6]:port becomes [[v6]:port]:0', async () => {
    for (const stored of ['[[2001:db8::1]:1234]:0', '[[2001:db8::1]:1234]:35735', '[2001:db8::1]:1234'])
      expect(node1Of({ Endpoint: `"${stored}"` })?.endpoints[0]?.endpoint).toBe('[2001:db8::1]:1234')
    expect(node1Of({ Endpoint: '"[2001:db8::1]1234"' })?.endpoints[0]?.endpoint).toBe('[2001:db8::1]:1234')
    await ok('init --nodes a=[2001:db8::1]:1234,b')
    expect(text('mesh.ini')).toMatch(/endpoint += \[2001:db8::1\]:1234\n/)
  })

  test('A7: an endpoint keeps the listen port of an earlier day', async () => {
    expect(reportOf({ Endpoint: '"203.0.113.1:35735"' })).toMatch(/another port than ListenPort 50000/)
    await ok('init --nodes a=203.0.113.1,b=203.0.113.2')
    await ok('set node a listen-port 4500')
    await ok('gen')
    expect(text('out/b/etc/wireguard/ciabmesh.conf')).toContain('Endpoint = 203.0.113.1:4500\n')
  })

  test('A8: the keepalive is looked up at the peer and printed from the node, or ends the file', () => {
    const behindNat = wgOf({ vwgen: nat }, 'node2')
    expect(behindNat.peers.map(({ keepalive }) => keepalive)).toEqual(behindNat.peers.map(() => 25))
    expect(wgOf({ vwgen: nat }, 'node1').peers.map(({ keepalive }) => keepalive)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ])
    const { PersistentKeepalive: _, ...without } = nodeNumber(1)
    const mesh = masterOf({ node1: without, node2: nodeNumber(2, { PersistentKeepalive: '9' }) })
    expect(wgOf(mesh, 'node1').peers).toHaveLength(1)
  })

  test('A9: names that a zone cannot hold', () => {
    const names = ['köln', 'a_b', 'x.example.net', '東京']
    const mesh = meshFrom(
      imported(masterOf(Object.fromEntries(names.map((name, at) => [name, nodeNumber(at + 1)])))),
    )
    for (const { name } of mesh.nodes) expect(name).toMatch(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/)
    expect(mesh.nodes.map(({ name }) => name).sort()).toEqual([
      'a-b',
      'x-example-net',
      'xn--1lqs71d',
      'xn--kln-sna',
    ])
  })

  test('A10: every exit code is 0', async () => {
    expect((await run(['check'])).code).toBe(1)
    expect((await run(['bogus'])).code).toBe(2)
    expect((await run(['import', 'vwgen', 'absent.conf'])).code).toBe(1)
  })

  test('A11: the tunnel takes the cloud metadata service, or its very address', () => {
    const wg = wgOf(two, 'node1')
    expect(wg.interface.get('Address')).toEqual(['169.254.1.1/32'])
    const taken = with1({
      LinkLayerAddress: '[ "169.254.169.254/16" ]',
      AllowedIPs: '[ "169.254.169.254/32" ]',
    })
    expect(imported(taken).report).toMatch(
      /169\.254\.169\.254 is the metadata service of most clouds: it gets another/,
    )
    const emitted = [...filesFrom(meshFrom(imported(taken))).values()].flatMap(files => [...files])
    for (const [file, content] of emitted)
      if (/wireguard|fdb/.test(file)) expect(content).not.toContain('169.254.169.254')
  })

  test('A12: addresses that come from keys collide, and change with the key', async () => {
    const narrow = masterOf(
      { node1: nodeNumber(1), node2: nodeNumber(2), node3: nodeNumber(3) },
      {
        AddressPoolIPv6: '"fd00::/125"',
      },
    )
    const overlay = meshFrom(imported(narrow)).nodes.flatMap(node => node.overlay)
    expect(new Set(overlay).size).toBe(overlay.length)
    const before = imported(two)
    const other = masterOf({ node1: nodeNumber(1), node2: nodeNumber(2) })
    expect(imported(other).text).toBe(before.text)
    // Pinned: another key for the node leaves address and MAC where they are.
    const pins = (ini: string) => ini.match(/^(overlay-address|mac) .*$/gm)
    expect(pins(before.text)).toHaveLength(4)
  })

  test('A13: an MTU of 1550 on paths of 1500', () => {
    const wide = masterOf({ node1: nodeNumber(1), node2: nodeNumber(2) }, { VxlanMTU: '1500' })
    expect(wgOf(wide, 'node1').interface.get('MTU')).toEqual(['1420'])
    expect(readVxlan(wgOf(wide, 'node1'))?.mtu).toBe(1370)
    expect(imported(wide).report).toMatch(/the MTU of the overlay was 1500/)
    expect(wgOf(two, 'node1').interface.get('MTU')).toEqual(['1420'])
    expect(imported(two).report).not.toMatch(/the MTU/)
  })

  test('A14: "ll-addr" writes a key that nobody reads', async () => {
    expect(reportOf({ LinkLayerAddr: '"169.254.9.9/16"' })).toMatch(/LinkLayerAddr .* never took effect/)
    await ok('init --nodes a=203.0.113.1,b=203.0.113.2')
    await ok('set node a underlay-address 10.79.9.9')
    await ok('gen')
    expect(text('out/a/etc/wireguard/ciabmesh.conf')).toContain('Address = 10.79.9.9/16')
    expect(text('out/b/etc/wireguard/ciabmesh.conf')).toContain('10.79.9.9/32')
  })

  test('A15: "private-key PATH" stores the path', async () => {
    const sources = with1({ PrivateKey: '"/root/node1.key"' })
    expect(imported(sources).report).toMatch(/PrivateKey holds the path "\/root\/node1\.key"/)
    writeFileSync(path('ciabmesh.conf'), sources.vwgen?.text ?? '')
    const { code, stderr } = await run(['import', 'vwgen', 'ciabmesh.conf'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('[key-missing]')])
    expect(existsSync(path('keys/node1.key'))).toBe(false)
    expect(existsSync(path('keys/node2.key'))).toBe(true)
  })

  test('A16: "show a b" prints a twice', async () => {
    await ok('init --nodes a=203.0.113.1,b=203.0.113.2')
    const rows: { name: string }[] = JSON.parse(await ok('show a b --json'))
    expect(rows.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  test('A17: nothing is checked', async () => {
    await ok('init --nodes a=203.0.113.1,b')
    for (const words of [
      'overlay-address banana',
      'listen-port 70000',
      'mac 01:00:00:00:00:00',
      'keepalive -5',
    ])
      expect((await run(`set node a ${words}`.split(' '))).code).toBe(1)
    expect(reportOf({ Address: '[ "banana" ]' })).toMatch(/Address holds "banana"/)
  })

  test('A18: an empty node name bricks the file', async () => {
    const nameless = imported(masterOf({ '': nodeNumber(1), node2: nodeNumber(2) }))
    expect(nameless.report).toMatch(/node "" is no label of RFC 1123: it is called node now/)
    expect(meshFrom(nameless).nodes.map(({ name }) => name)).toContain('node')
    await ok('init')
    expect((await run(['add-node', ''])).code).toBe(2)
    await ok('check --help')
  })

  test('A19: a "set" that is refused is applied by half', async () => {
    await ok('init --nodes a=203.0.113.1,b')
    const before = text('mesh.ini')
    expect((await run(['set', 'node', 'a', 'endpoint', '203.0.113.9', 'not a host'])).code).toBe(1)
    expect(text('mesh.ini')).toBe(before)
  })

  test('A20: keys that others can read, on the screen too, and color codes in pipes', async () => {
    writeFileSync(path('ciabmesh.conf'), two.vwgen?.text ?? '')
    const { stdout, stderr } = await run(['import', 'vwgen', 'ciabmesh.conf'])
    const key = readFileSync(path('keys/node1.key'), 'utf8').trim()
    expect(key).toMatch(/^.{43}=$/)
    expect((statSync(path('keys/node1.key')).mode & 0o777).toString(8)).toBe('600')
    for (const said of [stdout, stderr, await ok('show'), await ok('plan'), text('mesh.ini')]) {
      expect(said).not.toContain(key)
      expect(said).not.toContain('\u001b[')
    }
  })

  test('A21: names that no interface can have', () => {
    const long = imported({ vwgen: { file: 'a-network.with.dots.conf', text: two.vwgen?.text ?? '' } })
    const mesh = meshFrom(long)
    const names = mesh.nodes.flatMap(node => plan(mesh, node).devices.map(({ name }) => name))
    expect(names).toContain('va-network-with')
    expect(names.filter(name => name.length > 15)).toEqual([])
    expect(long.report).toMatch(/the mesh "a-network\.with\.dots" is called a-network-with now/)
  })

  test('A22: another pool moves nobody, and nobody is told', async () => {
    const moved = masterOf(
      { node1: nodeNumber(1), node2: nodeNumber(2) },
      { AddressPoolIPv4: '"10.20.0.0/16"' },
    )
    expect(imported(moved).report).toMatch(/no node has its address from the pool 10\.20\.0\.0\/16/)
    expect(imported(moved).text).toMatch(/^overlay += 192\.168\.168\.0\/24/m)
    await ok('init --nodes a=203.0.113.1,b')
    await ok('set node a overlay-address 10.78.5.5')
    const { code, stderr } = await run(['set', 'mesh', 'overlay', '10.90.0.0/16, fd00:90::/64'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('[outside-pool]')])
  })

  test('A23: comments are lost', async () => {
    await ok('init --nodes a=203.0.113.1,b')
    writeFileSync(path('mesh.ini'), `; ours\n${text('mesh.ini')}; the end\n`)
    await ok('add-node c')
    await ok('set node a listen-port 4500')
    expect(text('mesh.ini')).toMatch(/^; ours\n[\s\S]*; the end\n/)
  })

  test('A24: -h is no help', async () => {
    expect(await run(['-h'])).toMatchObject({ code: 0, stdout: expect.stringContaining('add-node') })
    expect(await run(['import', '-h'])).toMatchObject({ code: 0, stdout: expect.stringContaining('vwgen') })
  })

  test('A25: an empty or cut word stands for "add to the blacklist"; and half a pair is none', async () => {
    const half = masterOf(
      { node1: nodeNumber(1), node2: nodeNumber(2), node3: nodeNumber(3) },
      {},
      '[PeerBlacklist]\nBlacklist = [ [ "node1", "node2" ], [ "node", "node3" ] ]\n',
    )
    const result = imported(half)
    expect(result.text).toMatch(/\[exclude\]\nnode1 += node2\n/)
    expect(result.report).toMatch(/not the other way round/)
    expect(result.report).toMatch(/\["node","node3"\] names a node that there is not/)
    expect((await run(['', 'a', 'b'])).code).toBe(2)
    expect((await run(['ad', 'a', 'b'])).code).toBe(2)
  })

  test('A26: everything is drawn at random, ports from those for outgoing connections', async () => {
    await ok('init --nodes a,b,c')
    const rows: { id: number; underlay: readonly string[] }[] = JSON.parse(await ok('show --json'))
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3])
    expect(text('mesh.ini')).toMatch(/^port += 51820/m)
    expect(JSON.stringify(rows)).toContain('10.79.0.2')
  })

  test('A27: preshared keys never get into a file', async () => {
    await ok('init --preshared-keys --nodes a=203.0.113.1,b=203.0.113.2')
    await ok('gen')
    const keyIn = (node: string) =>
      /PresharedKey = (.{44})/.exec(text(`out/${node}/etc/wireguard/ciabmesh.conf`))?.[1]
    expect(keyIn('a')).toBeDefined()
    expect(keyIn('a')).toBe(keyIn('b'))
    expect(imported(two).report).toMatch(/vwgen never wrote preshared keys/)
  })

  test('A28: one key on two nodes', () => {
    const result = importMesh(
      masterOf({
        node1: nodeNumber(1),
        node2: { ...nodeNumber(2), PrivateKey: nodeNumber(1).PrivateKey as string },
      }),
    )
    expect(
      result.ok ||
        result.diagnostics.map(({ code, span, related }) => [code, span?.line, related?.span.line]),
    ).toEqual([['duplicate-key-pair', 28, 16]])
  })

  test('without a number: ttl 1, a fatal ethtool, and two nodes without endpoints made peers', () => {
    const wg = wgOf({ vwgen: nat }, 'node2')
    const hooks = [...wg.interface.values()].flat().join('\n')
    expect(hooks).toContain(' ttl 64 ')
    expect(hooks).not.toContain('ethtool')
    const files = filesFrom(meshFrom(imported({ vwgen: nat })))
    expect(wg.peers).toHaveLength(4)
    expect(readFdb(files.get('node2')?.get('etc/ciab/ciabmesh.fdb') as string)).toHaveLength(10)
    expect(imported({ vwgen: nat }).report).toMatch(/node2, node5 cannot dial each other/)
  })
})
