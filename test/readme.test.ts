import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { codes } from '../src/diagnostics/index.js'
import {
  groupFields,
  meshFields,
  nodeFields,
  segmentFields,
  targetFields,
  tenantFields,
} from '../src/parse/schema.js'
import { targets } from '../src/targets/index.js'
import { fixtures } from './support/meshes.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the README shows is what the product does. */
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const example = fixtures.find(({ name }) => name === 'example')
const pack = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** First cells of the table rows between two headings or phrases. */
const cells = (from: string, to: string): string[] => {
  const part = readme.slice(readme.indexOf(from), readme.indexOf(to, readme.indexOf(from) + 1))
  const rows = [...part.matchAll(/^\| (`[^|]*`) \|/gm)].map(([, cell]) => cell as string)
  return rows.flatMap(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word as string))
}

describe('the README', () => {
  test('shows the example mesh', () => {
    expect(readme).toContain(`\`\`\`ini\n${example?.text}\`\`\``)
  })

  test('shows a whole emitted file', () => {
    const file = readFileSync(`${example?.directory}/expected/node3/etc/wireguard/ciabmesh.conf`, 'utf8')
    expect(readme).toContain(`\`\`\`ini\n${file}\`\`\``)
  })

  test('shows a diagnostic as it is drawn', () => {
    const drawn = readFileSync(
      new URL('../fixtures/errors/prefix-host-bits/stderr.txt', import.meta.url),
      'utf8',
    )
    expect(readme).toContain(`\`\`\`\n${drawn}\`\`\``)
  })

  test('lists every diagnostic code with its meaning, and no other', () => {
    const table = readme.slice(readme.indexOf('### Diagnostics'), readme.indexOf('## As a library'))
    const rows = [...table.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ])
    expect(Object.fromEntries(rows)).toEqual(codes)
    expect(rows).toHaveLength(Object.keys(codes).length)
  })

  test('lists every key of mesh.ini, and no other', () => {
    expect(cells('`[mesh]`\n', '`[node NAME]`').sort()).toEqual(Object.keys(meshFields).sort())
    expect(cells('`[node NAME]`:', '`[group NAME]`').sort()).toEqual(Object.keys(nodeFields).sort())
    expect(cells('`[segment NAME]`:', '`[tenant NAME]`').sort()).toEqual(Object.keys(segmentFields).sort())
    expect(cells('`[tenant NAME]`:', '`[exclude]`').sort()).toEqual(Object.keys(tenantFields).sort())
    for (const key of Object.keys(nodeFields).filter(key => key in groupFields))
      expect(readme).toContain(`\`${key}\``)
    for (const concern of Object.keys(targetFields)) expect(readme).toContain(`\`${concern}\``)
  })

  test('names every target', () => {
    for (const { name } of targets) expect(readme).toContain(`\`${name}\``)
  })

  test("names only npm scripts that there are, and the newcomer's two commands", () => {
    for (const [, script] of readme.matchAll(/npm run ([a-z]+)/g))
      expect(pack.scripts).toHaveProperty(script as string)
    expect(readme).toContain('npm ci && npm run demo')
    expect(readme).toContain('npm ci && npm test')
  })

  test('has a library example that runs as it stands', () => {
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] as string
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(child.stderr).toBe('')
    expect(child.stdout).toMatch(/^node1 etc\/wireguard\/ciabmesh\.conf 600 \d+$/m)
    expect(child.stdout).toMatch(/^node2 etc\/frr\/frr\.conf 640 \d+$/m)
  })

  test('lists every command, and no other', () => {
    const help = spawnSync(process.execPath, ['bin/ciab-gen.js', '--help'], {
      cwd: root,
      encoding: 'utf8',
    }).stdout
    const commands = [...help.matchAll(/^ {2}ciab-gen ([a-z-]+)/gm)].map(([, command]) => command as string)
    const table = cells('### Commands', '### mesh.ini').map(cell => cell.split(' ')[0] as string)
    expect(commands.length).toBeGreaterThan(10)
    expect([...new Set(table)].filter(word => !word.startsWith('-')).sort()).toEqual([...commands].sort())
  })
})
