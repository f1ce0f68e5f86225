import { describe, expect, test } from 'vitest'
import { expectationsIn, foldersOf } from '../../src/expect/index.js'
import { type Diagnostic, generate, type KeyRing, load, parse } from '../../src/index.js'
import { expectationsHeld, type NodeFolder } from '../../src/verify/index.js'
import { keyRingFor } from '../support/keys.js'

const nodes = `[mesh]
name = ciabmesh

[node node1]
id = 1
endpoint = 203.0.113.1
lan = eth1 192.168.50.0/24

[node node2]
id = 2
endpoint = 203.0.113.2

[node node3]
id = 3
endpoint = none
site = home

[node node4]
id = 4
endpoint = none
site = home
`

const networks = `
[client phone]
id = 9
via = node1
reach = lab

[segment lab]
subnet = 10.90.0.0/16 /24

[tenant blue]
containers = 10.91.0.0/16 /24
nodes = node1, node2

[tenant red]
containers = 10.92.0.0/16 /24
nodes = node1, node2
share = pink

[tenant pink]
containers = 10.93.0.0/16 /24
nodes = node1, node2
`

interface Made {
  readonly folders: readonly NodeFolder[]
  readonly held: (folders: readonly NodeFolder[]) => Diagnostic[]
}

const made = (lines: string, before = `${nodes}${networks}`): Made => {
  const source = { file: 'mesh.ini', text: `${before}\n[expect]\n${lines}\n` }
  const keys: KeyRing = keyRingFor(source.text)
  const [spec, mesh] = [parse(source), load(source, keys)]
  if (!spec.ok) throw new Error(JSON.stringify(spec.diagnostics))
  if (!mesh.ok) throw new Error(JSON.stringify(mesh.diagnostics))
  const expectations = expectationsIn(spec.value, mesh.value)
  return {
    folders: foldersOf(generate(mesh.value)),
    held: folders => expectationsHeld(folders, expectations),
  }
}

const found = (lines: string, before?: string): Diagnostic[] => {
  const { folders, held } = made(lines, before)
  return held(folders)
}

describe('lines of [expect]', () => {
  test.each([
    'reach = node node1 -> node node4',
    'reach = node1/ciabbr0 -> node2/ciabbr0',
    'reach = node1/ciabmesh -> node2/ciabmesh',
    'reach = node1/vciabmesh -> node4/ciabbr0',
    'reach = client phone -> node2/ciabbr0',
    'reach = client phone -> segment lab',
    'reach = segment lab -> segment lab',
    'reach = segment lab -> node node3',
    'reach = lan node1/eth1 -> node3/ciabbr0',
    'reach = node4/ciabbr0 -> node1/eth1',
    'reach = 192.168.50.7 -> 10.77.2.0/24',
    'reach = site home -> lan node1/eth1',
    'reach = tenant blue -> tenant blue',
    'reach = tenant red -> tenant pink',
    'reach = node node1 -> internet',
    'isolate = tenant blue -> tenant red',
    'isolate = tenant red -> tenant blue',
    'isolate = tenant blue -> node node2',
    'isolate = node node2 -> tenant blue',
    'isolate = internet -> node node2',
    'isolate = internet -> tenant pink',
    'isolate = internet -> node4/vciabmesh',
    'isolate = client phone -> tenant blue',
    'isolate = client phone -> 10.92.0.0/16',
    'survive = node node2',
    'survive = site home',
  ])('%s holds', line => {
    expect(found(line)).toEqual([])
  })

  test.each([
    ['reach = tenant blue -> tenant red', 'tenant blue does not reach tenant red', 'has no route to'],
    ['reach = client phone -> tenant pink', 'client phone does not reach tenant pink', 'has no route to'],
    ['reach = internet -> node node1', 'internet does not reach node node1', 'packet filter drops'],
    ['reach = tenant blue -> segment lab', 'tenant blue does not reach segment lab', 'has no route to'],
    [
      'isolate = node node1 -> node node2',
      'node node1 reaches node node2, and should not',
      'lets it through',
    ],
    [
      'isolate = tenant red -> tenant pink',
      'tenant red reaches tenant pink, and should not',
      'lets it through',
    ],
    ['isolate = client phone -> segment lab', 'client phone reaches segment lab', 'lets it through'],
    ['isolate = 10.77.1.9 -> site home', '10.77.1.9 reaches site home, and should not: 10.77.1.9', 'lets it'],
    ['survive = 1 node', 'without node1, 10.77.3.52 (node3', 'a node that is gone'],
    ['survive = node node1', 'without node1, ', 'a node that is gone'],
  ])('%s does not hold, and the place is said', (line, message, related) => {
    const [one, ...more] = found(line)
    expect(more).toEqual([])
    expect(one).toMatchObject({
      severity: 'error',
      code: 'expect-failed',
      message: expect.stringContaining(message),
      span: { file: 'mesh.ini', column: line.indexOf('=') + 3 },
      related: {
        message: expect.stringContaining(related),
        span: { file: expect.stringMatching(/^node\d\/etc\//) },
      },
    })
    expect(one?.hint).toMatch(/\S/)
  })

  test('an only reflector is one too many to lose, two are not', () => {
    const reflected = (count: number): string =>
      [1, 2, 3, 4]
        .map(
          id =>
            `\n[node node${id}]\nid = ${id}\nendpoint = 203.0.113.${id}\nreflector = ${id <= count ? 'yes' : 'no'}\n`,
        )
        .join('')
    const [one] = found('survive = 1 node', `[mesh]\nname = ciabmesh\n${reflected(1)}`)
    expect(one?.message).toMatch(/^without node1, /)
    expect(one?.hint).toMatch(/^write reflector = yes for a second node/)
    expect(found('survive = 1 node', `[mesh]\nname = ciabmesh\n${reflected(2)}`)).toEqual([])
  })

  test('are held against files that were changed, too', () => {
    const { folders, held } = made('reach = node node1 -> node node2\nisolate = tenant blue -> tenant red')
    const change = (file: string, from: string | RegExp, to: string): NodeFolder[] =>
      folders.map(folder => ({
        ...folder,
        files: folder.files.map(one =>
          one.file === file ? { ...one, text: one.text.replace(from, to) } : one,
        ),
      }))
    const list = 'ip prefix-list from-node2 seq 5 permit 10.77.2.0/24'
    const [one] = held(change('node1/etc/frr/frr.conf', list, list.replace('.2.', '.9.')))
    expect(one).toMatchObject({ code: 'expect-failed', span: { line: 45 } })
    const gone = held(folders.filter(({ name }) => name !== 'node2'))
    expect(gone.map(({ message }) => message)).toEqual([
      'node node1 does not reach node node2: the files show nothing of node node2',
    ])
    const unread = change('node2/etc/ciab/ciabmesh.nft', /(chain way \{\n)/, '$1\t\tip saddr @known accept\n')
    expect(held(unread)).toMatchObject([{ severity: 'warning', code: 'expect-unknown', span: { line: 45 } }])
  })

  test('nothing is read where nothing is expected', () => {
    expect(
      expectationsHeld([{ name: 'node1', files: [{ file: 'node1/etc/wireguard/x.conf', text: '[' }] }], []),
    ).toEqual([])
  })
})
