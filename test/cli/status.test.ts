import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { load } from '../../src/index.js'
import { type Draft, saysBad, wellFleet } from '../fleet/reports.js'
import { session } from './session.js'

const { ok, run, path, text } = session()

const sumOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

/** The fleet of the mesh here, each node with the tree that lies in out/. */
const fleet = (): Map<string, Draft> => {
  const mesh = load({ file: 'mesh.ini', text: text('mesh.ini') }, 'hidden')
  if (!mesh.ok) throw new Error('no mesh')
  const all = wellFleet(mesh.value)
  for (const [name, report] of all) {
    const tree = sumOf(path('out', name, 'etc/ciab/tree.sha256'))
    Object.assign(report, { tree, applied: tree })
  }
  return all
}

const collect = (reports: ReadonlyMap<string, Draft>): void => {
  mkdirSync(path('status'), { recursive: true })
  for (const [name, report] of reports) {
    writeFileSync(path('status', `${name}.json`), JSON.stringify(report))
    utimesSync(path('status', `${name}.json`), report.time, report.time)
  }
}

beforeEach(async () => {
  await ok('init ciabmesh --nodes node1,node2,node3')
  for (const id of [1, 2, 3]) await ok(`set node node${id} endpoint 203.0.113.${id}`)
  await ok('gen')
})

test('a fleet that is well: one line, and 0', async () => {
  collect(fleet())
  for (const words of [
    ['status'],
    ['status', 'status'],
    ['status', ...[1, 2, 3].map(id => `status/node${id}.json`)],
  ])
    expect(await run(words)).toEqual({
      code: 0,
      stdout: 'ciabmesh: 3 nodes, 3 reports, nothing wrong\n',
      stderr: '',
    })
})

test('on standard input, one after the other', async () => {
  const all = [...fleet().values()].map(report => JSON.stringify(report, null, 2)).join('\n')
  let most: number | undefined
  const answer = await run(['status', '-'], {
    stdin: async limit => {
      most = limit
      return Buffer.from(all).toString('latin1')
    },
  })
  expect(answer).toEqual({ code: 0, stdout: 'ciabmesh: 3 nodes, 3 reports, nothing wrong\n', stderr: '' })
  expect(most).toBeGreaterThan(1e6)
})

test('what is wrong, what to do, and 1', async () => {
  const reports = fleet()
  saysBad(reports.get('node2') as Draft, 'frr', 'bgpd does not run')
  reports.delete('node3')
  collect(reports)
  const { code, stdout } = await run(['status'])
  expect(code).toBe(1)
  expect(stdout).toBe(
    `node3 has no report, though node1 and node2 hear it
  what to do: see whether it runs, and ask it: ssh root@node3 sh /etc/ciab/apply.sh --status --json
node2: bgpd does not run
  what to do: run "sh /etc/ciab/apply.sh" on node2; if it dies again, see its log (journalctl)
  follows from it: 1 line of --status, which --json has
ciabmesh: 3 nodes, 2 reports, 2 wrong
`,
  )
  const answer = (await run(['status', '--json'])).stdout
  expect((await run(['status', '--format', 'json'])).stdout).toBe(answer)
  const json = JSON.parse(answer)
  expect(json).toMatchObject({
    command: 'status',
    mesh: 'ciabmesh',
    sound: false,
    diagnostics: [],
    exitCode: 1,
  })
  expect(json.findings.map(({ cause }: { cause: string }) => cause)).toEqual(['report', 'daemon'])
  expect(json.findings[1].explains).toEqual(['node2: bgpd does not run'])
  expect(json.nodes.map(({ name, file, current }: Record<string, unknown>) => [name, file, current])).toEqual(
    [
      ['node1', 'status/node1.json', true],
      ['node2', 'status/node2.json', true],
      ['node3', null, null],
    ],
  )
})

/** Keys and lists of an answer as docs/json.md writes them, with what each value is. */
const shapesIn = (value: unknown, at: string, shapes: Map<string, Set<string>>): Map<string, Set<string>> => {
  const is = value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
  if (at !== '' && !at.endsWith('[]')) shapes.set(at, (shapes.get(at) ?? new Set()).add(is))
  if (Array.isArray(value)) for (const one of value) shapesIn(one, `${at}[]`, shapes)
  else if (is === 'object')
    for (const [key, one] of Object.entries(value as object))
      shapesIn(one, at === '' ? key : `${at}.${key}`, shapes)
  return shapes
}

test('its JSON has the keys that docs/json.md says, with values of the kinds that it says, and no others', async () => {
  const reports = fleet()
  const second = reports.get('node2') as Draft
  Object.assign(second, { appliedAt: null, applied: null, tree: null, silent: ['vtysh'] })
  Object.assign(second.peers[0] as object, {
    name: null,
    endpoint: null,
    handshake: null,
    mtu: null,
    pathMtu: null,
  })
  Object.assign(second.sessions[0] as object, { missing: ['10.77.1.0/24'] })
  Object.assign(reports.get('node1') as Draft, { tunnel: null })
  saysBad(second, 'frr', 'bgpd does not run')
  reports.delete('node3')
  collect(reports)
  const { command, diagnostics, exitCode, ...answer } = JSON.parse((await run(['status', '--json'])).stdout)
  expect([command, diagnostics, exitCode]).toEqual(['status', [], 1])
  const page = readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8')
  const [, rows = ''] =
    /\| key of `status` \| is \| holds \|\n\|---\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? []
  const told = [...rows.matchAll(/^\| `([^`]+)` \| ([^|]+) \| .+ \|$/gm)].map(([, key, is]) => [key, is])
  const found = [...shapesIn(answer, '', new Map())].map(([key, is]) => [
    key,
    [...is].sort((a, b) => Number(a === 'null') - Number(b === 'null')).join(' or '),
  ])
  expect(found.sort()).toEqual(told.sort())
})

test('which files run is told by the tree, or where there is none by what the keys here make', async () => {
  collect(fleet())
  rmSync(path('out'), { recursive: true })
  expect((await run(['status'])).stdout).toBe('ciabmesh: 3 nodes, 3 reports, nothing wrong\n')
  await ok('set mesh path-mtu 1450')
  const { code, stdout } = await run(['status'])
  expect(code).toBe(1)
  for (const id of [1, 2, 3]) expect(stdout).toContain(`node${id} runs other files than this tree\n`)
  rmSync(path('keys'), { recursive: true })
  expect((await run(['status'])).stdout).toContain('not looked at: whether the nodes run these files')
})

test('a node without apply.sh is not missed', async () => {
  await ok('set node node3 installer none')
  await ok('gen')
  const reports = fleet2()
  collect(reports)
  expect(await run(['status'])).toEqual({
    code: 0,
    stdout: 'ciabmesh: 3 nodes, 2 reports, nothing wrong\nnot looked at: node3, which has no apply.sh\n',
    stderr: '',
  })
})

/** The same without the node that has none. */
const fleet2 = (): Map<string, Draft> => {
  mkdirSync(path('out/node3/etc/ciab'), { recursive: true })
  writeFileSync(path('out/node3/etc/ciab/tree.sha256'), '')
  const all = fleet()
  all.delete('node3')
  return all
}

describe('reports that cannot be read', () => {
  test('are each told, the others judged', async () => {
    collect(fleet())
    writeFileSync(path('status/node2.json'), '{"version": 1')
    writeFileSync(path('status/node3.json'), '')
    const { code, stdout, stderr } = await run(['status'])
    expect(code).toBe(1)
    expect(
      stderr,
    ).toBe(`error: status/node2.json is no report of a node: it is not JSON, or its end is missing [report-syntax]
hint: write what "sh /etc/ciab/apply.sh --status --json" prints there, and nothing else, into a file for each node
`)
    expect(stdout).toContain('node3 has no report')
    expect(JSON.parse((await run(['status', '--json'])).stdout).diagnostics).toHaveLength(1)
  })

  test('megabytes are not read', async () => {
    collect(fleet())
    writeFileSync(path('status/node2.json'), `${' '.repeat(17 << 20)}{}`)
    expect((await run(['status'])).stderr).toContain(
      'status/node2.json is no report of a node: it is larger than 16 MiB',
    )
    const deep = '['.repeat(1 << 20)
    writeFileSync(path('status/node2.json'), deep)
    expect((await run(['status'])).stderr).toContain('it is not JSON, or its end is missing')
    writeFileSync(path('status/node2.json'), deep + ']'.repeat(1 << 20))
    expect((await run(['status'])).stderr).toMatch(
      /^error: status\/node2.json is no report of a node: .*\[report-syntax\]$/m,
    )
  })

  test('no reports at all', async () => {
    expect(await run(['status'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no directory status'),
    })
    expect(await run(['status', 'absent.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no absent.json'),
    })
  })
})

test('the line in the notes collects them', async () => {
  const blocks = [...text('out/_mesh/node1.md').matchAll(/```sh\n([^`]*?xargs[^`]*?)ciab-gen status\n```/g)]
  expect(blocks).toHaveLength(1)
  mkdirSync(path('bin'))
  // Answers as node3 whose network is down would: not at all.
  writeFileSync(
    path('bin/ssh'),
    '#!/bin/sh\n[ "$1" != root@node3 ] || exit 255\nshift\nprintf \'{"asked": "%s"}\\n\' "$*"\nexit 1\n',
  )
  chmodSync(path('bin/ssh'), 0o755)
  spawnSync('sh', ['-c', blocks[0]?.[1] ?? ''], {
    cwd: path(),
    env: { PATH: `${path('bin')}:${process.env.PATH}` },
  })
  expect(readdirSync(path('status')).sort()).toEqual(['node1.json', 'node2.json', 'node3.json'])
  expect(JSON.parse(text('status/node1.json'))).toEqual({ asked: 'sh /etc/ciab/apply.sh --status --json' })
  expect(text('status/node3.json')).toBe('')
})
