import { describe, expect, test } from 'vitest'
import { foldersOf as foldersIn, namesIn } from '../../src/expect/index.js'
import { generate, load } from '../../src/index.js'
import { driftBetween, type NodeFolder } from '../../src/verify/index.js'
import { keyRingFor } from '../support/keys.js'
import { fixtures, meshOf } from '../support/meshes.js'
import { foldersOf } from './folders.js'

const namesOf = (mesh: string) => namesIn(meshOf(fixtures.find(({ name }) => name === mesh) ?? raise(mesh)))

const raise = (mesh: string): never => {
  throw new Error(`no fixture ${mesh}`)
}

interface Change {
  readonly mesh: string
  readonly file: string
  readonly from: string | RegExp
  readonly to: string
  readonly said: string
  readonly line: RegExp
}

const changes: readonly Change[] = [
  {
    mesh: 'example',
    file: 'node2/etc/wireguard/ciabmesh.conf',
    from: /\n\[Peer\](?:(?!\[Peer\])[\s\S])*AllowedIPs = 10\.79\.0\.3\/32(?:(?!\[Peer\])[\s\S])*/,
    to: '\n',
    said: 'node2 lacks peer node3',
    line: /./,
  },
  {
    mesh: 'example',
    file: 'node2/etc/wireguard/ciabmesh.conf',
    from: /(AllowedIPs = 10\.79\.0\.3\/32)/,
    to: '$1, 10.9.0.0/24',
    said: 'node2 takes 10.9.0.0/24 from node3 by the tunnel, and sends it there, too',
    line: /^AllowedIPs = .*10\.9\.0\.0/,
  },
  {
    mesh: 'example',
    file: 'node3/etc/frr/frr.conf',
    from: /^(ip prefix-list from-node1 seq )5( permit) .*$/m,
    to: '$&\n$17$2 10.9.0.0/24',
    said: "node3's list from-node1 admits 10.9.0.0/24 too",
    line: /^ip prefix-list from-node1 seq 7/,
  },
  {
    mesh: 'example',
    file: 'node3/etc/frr/frr.conf',
    from: /^ +network 10\.77\.3\.0\/24\n/m,
    to: '',
    said: 'node3 does not announce 10.77.3.0/24',
    line: /./,
  },
  {
    mesh: 'example',
    file: 'node1/etc/wireguard/ciabmesh.conf',
    from: /^ListenPort = \d+$/m,
    to: 'ListenPort = 51999',
    said: 'node1 listens on 51999, where mesh.ini means 51820',
    line: /^ListenPort/,
  },
  {
    mesh: 'example',
    file: 'node2/etc/ciab/ciabmesh.nft',
    from: /^\t\tiifname \$inside drop\n/m,
    to: '',
    said: `node2's packet filter lacks "iifname $inside drop" in `,
    line: /./,
  },
  {
    mesh: 'networkd',
    file: 'node1/etc/systemd/network/10-ciabmesh.netdev',
    from: /^ListenPort=\d+$/m,
    to: 'ListenPort=51999',
    said: 'node1 listens on 51999, where mesh.ini means 51820',
    line: /^ListenPort/,
  },
  {
    mesh: 'netplan',
    file: 'node1/etc/netplan/60-ciabmesh.yaml',
    from: /^( +port: )51820$/m,
    to: '$151999',
    said: 'node1 listens on 51999, where mesh.ini means 51820',
    line: /^ +port: 51999/,
  },
]

const changed = (folders: readonly NodeFolder[], { file, from, to }: Change): NodeFolder[] =>
  folders.map(folder => ({
    ...folder,
    files: folder.files.map(one => (one.file === file ? { ...one, text: one.text.replace(from, to) } : one)),
  }))

describe('where files say something else than mesh.ini', () => {
  test.each(changes)('$said', change => {
    const wanted = foldersOf(change.mesh)
    const given = changed(wanted, change)
    const text = given.flatMap(({ files }) => files).find(({ file }) => file === change.file)?.text ?? ''
    expect(text).not.toBe(wanted.flatMap(({ files }) => files).find(({ file }) => file === change.file)?.text)
    const found = driftBetween(wanted, given, namesOf(change.mesh))
    expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(change.said)])
    expect(found[0]).toMatchObject({ severity: 'warning', code: 'verify-drift' })
    expect(found[0]?.span?.file).toBe(change.file)
    expect(text.split('\n')[(found[0]?.span?.line ?? 0) - 1]).toMatch(change.line)
  })

  test('how they are written is nothing', () => {
    const wanted = foldersOf('example')
    const other = wanted.map(folder => ({
      ...folder,
      files: folder.files.map(({ file, text }) => ({
        file,
        text: file.endsWith('frr.conf')
          ? `! by hand\n${text.replace(/^ +/gm, '   ')}`
          : file.endsWith('ciabmesh.conf')
            ? `# by hand\n${text.replace(/^(Endpoint|AllowedIPs|PublicKey|ListenPort) = /gm, '$1=')}`
            : text,
      })),
    }))
    expect(driftBetween(wanted, other).map(({ message }) => message)).toEqual([])
  })

  test.each(fixtures.map(({ name }) => name))(
    'a tree is as itself, and as the one without secrets: %s',
    name => {
      const wanted = foldersOf(name)
      expect(driftBetween(wanted, wanted)).toEqual([])
      const fixture = fixtures.find(one => one.name === name) ?? raise(name)
      const hidden = foldersIn(generate(meshOf(fixture, true)))
      const nodes = new Set(hidden.map(folder => folder.name))
      const given = wanted.filter(folder => nodes.has(folder.name))
      expect(driftBetween(hidden, given, namesOf(name)).map(({ message }) => message)).toEqual([])
    },
  )

  test('a node more is a peer more for all others, and each is one sentence of each kind', () => {
    const text = (count: number): string =>
      `[mesh]\nname = ciabmesh\n${[1, 2, 3]
        .slice(0, count)
        .map(id => `\n[node node${id}]\nid = ${id}\nendpoint = 203.0.113.${id}\n`)
        .join('')}`
    const meshWith = (count: number) => {
      const mesh = load({ file: 'mesh.ini', text: text(count) }, keyRingFor(text(count)))
      return mesh.ok ? mesh.value : raise('three')
    }
    const [two, three] = [meshWith(2), meshWith(3)]
    const found = driftBetween(foldersIn(generate(three)), foldersIn(generate(two)), namesIn(three))
    const said = found.map(({ message }) => message)
    expect(said).toContain('node1 lacks peer node3')
    expect(said).toContain('node1 lacks BGP neighbor node3')
    expect(said).toContain('node2 lacks the list from-node3')
    expect(said).toContain('node2 lacks the forwarding entry for broadcasts to node3')
    // What hangs on a peer or neighbor that is not there is not told.
    expect(said.filter(one => /does not take|remote-as/.test(one))).toEqual([])
  })

  test('no key is in it', () => {
    const wanted = foldersOf('preshared-keys')
    const given = changed(wanted, {
      mesh: 'preshared-keys',
      file: 'node1/etc/wireguard/ciabmesh.conf',
      from: /^PresharedKey = .*$/m,
      to: 'PresharedKey = YGuLuEznJn3VIN7KSBHI8QpT5jY1LwaYf0L+QlrO3UA=',
      said: '',
      line: /./,
    })
    const found = driftBetween(wanted, given, namesOf('preshared-keys'))
    expect(found.map(({ message }) => message)).toEqual(['node1 has another preshared key for node2'])
    expect(JSON.stringify(found)).not.toMatch(/[\w+/]{43}=/)
  })
})
