import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendNode, removeNode } from '../../src/edit/index.js'
import { meshFolder } from '../../src/index.js'
import type { Blueprint, NodeBlueprint } from '../arbitraries/blueprint.js'
import { renamed, shuffle, withNode, withoutNode } from '../arbitraries/changes.js'
import { meshOfSeveral, meshWithNetworks } from '../arbitraries/meshes.js'
import { printMesh } from '../arbitraries/print.js'
import { dialingModel } from '../oracles/dialing.js'
import { factsOf } from '../oracles/facts.js'
import { isReflectionSound } from '../oracles/reflection.js'
import { changedFiles, changedLines, firstLost, piecesOf, wordsOf } from '../oracles/text.js'
import { faultsOf, type Texts, treeOf } from '../oracles/tree.js'
import { worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

const highest = ({ nodes }: Blueprint): NodeBlueprint =>
  nodes.reduce((best, node) => (node.id > best.id ? node : best))

/** Of either kind. */
const anyOfSeveral = fc.oneof(
  { weight: 2, arbitrary: meshOfSeveral },
  { weight: 1, arbitrary: meshWithNetworks },
)

/**
 * The mesh without its last node, which is no reflector and on whom nobody's way to one depends; or `null`.
 * Nor does it bring a segment or tenant of its own: with the first of them all tunnels have other addresses. Nor is it the
 * first that another node dials by a name, which has that node look names up.
 */
const beforeLast = (blueprint: Blueprint): Blueprint | null => {
  const { name, reflector } = highest(blueprint)
  const without = withoutNode(blueprint, name)
  const many = blueprint.nodes.length > 1 && !reflector && isReflectionSound(without)
  const others = dialersOfNames(blueprint).filter(other => other !== name)
  const alike = networksIn(without) === networksIn(blueprint) && `${dialersOfNames(without)}` === `${others}`
  return many && alike && faultsOf(without).length === 0 ? without : null
}

const networksIn = ({ segments, tenants }: Blueprint): number => segments.length + tenants.length

/** Nodes that dial another by a name. */
const dialersOfNames = (blueprint: Blueprint): string[] => {
  const { nodes, peers, endpoint } = dialingModel(blueprint)
  const named = (text: string | null): boolean => text !== null && /^[a-z]/.test(text)
  return nodes.filter(a => nodes.some(b => peers(a, b) && named(endpoint(a, b)))).map(({ name }) => name)
}

describe('nodes that come and go', () => {
  test("14: a node added only inserts in the others' files", () =>
    forAll(anyOfSeveral, blueprint => {
      const without = beforeLast(blueprint)
      if (!without) return
      const before = treeOf(without)
      const after = treeOf(blueprint)
      for (const [node, files] of before)
        for (const [path, text] of files) {
          const lost = firstLost(piecesOf(text), piecesOf(after.get(node)?.get(path) ?? ''))
          expect([node, path, lost]).toEqual([node, path, null])
        }
    }))

  test('14: and with reflectors it changes nothing that a client has for BGP', () =>
    forAll(
      anyOfSeveral,
      blueprint => {
        // In the mesh's pools, which the others know anyway, as all of them are.
        if (blueprint.nodes.some(({ containers }) => containers !== null)) return
        const without = beforeLast(blueprint)
        if (!without || worldOf(blueprint).reflectors.length === 0) return
        const [before, after] = [treeOf(without), treeOf(blueprint)]
        for (const { name } of without.nodes.filter(node => !node.reflector))
          for (const path of ['etc/frr/frr.conf', 'etc/frr/daemons', 'etc/ciab/networks.conf'])
            expect([name, path, after.get(name)?.get(path)]).toEqual([
              name,
              path,
              before.get(name)?.get(path),
            ])
      },
      // Of few of them it can be asked.
      200,
    ))

  test('15: a node removed leaves no trace in the files of the others', () =>
    forAll(anyOfSeveral, blueprint => {
      const [gone] = blueprint.nodes
      if (!gone || faultsOf(withoutNode(blueprint, gone.name)).length > 0) return
      const facts = factsOf(blueprint).find(({ name }) => name === gone.name)
      const [address] = [...(facts?.overlay ?? []), ...(facts?.underlay ?? [])]
      const traces = [facts?.publicKey, facts?.mac, address?.replace(/\/.*/, '')].filter(
        trace => trace !== undefined,
      )
      expect(traces.length).toBe(3)
      for (const files of treeOf(withoutNode(blueprint, gone.name)).values())
        for (const text of files.values())
          for (const trace of traces) expect(wordsOf(text)).not.toContain(trace)
    }))

  test('15: add and remove gives the original back, byte for byte, but for next-id', () =>
    forAll(anyOfSeveral, blueprint => {
      const text = printMesh(blueprint)
      const id = highest(blueprint).id + 1
      const added = appendNode(text, 'newcomer', [
        ['id', `${id}`],
        ['endpoint', 'none'],
      ])
      expect(added.ok).toBe(true)
      const removed = added.ok ? removeNode(added.value, 'newcomer') : added
      expect(removed.ok && removed.value.replace(/^next-id += \d+\n/m, '')).toBe(text)
    }))
})

test('16: the order of sections and keys does not matter', () =>
  forAll(fc.tuple(anyOfSeveral, fc.nat()), ([blueprint, seed]) => {
    const another = { ...blueprint, exclude: shuffle(seed)(blueprint.exclude) }
    expect(changedFiles(treeOf(blueprint), treeOf(another, { arrange: shuffle(seed) }))).toEqual([])
  }))

test('17: a new name changes names only', () =>
  forAll(anyOfSeveral, blueprint => {
    const [node] = blueprint.nodes
    if (!node) return
    const back = (text: string): string =>
      text.replaceAll('Re-Named', node.name).replaceAll('re-named', node.name.toLowerCase())
    // YAML has a name between quotes if it could be a number.
    const quoted = new RegExp(`(["'])(${node.name}[^"'\\n]*)\\1`, 'gi')
    const restored = (tree: Texts): Texts =>
      new Map(
        [...tree].map(([name, files]) => [
          back(name),
          new Map([...files].map(([path, text]) => [back(path), back(text).replace(quoted, '$2')])),
        ]),
      )
    const after = treeOf(renamed(blueprint, node.name, 'Re-Named'))
    expect(changedFiles(restored(treeOf(blueprint)), restored(after))).toEqual([])
  }))

interface Change {
  readonly what: string
  readonly change: (node: NodeBlueprint) => Partial<NodeBlueprint>
  /** Files of the node itself that may change. */
  readonly own: RegExp
  /** Files of other nodes, and the lines in them. */
  readonly others?: { readonly files: RegExp; readonly lines: RegExp }
}

const conf = /^etc\/(wireguard\/[^/]+\.conf|systemd\/network\/[^/]+\.netdev|netplan\/[^/]+\.yaml)$/

/** Where others say how they dial it: by a name also for who looks that up. */
const dialing = {
  files: new RegExp(`${conf.source}|^etc/ciab/[^/]+\\.names$`),
  lines: /^(Endpoint ?= ?| *endpoint: )|^[A-Za-z0-9+/]{43}= \S+ \d+ \S+$/,
}

const changes: readonly Change[] = [
  {
    what: 'hooks',
    change: () => ({ hooks: [{ key: 'post-up', command: 'logger changed' }] }),
    own: conf,
  },
  { what: 'keepalive', change: () => ({ keepalive: 17 }), own: conf },
  { what: 'fwmark', change: () => ({ fwmark: 7 }), own: conf },
  { what: 'frr', change: () => ({ frr: '9.1' }), own: /^etc\/frr\// },
  { what: 'hostname', change: () => ({ hostname: 'other' }), own: /^etc\/(frr\/|ciab\/apply\.conf$)/ },
  {
    what: 'endpoint',
    change: ({ endpoints }) => ({ endpoints: endpoints.map(endpoint => ({ ...endpoint, port: 4242 })) }),
    own: /^$/,
    others: dialing,
  },
  {
    what: 'endpoints of sites',
    change: ({ endpointsAt }) => ({
      endpointsAt: Object.fromEntries(
        Object.entries(endpointsAt).map(([site, some]) => [
          site,
          some.map(endpoint => ({ ...endpoint, port: 4242 })),
        ]),
      ),
    }),
    own: /^$/,
    others: dialing,
  },
  {
    what: 'listen-port',
    change: () => ({ listenPort: 4243 }),
    own: /^etc\/(wireguard|ciab|systemd\/network|netplan)\//,
    others: dialing,
  },
  {
    what: 'mac',
    change: () => ({ mac: '06:aa:bb:cc:dd:ee' }),
    own: /^etc\/(wireguard|ciab|systemd\/network|netplan)\//,
    others: {
      files: /\.(fdb|nft)$|\/11-[^/]+\.network$|\.network\.d\/50-[^/]+\.conf$/,
      // The packet filter knows whose MAC address it is, and whose link-local address comes of it.
      lines:
        /^fdb replace |^MACAddress=|^\tchain (vtep|from)-|^\t\t\t\S+ : goto from-|^\t\t\t\S+ \. [\da-f:]{17},$/,
    },
  },
  {
    what: 'containers',
    change: ({ containers }) =>
      containers?.length === 0 ? { containers: null } : { containers: [], pinned: [] },
    own: /^etc\/(frr|ciab)\//,
    others: {
      // Without VXLAN they are allowed IPs; a reflector's clients know them as ranges.
      files:
        /^etc\/(frr\/frr\.conf|ciab\/[^/]+\.(nft|routes)|ciab\/guard\.conf|wireguard\/[^/]+\.conf|systemd\/network\/[^/]+\.netdev|netplan\/[^/]+\.yaml)$/,
      lines:
        /prefix-list (from-|mesh )|^(main|vrf-\S+) \S+\/\d+ |^\tchain from-|^\t+\S+,$|^guard_pools=|^AllowedIPs ?=|allowed-ips|^ +- "?[0-9a-f:.]+\/\d+"?$/,
    },
  },
]

describe('36: what is said about one node touches only what must change', () => {
  for (const { what, change, own, others } of changes)
    test(what, () =>
      forAll(
        meshOfSeveral,
        blueprint => {
          const [node] = blueprint.nodes
          // Two nodes behind one address must keep their ports apart.
          if (!node || (what === 'endpoint' && node.endpoints.some(({ host }) => host === '192.0.2.9')))
            return
          // Only wg-quick runs commands.
          if (what === 'hooks' && node.targets.tunnel !== undefined) return
          const before = treeOf(blueprint)
          const after = treeOf(withNode(blueprint, node.name, change(node)))
          for (const place of changedFiles(before, after)) {
            const [where = '', path = ''] = place.split(' ')
            // Its own notes may, and those of no other node.
            if (place === `${meshFolder} ${node.name}.md`) continue
            expect([place, path]).toEqual([
              place,
              expect.stringMatching(where === node.name ? own : (others?.files ?? /^$/)),
            ])
            if (where === node.name) continue
            const texts = [before, after].map(tree => tree.get(where)?.get(path) ?? '') as [string, string]
            for (const line of changedLines(...texts)) expect(line).toMatch(others?.lines ?? /^$/)
          }
        },
        15,
      ),
    )
})
