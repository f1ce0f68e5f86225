import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeTree } from '../../src/files/index.js'
import { load, type Mesh } from '../../src/index.js'
import { netplan } from '../../src/targets/netplan/index.js'
import type { Blueprint } from '../arbitraries/blueprint.js'
import { choosing } from '../arbitraries/choices.js'
import { anyMesh } from '../arbitraries/meshes.js'
import { readFdb } from '../oracles/fdb.js'
import { readVxlan } from '../oracles/hooks.js'
import { readNetplan, readNetplanForwarding } from '../oracles/netplan.js'
import { faultsOf, treeOf } from '../oracles/tree.js'
import { readWgQuick, type WgQuickFile } from '../oracles/wg-quick.js'
import { ask, judged, type Verdict } from '../support/judge.js'
import { fixtures, meshOf, treesOf } from '../support/meshes.js'
import { complaintsOfNetworkd, networkdJudge } from '../support/networkd.js'
import { forAll } from '../support/property.js'

const root = mkdtempSync(join(tmpdir(), 'ciab-gen-netplan-'))
const nodesOf = (mesh: Mesh): string[] =>
  mesh.nodes.filter(({ targets }) => targets.tunnel === 'netplan').map(({ name }) => name)
const trees = fixtures.flatMap(fixture => {
  const mesh = meshOf(fixture)
  return nodesOf(mesh).map(node => ({ mesh, tree: join(root, fixture.name, node) }))
})

beforeAll(() => {
  for (const fixture of fixtures) {
    const mesh = meshOf(fixture)
    if (nodesOf(mesh).length === 0) continue
    expect(writeTree(join(root, fixture.name), treesOf(mesh)).ok).toBe(true)
  }
  // A node that keeps its own key has it there.
  for (const { mesh, tree } of trees)
    writeFileSync(
      join(tree, `etc/ciab/keys/${mesh.name}.key`),
      'YP7OAE5+GtGjTBDTn3hjGMCCEcMCYMYQhYz3SqKlR0c=\n',
    )
})
afterAll(() => rmSync(root, { recursive: true }))

/** It writes to `run` of the same tree, and nowhere else. */
const generate = (tree: string): Verdict => ask('netplan', ['generate', '--root-dir', tree])

/** A copy of a node's tree with its YAML changed. */
const altered = (from: string, to: string): string => {
  const [first] = trees
  if (!first) throw new Error('no fixture has a node with netplan')
  const tree = mkdtempSync(join(root, 'altered-'))
  cpSync(join(first.tree, 'etc'), join(tree, 'etc'), { recursive: true })
  const file = join(tree, `etc/netplan/60-${first.mesh.name}.yaml`)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
  return tree
}

describe('netplan', () => {
  test('has nodes of several releases in the fixtures', () => {
    expect(trees.length).toBeGreaterThan(2)
  })

  judged(['netplan', ...networkdJudge], 'takes every file, and networkd what it makes of it', () => {
    for (const { tree } of trees) {
      expect(generate(tree), tree).toMatchObject({ status: 0 })
      // An IPv6 route has no scope, which netplan writes all the same; and a node may be newer than this networkd.
      const said = complaintsOfNetworkd(tree).filter(
        line => !/Scope= is specified for IPv6|'ManageForeignNextHops'/.test(line),
      )
      expect(said, tree).toEqual([])
    }
  })

  judged(['netplan'], 'makes the two devices whole, and says nothing of any other', () => {
    for (const { tree, mesh } of trees) {
      expect(generate(tree).status).toBe(0)
      const made = (name: string): string =>
        readFileSync(join(tree, `run/systemd/network/10-netplan-${name}`), 'utf8')
      expect(made(`${mesh.name}.network`)).toMatch(`VXLAN=v${mesh.name}`)
      expect(made(`${mesh.name}.netdev`)).toMatch(`PrivateKeyFile=/etc/ciab/keys/${mesh.name}.key`)
      expect(made(`v${mesh.name}.netdev`)).toMatch('TTL=64\nMacLearning=false')
      const files = ask('ls', [join(tree, 'run/systemd/network')])
        .output.trim()
        .split('\n')
      expect(files.length).toBe(4)
    }
  })

  for (const [what, from, to] of [
    ['a mode that is none', 'mode: vxlan', 'mode: vxlam'],
    ['a key that is no key', 'public: "', 'public: "x'],
    ['an address without a length', '/16", "', '", "'],
    ['an endpoint without a port', ':51820"', '"'],
  ] as const)
    judged(['netplan'], `would not take ${what}`, () => {
      const verdict = generate(altered(from, to))
      expect(verdict.status, verdict.output).not.toBe(0)
      expect(verdict.output).toContain('Error in network definition')
    })

  judged(['python3'], 'is told the same by YAML 1.1, where a bare word may be no string', () => {
    const reader =
      'import sys, json, yaml\nprint(json.dumps([yaml.safe_load(open(name)) for name in sys.argv[1:]]))'
    const files = trees.map(({ tree, mesh }) => join(tree, `etc/netplan/60-${mesh.name}.yaml`))
    const verdict = ask('python3', ['-c', reader, ...files])
    const documents: { network: { tunnels: Record<string, Record<string, unknown>> } }[] = JSON.parse(
      verdict.output,
    )
    expect(documents.length).toBe(trees.length)
    documents.forEach(({ network }, at) => {
      const name = trees[at]?.mesh.name as string
      expect(Object.keys(network.tunnels)).toEqual([name, `v${name}`])
      for (const key of ['local', 'macaddress', 'link'])
        expect(typeof network.tunnels[`v${name}`]?.[key]).toBe('string')
    })
  })
})

describe('what apply.sh reads', () => {
  judged(['sh', 'awk'], 'is what the files say, in the words of wg and bridge', () => {
    for (const { tree, mesh } of trees) {
      const { name } = mesh
      const scratch = mkdtempSync(join(root, 'scratch-'))
      // A copy, whose keys are where it says.
      const copy = mkdtempSync(join(root, 'moved-'))
      cpSync(join(tree, 'etc'), join(copy, 'etc'), { recursive: true })
      const yaml = join(copy, `etc/netplan/60-${name}.yaml`)
      writeFileSync(yaml, readFileSync(yaml, 'utf8').replaceAll('"/etc/', `"${copy}/etc/`))
      const part = netplan.part?.join('\n').replaceAll('/etc/', `${copy}/etc/`)
      const script = `${part}\nmesh=${name} link_overlay=v${name} scratch=${scratch}\nnp_read`
      expect(ask('sh', ['-eu', '-c', script])).toEqual({ status: 0, output: '' })
      const left = (file: string): string => readFileSync(join(scratch, file), 'utf8')
      const read = (path: string): string => readFileSync(join(tree, path), 'utf8')
      const told = readNetplan(read, name)
      const conf = readWgQuick(left('tunnel.conf'))
      expect(conf.peers).toEqual(told.peers)
      for (const key of ['PrivateKey', 'ListenPort'])
        expect(conf.interface.get(key)).toEqual(told.interface.get(key))
      expect(conf.interface.get('FwMark')?.map(Number)).toEqual(told.interface.get('FwMark')?.map(Number))
      const routes = [...left('tunnel.routes').split('\n'), ...left('overlay.routes').split('\n')]
      expect(routes.filter(line => line !== '')).toEqual(
        [...commandsOf(told, '%i'), ...commandsOf(told, `v${name}`)].map(command => command.split(' ')[3]),
      )
      expect(
        left('overlay.fdb')
          .trimEnd()
          .split('\n')
          .map(line => line.split(' ').slice(0, 3)),
      ).toEqual(readNetplanForwarding(read, name).map(({ mac, destination, via }) => [mac, destination, via]))
    }
  })
})

const commandsOf = (file: WgQuickFile, name: string): string[] =>
  (file.interface.get('PostUp') ?? []).filter(
    command => command.startsWith('ip route add ') && command.includes(` dev ${name} `),
  )

describe('30: an independent reader', () => {
  const without = (blueprint: Blueprint): Blueprint => ({
    ...blueprint,
    nodes: blueprint.nodes.map(node => ({ ...node, os: null, hooks: [], targets: {} })),
    groups: blueprint.groups.map(group => ({ ...group, hooks: [] })),
  })
  const factsIn = (file: WgQuickFile, mesh: string) => ({
    ...Object.fromEntries(
      ['PrivateKey', 'ListenPort', 'Address', 'MTU', 'Table'].map(key => [key, file.interface.get(key)]),
    ),
    FwMark: file.interface.get('FwMark')?.map(Number),
    routes: [...commandsOf(file, '%i'), ...commandsOf(file, `v${mesh}`)],
    vxlan: readVxlan(file),
    peers: file.peers,
  })

  test('finds that netplan is told what wg-quick would be, of every mesh', () =>
    forAll(
      anyMesh,
      mesh => {
        const plain = without(mesh)
        const chosen = choosing(plain, { name: 'netplan', concerns: ['tunnel', 'overlay'] })
        // A number as a name, or a node without peers.
        if (faultsOf(chosen).length > 0) return
        const { name } = mesh.mesh
        const trees = [plain, chosen].map(blueprint => treeOf(blueprint))
        for (const node of mesh.nodes) {
          const [wgQuick, netplan] = trees.map(tree => (path: string) => tree.get(node.name)?.get(path)) as [
            Read,
            Read,
          ]
          const own = readWgQuick(wgQuick(`etc/wireguard/${name}.conf`) ?? '')
          expect(factsIn(readNetplan(netplan, name), name)).toEqual(factsIn(own, name))
          const entries = wgQuick(`etc/ciab/${name}.fdb`)
          if (entries !== undefined) expect(readNetplanForwarding(netplan, name)).toEqual(readFdb(entries))
        }
      },
      20,
    ))
})

type Read = (path: string) => string | undefined

describe('what netplan cannot express', () => {
  const meshIni = (mesh: string, ...lines: string[]): string =>
    [
      '[mesh]',
      'vni = 7281461',
      mesh,
      '[node a]',
      ...['id = 1', 'endpoint = 203.0.113.1', 'tunnel = netplan', 'overlay = netplan', ...lines],
      '[node b]',
      ...['id = 2', 'endpoint = 203.0.113.2'],
      '',
    ].join('\n')
  const publicKeys = (text: string): string =>
    text.replace(/\[node (.)\]/g, (header, name) => `${header}\npublic-key = ${keys[name as 'a' | 'b']}`)
  const keys = {
    a: 'moL+gW+29euB/JnyKasCzjMQTxOwyZZnChnhBcpnnBU=',
    b: 'jxr6Qcoz4deqXCWIaR9QIfxrLCs0IKZbBAmF2Ve2vzE=',
  }
  const messages = (text: string): string[] => {
    const loaded = load({ file: 'mesh.ini', text: publicKeys(text) }, 'hidden')
    return loaded.ok
      ? []
      : loaded.diagnostics.filter(({ severity }) => severity === 'error').map(d => d.message)
  }

  test('is nothing of an ordinary node', () => {
    expect(messages(meshIni('name = ciabmesh', 'os = debian-12', 'fwmark = 0x51'))).toEqual([])
    expect(messages(meshIni('name = ciabmesh'))).toEqual([])
  })

  test.each([
    ['VXLAN before 0.105', meshIni('', 'os = debian-11'), /netplan 0\.101 of debian-11 has no VXLAN/],
    ['hooks', meshIni('', 'post-up = true'), /netplan runs no commands/],
    ['an interface with a word of its own', meshIni('name = renderer'), /"renderer" is a word/],
    ['an interface that is a number', meshIni('name = 12'), /takes 12 for a number/],
    ['a tunnel without peers', meshIni('').replace(/\[node b\][\s\S]*/, ''), /at least one peer/],
    ['half of it', meshIni('').replace('overlay = netplan', 'overlay = wg-quick'), /cannot carry wg-quick's/],
    ['the other half', meshIni('').replace('tunnel = netplan\n', ''), /only together with its own tunnel/],
  ])('%s', (_, text, message) => {
    expect(messages(text).join('\n')).toMatch(message)
  })

  test('is less without an overlay', () => {
    const text = meshIni('', 'os = debian-11', 'routing = none').replace(
      'overlay = netplan',
      'overlay = none',
    )
    expect(messages(text)).toEqual([])
  })
})
