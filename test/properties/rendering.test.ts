import { describe, expect, test } from 'vitest'
import { meshFolder } from '../../src/index.js'
import type { Blueprint } from '../arbitraries/blueprint.js'
import { choosing } from '../arbitraries/choices.js'
import { anyMesh, meshOfSeveral } from '../arbitraries/meshes.js'
import { bare, host, isWithin, numberOf, rangeOf } from '../oracles/addresses.js'
import { readBridge, readPreseed } from '../oracles/bridges.js'
import { factsOf, mtuOf, type NetworkFacts, type NodeFacts, prefixesOf } from '../oracles/facts.js'
import { privateTextFor } from '../oracles/keys.js'
import { readNftLists } from '../oracles/nft.js'
import { treeOf } from '../oracles/tree.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

const inMeshes = (check: (world: World) => void) => () =>
  forAll(anyMesh, blueprint => check(worldOf(blueprint)))

const runsHooks = ({ source }: NodeFacts): boolean => source.targets.tunnel === undefined

const hookKeys = ['PreUp', 'PostUp', 'PreDown', 'PostDown'] as const

describe('30: an independent reader gives back what was meant', () => {
  test(
    'of the WireGuard file',
    inMeshes(world => {
      const { blueprint } = world
      for (const node of world.nodes) {
        const { keyOnNode, keyName, fwmark } = node.source
        const file = world.conf(node).interface
        const key = blueprint.hidden ? '(hidden)' : privateTextFor(keyName)
        expect(file.get('PrivateKey')).toEqual(keyOnNode ? undefined : [key])
        expect(file.get('ListenPort')).toEqual([`${node.listenPort}`])
        expect(file.get('FwMark')?.map(Number)).toEqual(fwmark === null ? undefined : [fwmark])
        expect(file.get('Address')).toEqual([node.underlay.join(', ')])
        expect(file.get('Table')).toEqual(['off'])
        expect(file.has('SaveConfig')).toBe(false)
        const loads = (file.get('PreUp') ?? []).includes('sh /etc/ciab/guard.sh')
        expect(loads).toBe(node.source.targets.firewall !== 'none' && runsHooks(node))
      }
    }),
  )

  test(
    'of the packet filter: every address of the mesh, and which are of this node',
    inMeshes(world => {
      const { mesh } = world.blueprint
      for (const node of world.nodes) {
        if (node.source.targets.firewall === 'none') continue
        const text = world.text(node, `etc/ciab/${mesh.name}.nft`)
        const lists = readNftLists(text)
        const both = (name: string): string[] => [
          ...(lists.get(`${name}4`) ?? []),
          ...(lists.get(`${name}6`) ?? []),
        ]
        const addresses = world.nodes.flatMap(other =>
          [...other.underlay, ...other.overlay].map(address => host(bare(address))),
        )
        for (const prefix of [...addresses, ...world.nodes.flatMap(prefixesOf)])
          expect([prefix, both('mesh').some(other => isWithin(prefix, other))]).toEqual([prefix, true])
        expect(both('local').sort()).toEqual(prefixesOf(node).sort())
        const made = node.networks.filter(({ existing }) => !existing).flatMap(({ prefixes }) => prefixes)
        const rules = text.matchAll(/ip6? saddr \$(\w+) ip6? daddr != \$mesh[46] masquerade/g)
        const masqueraded = [...rules].flatMap(([, list = '']) => lists.get(list) ?? [])
        expect(masqueraded.sort()).toEqual(made.sort())
      }
    }),
  )

  for (const name of ['lxd', 'incus'])
    test(`21, 30: of ${name}'s bridges: addresses, leases inside them, and the MTU of the segment`, () =>
      forAll(
        anyMesh,
        mesh => {
          const blueprint = choosing(mesh, { name, concerns: ['containers'] })
          const tree = treeOf(blueprint)
          for (const node of factsOf(blueprint)) checkBridges(blueprint, node, tree.get(node.name), name)
        },
        20,
      ))
})

const checkBridges = (
  blueprint: Blueprint,
  node: NodeFacts,
  files: ReadonlyMap<string, string> | undefined,
  tool: string,
): void => {
  const folder = `etc/ciab/${tool}/`
  const made = node.networks.filter(({ existing }) => !existing)
  const expected = made.map(({ bridge }) => `${folder}${bridge}.yaml`)
  const found = [...(files?.keys() ?? [])].filter(path => path.startsWith(folder))
  const preseed = `${folder}preseed.yaml`
  expect(found.sort()).toEqual((made.length > 0 ? [...expected, preseed] : []).sort())
  for (const network of made) {
    const { name, type, config } = readBridge(files?.get(`${folder}${network.bridge}.yaml`) ?? '')
    expect([name, type]).toEqual([network.bridge, 'bridge'])
    for (const value of Object.values(config)) expect(typeof value).toBe('string')
    expect(config['bridge.mtu']).toBe(`${mtuOf(blueprint).overlay}`)
    const ipv4 = network.addresses.find(address => !address.includes(':'))
    const ipv6 = network.addresses.find(address => address.includes(':'))
    expect(config['ipv4.address']).toBe(ipv4 ?? 'none')
    expect(config['ipv6.address']).toBe(ipv6 ?? 'none')
    for (const family of ['ipv4', 'ipv6'])
      if (config[`${family}.address`] !== 'none') expect(config[`${family}.nat`]).toBe('false')
    const pinned = node.source.pinned.flatMap(({ addresses }) => addresses.filter(isIn(network)))
    if (ipv4) checkLeases(ipv4, `${config['ipv4.dhcp.ranges']}`, pinned)
    // The daemons give a fixed IPv6 address by DHCPv6 alone, and elsewhere containers form their own.
    const fixed = pinned.some(address => address.includes(':'))
    if (ipv6) expect(config['ipv6.dhcp.stateful']).toBe(`${fixed || !ipv6.endsWith('/64')}`)
    expect(config['ipv6.dhcp.ranges'] !== undefined).toBe(fixed)
    if (ipv6 && fixed) checkLeases(ipv6, `${config['ipv6.dhcp.ranges']}`, pinned)
  }
  if (made.length === 0) return
  const { networks } = readPreseed(files?.get(preseed) ?? '')
  expect(networks).toEqual(made.map(({ bridge }) => readBridge(files?.get(`${folder}${bridge}.yaml`) ?? '')))
}

const isIn =
  ({ prefixes }: NetworkFacts) =>
  (address: string): boolean =>
    prefixes.some(prefix => isWithin(address, prefix))

/** DHCP leases are hosts of the network; the bridge's own address, and those of its own containers, are not among them. */
const checkLeases = (address: string, range: string, pinned: readonly string[]): void => {
  const [first = 0n, last = 0n] = range.split('-').map(numberOf)
  const [lowest, highest] = rangeOf(address)
  const broadcast = address.includes(':') ? 0n : 1n
  expect(first > lowest && first <= last && last <= highest - broadcast).toBe(true)
  for (const taken of [address, ...pinned.filter(one => one.includes(':') === address.includes(':'))])
    expect(numberOf(taken) >= first && numberOf(taken) <= last).toBe(false)
}

describe('31: free text adds no line and no directive', () => {
  test(
    "the operator's hooks stand in their file as they are, in order, and the file is as without them",
    inMeshes(world => {
      const { blueprint } = world
      const name = `etc/wireguard/${blueprint.mesh.name}.conf`
      const bareMesh: Blueprint = {
        ...blueprint,
        nodes: blueprint.nodes.map(node => ({ ...node, hooks: [] })),
        groups: blueprint.groups.map(group => ({ ...group, hooks: [] })),
      }
      const bareTree = treeOf(bareMesh)
      for (const node of world.nodes.filter(runsHooks)) {
        const lines = world.text(node, name).split('\n')
        const own = hookKeys.flatMap(key => node.hooks[key].map(command => `${key} = ${command}`))
        const comment = "\n# This node's own hooks, as mesh.ini has them.\n"
        const block = own.length > 0 ? `${comment}${own.join('\n')}\n` : ''
        const without = world.text(node, name).replace(block, () => '')
        expect(without).toBe(bareTree.get(node.name)?.get(name))
        if (own.length > 0) expect(lines).toEqual(expect.arrayContaining(own))
      }
      for (const [node, files] of bareTree)
        for (const [path, text] of files)
          if (path !== name && node !== meshFolder)
            expect([path, world.tree.get(node)?.get(path)]).toEqual([path, text])
    }),
  )

  test('a comment on a peer, or a description, is the name and nothing else', () =>
    forAll(meshOfSeveral, blueprint => {
      const world = worldOf(blueprint)
      const names = new Set(world.nodes.map(({ name }) => name))
      for (const node of world.nodes.filter(runsHooks)) {
        const peers = world
          .text(node, `etc/wireguard/${blueprint.mesh.name}.conf`)
          .split('\n[Peer]\n')
          .slice(1)
        for (const stanza of peers) expect(names).toContain(/^# (.*)$/m.exec(stanza)?.[1])
        for (const { description } of world.frr(node)?.neighbors.values() ?? [])
          expect(names).toContain(description)
      }
    }))
})
