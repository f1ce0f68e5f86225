import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { ok, path } = session()

/** Path in the tree for review → lines. */
const linesIn = (): Map<string, number> => {
  const root = path('review')
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = `${parentPath}/${name}`
      return [file.slice(root.length + 1), readFileSync(file, 'utf8').split('\n').length - 1]
    }),
  )
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
