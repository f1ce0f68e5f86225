import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { diffArrays } from 'diff'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { ok, path } = session()

/** Path in the tree for review → its text. */
const textsIn = (): Map<string, string> => {
  const root = path('review')
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = `${parentPath}/${name}`
      return [file.slice(root.length + 1), readFileSync(file, 'utf8')]
    }),
  )
}

/** Path in the tree for review → lines. */
const linesIn = (): Map<string, number> =>
  new Map([...textsIn()].map(([file, text]) => [file, text.split('\n').length - 1]))

/** Lines that went and that came, `PATH: LINE`. */
const between = (before: Map<string, string>, after: Map<string, string>) => {
  const gone: string[] = []
  const came: string[] = []
  for (const file of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before, after].map(tree => tree.get(file)?.split('\n').slice(0, -1) ?? [])
    for (const { added, removed, value } of diffArrays(old as string[], now as string[]))
      for (const line of value) (added ? came : removed ? gone : []).push(`${file}: ${line}`)
  }
  return { gone, came }
}

const isAlike = (file: string): boolean => file.startsWith('_mesh/every-node/')
const total = (lines: Map<string, number>, counts = (_: string): boolean => true): number =>
  [...lines].reduce((sum, [file, count]) => sum + (counts(file) ? count : 0), 0)

describe('a tree for review of ten nodes', () => {
  it('is short enough to be read, with what is the same on every node in it once, and a further node adds none of those lines', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `node${at + 1}=203.0.113.${at + 1}`)
    await ok(`init ciabmesh --nodes ${names.join(',')}`)
    await ok('gen --public -o review')
    const ten = linesIn()
    expect(total(ten)).toBeLessThanOrEqual(9_000)
    expect([...ten.keys()].filter(isAlike).sort()).toEqual(
      [
        'etc/ciab/apply.sh',
        'etc/ciab/ciabmesh.sysctl',
        'etc/ciab/guard.sh',
        'etc/frr/daemons',
        'etc/systemd/system/ciab-forward.service',
        'etc/systemd/system/ciab-guard.service',
        'etc/systemd/system/nftables.service.d/ciab.conf',
        'etc/systemd/system/wg-quick@ciabmesh.service.d/ciab.conf',
      ].map(file => `_mesh/every-node/${file}`),
    )
    expect([...ten.keys()].filter(file => file.endsWith('.sh') && !isAlike(file))).toEqual([])
    await ok('add-node node11 --endpoint 203.0.113.11')
    const changes = await ok('gen --public -o review')
    expect(changes).toContain('created review/node11/etc/ciab/apply.conf\n')
    expect(changes).not.toContain('_mesh/every-node')
    expect(total(linesIn(), isAlike)).toBe(total(ten, isAlike))
  })
})

describe('what a change of ten nodes shows in a tree for review is about the change', () => {
  /** The lines of the tree that a command line changes; the mesh is as before afterwards. */
  const changedBy = async (line: string) => {
    const before = textsIn()
    for (const part of ['mesh.ini', 'keys', 'review'])
      cpSync(path(part), path(`kept-${part}`), { recursive: true })
    await ok(line)
    await ok('gen --public -o review')
    const lines = between(before, textsIn())
    for (const part of ['mesh.ini', 'keys', 'review']) {
      rmSync(path(part), { recursive: true })
      cpSync(path(`kept-${part}`), path(part), { recursive: true })
    }
    return lines
  }
  const withoutFolders = (lines: readonly string[], ...nodes: string[]): string[] =>
    lines.filter(
      line => !nodes.some(node => line.startsWith(`${node}/`) || line.startsWith(`_mesh/${node}.md`)),
    )

  it('whether a node or client comes, goes, has another name, endpoint, port, key or interface that lets in, or peers no longer, the first client, too', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `node${at + 1}=203.0.113.${at + 1}`)
    await ok(`init ciabmesh --nodes ${names.join(',')}`)
    await ok('gen --public -o review')

    // Names that sort last, too.
    const listing = [expect.stringMatching(/^\.ciab-gen\.json: +"_mesh": /)]
    expect((await changedBy('add-node zulu=203.0.113.11')).gone).toEqual(listing)
    expect((await changedBy('remove-node node5')).came).toEqual(listing)

    const renamed = await changedBy('rename-node node5 zulu')
    expect(renamed.gone.length).toBeGreaterThan(100)
    // In the list of the mesh's own files the name stands at another place.
    const sorted = (lines: readonly string[]) =>
      lines
        .filter(line => !line.startsWith('.ciab-gen.json:     "_mesh"'))
        .map(line => line.replaceAll('node5', 'zulu'))
        .sort()
    expect(sorted(renamed.came)).toEqual(sorted(renamed.gone))

    const endpoint = await changedBy('set node node5 endpoint 198.51.100.5')
    expect(endpoint.gone.filter(line => !line.includes('203.0.113.5'))).toEqual([])
    expect(endpoint.came.filter(line => !line.includes('198.51.100.5'))).toEqual([])
    expect(endpoint.came.length).toBe(10)

    const port = await changedBy('set node node5 listen-port 51900')
    expect(withoutFolders(port.gone, 'node5').filter(line => !line.includes('51820'))).toEqual([])
    expect(withoutFolders(port.came, 'node5').filter(line => !line.includes('51900'))).toEqual([])

    const key = await changedBy('rotate-key node5')
    expect(withoutFolders(key.gone, 'node5').filter(line => !/public-?key = /i.test(line))).toEqual([])
    expect(key.came.length).toBe(key.gone.length)

    const apart = await changedBy('exclude add node5 node6')
    expect(withoutFolders(apart.gone, 'node5', 'node6')).toEqual([])
    // node1 is the one that relays between the two.
    expect(
      withoutFolders(apart.came, 'node5', 'node6').filter(
        line => !/^(_mesh\/mesh\.ini|node1\/etc\/ciab\/ciabmesh\.nft): /.test(line),
      ),
    ).toEqual([])

    const forward = await changedBy('set node node5 forward eth1')
    expect(withoutFolders([...forward.gone, ...forward.came], 'node5')).toEqual([
      '_mesh/mesh.ini: forward    = eth1',
    ])

    // Both clients are carried by node1, and what others say of node1 alone changes.
    const aboutCarrier =
      /^\.ciab-gen\.json: +"_mesh": |\.conf: AllowedIPs = 10\.79\.0\.1\/32|\.nft: \tchain from-node1 /
    const first = await changedBy('add-client laptop')
    expect(first.gone.filter(line => !aboutCarrier.test(line))).toEqual([])

    await ok('add-client laptop')
    await ok('gen --public -o review')
    const client = await changedBy('add-client zulu')
    expect(withoutFolders(client.gone, 'node1').filter(line => !aboutCarrier.test(line))).toEqual([])
  })
})
