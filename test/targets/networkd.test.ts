import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeTree } from '../../src/files/index.js'
import type { InterfaceName, Prefix } from '../../src/index.js'
import type { NodePlan, RemotePlan } from '../../src/model/plan.js'
import { planner } from '../../src/plan/plan.js'
import { networkd } from '../../src/targets/networkd/index.js'
import { judged } from '../support/judge.js'
import { fixtures, meshOf, treesOf } from '../support/meshes.js'
import { complaintsOfNetworkd, networkdJudge } from '../support/networkd.js'

const root = mkdtempSync(join(tmpdir(), 'ciab-gen-networkd-'))
const fixture = fixtures.find(({ name }) => name === 'networkd')
if (!fixture) throw new Error('there is no fixture "networkd"')
const mesh = meshOf(fixture)
const nodes = mesh.nodes.filter(({ targets }) => targets.tunnel === 'networkd').map(({ name }) => name)

beforeAll(() => {
  expect(writeTree(root, treesOf(mesh)).ok).toBe(true)
  // A node that keeps its own key has it there.
  for (const node of nodes)
    writeFileSync(
      join(root, node, 'etc/ciab/keys/ciabmesh.key'),
      'YP7OAE5+GtGjTBDTn3hjGMCCEcMCYMYQhYz3SqKlR0c=\n',
    )
})
afterAll(() => rmSync(root, { recursive: true }))

/** A node's tree with one file changed for the time of `body`. */
const broken = (path: string, from: string | RegExp, to: string, body: () => void): void => {
  const at = join(root, path)
  const text = readFileSync(at, 'utf8')
  expect(text).toMatch(from)
  writeFileSync(at, text.replace(from, to))
  try {
    body()
  } finally {
    writeFileSync(at, text)
  }
}

describe('what networkd has no words for', () => {
  const planOf = planner(mesh)
  const [plan] = mesh.nodes.map(planOf) as [NodePlan]
  const facts = (change: Partial<NodePlan>): string[] =>
    networkd.supports({ ...plan, ...change }).map(({ path }) => path)
  const { overlay, tunnel, firewall } = plan
  if (!overlay) throw new Error('the fixture has no overlay')

  test('nothing, in the fixture', () => {
    for (const node of mesh.nodes.filter(({ name }) => nodes.includes(name)))
      expect(networkd.supports(planOf(node))).toEqual([])
  })

  test('commands of the operator', () => {
    const hooks = { ...tunnel.hooks, postUp: ['true'] }
    expect(facts({ tunnel: { ...tunnel, hooks } })).toEqual(['tunnel.hooks.postUp'])
  })

  test("half of it: another tool's tunnel or overlay", () => {
    const { targets } = plan
    expect(facts({ targets: { ...targets, tunnel: 'wg-quick' } })).toEqual(['targets.overlay'])
    expect(facts({ targets: { ...targets, tunnel: 'wg-quick' }, overlay: null })).toEqual(['targets.overlay'])
    expect(facts({ targets: { ...targets, overlay: 'wg-quick' } })).toEqual(['targets.tunnel'])
    expect(facts({ targets: { ...targets, overlay: 'none' } })).toEqual([])
  })

  test('more than 512 other nodes on the segment', () => {
    const remotes = (count: number) => Array.from({ length: count }, () => overlay.remotes[0] as RemotePlan)
    expect(facts({ overlay: { ...overlay, remotes: remotes(512) } })).toEqual([])
    expect(facts({ overlay: { ...overlay, remotes: remotes(513) } })).toEqual(['overlay.remotes'])
  })

  test('an interface that is a number', () => {
    const named = (name: string) => ({ ...tunnel, interface: name as InterfaceName })
    expect(facts({ tunnel: named('12') })).toEqual(['tunnel.interface'])
    expect(facts({ tunnel: named('12a') })).toEqual([])
  })

  test('more than 8192 routes of an interface', () => {
    const routes = (count: number) => Array.from({ length: count }, (_, at) => `10.0.0.${at}/32` as Prefix)
    expect(facts({ tunnel: { ...tunnel, routes: routes(8192) } })).toEqual([])
    expect(facts({ tunnel: { ...tunnel, routes: routes(8193) } })).toEqual(['tunnel.routes'])
    expect(facts({ overlay: { ...overlay, routes: routes(8193) } })).toEqual(['overlay.routes'])
  })

  test('before systemd 249, forwarding entries that are safe without the guard', () => {
    const open = { ...firewall, guarded: false }
    expect(plan.release?.os).toBe('debian-11')
    expect(facts({ firewall: open })).toEqual(['overlay.remotes'])
    expect(facts({ firewall: open, release: null })).toEqual([])
    expect(facts({ firewall: open, release: mesh.nodes[1]?.release ?? null })).toEqual([])
  })
})

describe('systemd-networkd', () => {
  test('has nodes of several releases in the fixture', () => {
    expect(nodes.length).toBeGreaterThan(2)
  })

  for (const node of nodes)
    judged(networkdJudge, `takes the files of ${node} without a word`, () => {
      // What is for a later release than this machine's.
      const known = complaintsOfNetworkd(join(root, node)).filter(
        line => !line.includes("'ManageForeignNextHops'"),
      )
      expect(known).toEqual([])
    })

  const network = 'node2/etc/systemd/network'
  for (const [what, path, from, to, said] of [
    [
      'an unknown key',
      `${network}/11-vciabmesh.network`,
      'OutgoingInterface=',
      'OutgoingPort=',
      /Unknown key/,
    ],
    ['an address that is none', `${network}/10-ciabmesh.network`, /^Address=10/m, 'Address=300', /:10:/],
    [
      'a MAC address that is none',
      `${network}/11-vciabmesh.network`,
      /MACAddress=02:/,
      'MACAddress=x:',
      /MAC/,
    ],
    ['a peer whose key is none', `${network}/10-ciabmesh.netdev`, /^PublicKey=..../m, 'PublicKey=', /key/i],
    [
      'a device whose name is a number',
      `${network}/10-ciabmesh.netdev`,
      'Name=ciabmesh',
      'Name=12',
      /not valid|invalid|Failed to parse/i,
    ],
    [
      'a file with more than 1024 forwarding entries',
      `${network}/11-vciabmesh.network`,
      '[Match]',
      `${Array.from({ length: 1024 }, () => '[BridgeFDB]\nMACAddress=02:00:00:00:00:01\nDestination=10.79.9.9\n').join('\n')}\n[Match]`,
      /Failed to parse file/,
    ],
    ['a key file that is none', 'node2/etc/ciab/keys/ciabmesh.key', /^..../, '', /read private key/],
  ] as const)
    judged(networkdJudge, `would not take ${what}`, () =>
      broken(path, from, to, () =>
        expect(complaintsOfNetworkd(join(root, 'node2')).join('\n')).toMatch(said),
      ),
    )
})
