import { describe, expect, test } from 'vitest'
import {
  format,
  generate,
  load,
  type Mesh,
  type MeshDescription,
  type MeshSpec,
  meshOf,
  type NodeDescription,
  parse,
  planner,
  printMesh,
  privateKeyOf,
  type Result,
  render,
  specOf,
  type Target,
  targets,
  textOf,
} from '../src/index.js'
import { PrivateKey } from '../src/net/index.js'
import {
  clientFields,
  groupFields,
  meshFields,
  nodeFields,
  segmentFields,
  targetFields,
  tenantFields,
} from '../src/parse/schema.js'
import { presharedSeed, privateKeyFor } from './support/keys.js'
import { fixtures } from './support/meshes.js'
import { withoutPlaces } from './support/places.js'

const keys = {
  privateKeys: new Map(['node1', 'node2', 'laptop'].map(name => [name, privateKeyFor(name)])),
  presharedSeed,
}
const node1: NodeDescription = { name: 'node1', id: 1, endpoint: '203.0.113.1' }
const node2: NodeDescription = { name: 'node2', id: 2, endpoint: ['198.51.100.2', '[2001:db8:2::2]'] }

const good = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.diagnostics.map(one => format(one, {})).join('\n'))
  return result.value
}
const faults = (description: unknown): string[] => {
  const result = meshOf(description as MeshDescription, keys)
  return (result.ok ? [] : result.diagnostics).map(({ code, span }) => `${span?.field} ${code}`)
}
const treeOf = (mesh: Mesh): unknown =>
  [...generate(mesh)].map(({ node, files }) => [
    node,
    files.map(({ path, mode, content }) => [path, mode, textOf(content)]),
  ])

describe('a mesh from typed objects', () => {
  test('is the mesh of the text that says the same', () => {
    const text = `[mesh]
path-mtu = 1460
[node node1]
id = 1
endpoint = 203.0.113.1
[node node2]
id = 2
endpoint = 198.51.100.2, [2001:db8:2::2]
`
    const given = good(meshOf({ mesh: { 'path-mtu': 1460 }, nodes: [node1, node2] }, keys))
    expect(treeOf(given)).toEqual(treeOf(good(load({ file: 'mesh.ini', text }, keys))))
  })

  test('takes every key of mesh.ini, as value and as text', () => {
    // Held to the schema by `satisfies` and by the sets of keys below: a new key belongs here.
    const description = {
      mesh: {
        name: 'ciabmesh',
        underlay: { ipv4: '10.79.0.0/16', ipv6: 'fd00:79::/64' },
        overlay: { ipv4: '10.78.0.0/16' },
        containers: { ipv4: { prefix: '10.77.0.0/16', length: 24 } },
        vni: 4242,
        asn: 64512,
        port: 51820,
        'vxlan-port': 4789,
        'path-mtu': 1460,
        families: ['ipv4', 'ipv6'],
        'preshared-keys': true,
        mode: 'vxlan',
        reflectors: 'none',
        timers: { keepalive: 10, hold: 30 },
        bfd: { interval: 1000, multiplier: 3 },
        'graceful-restart': false,
        'session-password': false,
        'maximum-prefix': 1000,
        'container-runtime': 'lxd',
        'next-id': 9,
        domain: 'mesh.example',
        'name-servers': ['node1', 'ns.example'],
      },
      nodes: [
        {
          name: 'node1',
          id: 1,
          endpoint: [{ host: '203.0.113.1' }, { host: '2001:db8::1', port: 51820 }],
          'endpoint@home': '192.168.1.1',
          hostname: 'host1',
          'public-key': '3J5vI2pHw0Dbm1DSN5pSFrTPr1Gdvx+ovwUwR1eP5Dg=',
          'next-public-key': '3J5vI2pHw0Dbm1DSN5pSFrTPr1Gdvx+ovwUwR1eP5Dg=',
          'key-on-node': true,
          'underlay-address': ['10.79.0.1', 'fd00:79::1'],
          'overlay-address': [{ address: '10.78.0.1' }, { address: '10.1.0.1', length: 24 }],
          'container-address': [{ name: 'web', addresses: ['10.77.1.10'] }],
          'allowed-ips': ['192.0.2.0/24'],
          lan: [{ interface: 'eth1', prefixes: ['192.168.50.0/24'] }],
          exit: true,
          mac: '02:00:00:00:00:01',
          'listen-port': 51821,
          families: 'ipv4',
          keepalive: 25,
          site: 'home',
          'path-mtu': 1460,
          fwmark: 4660,
          os: 'debian-12',
          frr: '8.4',
          reflector: false,
          containers: [
            { bridge: 'ciabbr0' },
            { bridge: 'br1', prefixes: '10.9.0.0/24' },
            { bridge: 'lxdbr0', prefixes: [], addresses: ['10.8.0.1/24'] },
          ],
          'container-runtime': 'lxd',
          forward: ['eth2'],
          metadata: false,
          'pre-up': 'true',
          'post-up': ['true', "echo 'a; b'"],
          'pre-down': [],
          'post-down': 'true',
          firewall: 'guard',
          tunnel: 'wg-quick',
          overlay: 'wg-quick',
          evpn: 'iproute2',
          routing: 'frr',
          names: 'none',
          installer: 'apply',
        },
      ],
      clients: [
        {
          name: 'laptop',
          id: 7,
          via: 'node1',
          'public-key': '3J5vI2pHw0Dbm1DSN5pSFrTPr1Gdvx+ovwUwR1eP5Dg=',
          'key-on-client': false,
          'underlay-address': '10.79.0.7',
          families: ['ipv4'],
          keepalive: 'off',
          dns: ['10.79.0.1'],
          'full-tunnel': true,
          reach: ['blue'],
        },
      ],
      groups: [
        {
          name: 'all',
          members: ['node1'],
          'listen-port': 51820,
          families: ['ipv4'],
          keepalive: 25,
          site: 'home',
          'path-mtu': 1460,
          fwmark: 1,
          os: 'debian-12',
          frr: '8.4',
          reflector: false,
          containers: 'ciabbr0 auto',
          'container-runtime': 'lxd',
          forward: [],
          metadata: false,
          'pre-up': 'true',
          'post-up': 'true',
          'pre-down': 'true',
          'post-down': 'true',
          firewall: 'guard',
          tunnel: 'wg-quick',
          overlay: 'wg-quick',
          evpn: 'iproute2',
          routing: 'frr',
          names: 'none',
          installer: 'apply',
        },
      ],
      segments: [{ name: 'blue', nodes: [], vni: 99, subnet: '10.5.0.0/24 /28', tenant: 'red' }],
      tenants: [{ name: 'red', nodes: ['node1'], share: 'other', vni: 300, containers: '10.6.0.0/16 /24' }],
      exclude: [['node1', 'node4']],
      targets: {
        firewall: 'guard',
        tunnel: 'wg-quick',
        overlay: 'wg-quick',
        evpn: 'iproute2',
        containers: 'lxd',
        routing: 'frr',
        names: 'none',
        installer: 'apply',
      },
    } satisfies MeshDescription
    const keysOf = (one: object | undefined): string[] =>
      Object.keys(one ?? {})
        .filter(key => key !== 'name' || one === description.mesh)
        .map(key => key.replace(/@.*/, '@SITE'))
        .sort()
    const sections: readonly [object | undefined, object][] = [
      [description.mesh, meshFields],
      [description.nodes[0], nodeFields],
      [description.clients[0], clientFields],
      [description.groups[0], groupFields],
      [description.segments[0], segmentFields],
      [description.tenants[0], tenantFields],
      [description.targets, targetFields],
    ]
    for (const [given, fields] of sections) expect(keysOf(given)).toEqual(Object.keys(fields).sort())

    const spec = good(specOf(description))
    expect(spec.mesh.keys.containers?.value).toEqual({
      ipv4: { prefix: '10.77.0.0/16', length: 24 },
      ipv6: null,
    })
    const keys = spec.nodes[0]?.keys as MeshSpec['nodes'][number]['keys']
    expect(keys.endpoint?.value).toEqual([
      { host: '203.0.113.1', family: 'ipv4', port: null },
      { host: '2001:db8::1', family: 'ipv6', port: 51820 },
    ])
    expect(keys['overlay-address']?.value.map(({ length }) => length)).toEqual([null, 24])
    expect(keys.containers?.value).toEqual([
      { bridge: 'ciabbr0', prefixes: null, addresses: [] },
      { bridge: 'br1', prefixes: ['10.9.0.0/24'], addresses: [] },
      { bridge: 'lxdbr0', prefixes: [], addresses: ['10.8.0.1/24'] },
    ])
    expect(keys['pre-down']).toBeUndefined()
    expect(spec.segments[0]?.nodes).toEqual([])
    // And it is what its text says.
    const text = good(printMesh(spec))
    expect(withoutPlaces(good(parse({ file: 'mesh.ini', text })))).toEqual(withoutPlaces(spec))
  })

  test('says of each fault which field has it', () => {
    expect(faults({ nodes: [node1, { ...node2, name: '../../evil' }] })).toEqual(['nodes[1].name node-name'])
    expect(faults({ nodes: [node1, { ...node2, endpoint: 'a.example\nPostUp = x' }] })).toEqual([
      'nodes[1].endpoint control-character',
    ])
    expect(faults({ nodes: [{ ...node1, endpoint: [{ host: 'a b' }] }] })).toEqual([
      'nodes[0].endpoint[0].host value-list',
    ])
    expect(faults({ nodes: [{ ...node1, endpoint: [{ host: 'a', prot: 1 }] }] })).toEqual([
      'nodes[0].endpoint[0].prot unknown-key',
    ])
    expect(faults({ nodes: [{ ...node1, listenPort: 1 }] })).toEqual(['nodes[0].listenPort unknown-key'])
    expect(faults({ nodes: [{ ...node1, id: 1.5 }] })).toEqual(['nodes[0].id number-syntax'])
    expect(faults({ nodes: [{ ...node1, id: null }] })).toEqual(['nodes[0].id value-choice'])
    expect(faults({ nodes: [node1, { ...node2, id: 1 }] })).toEqual(['nodes[1].id duplicate-id'])
    expect(faults({ nodes: [node1, node1] })).toEqual(['nodes[1].name duplicate-section'])
    expect(faults({ nodes: [node1, { ...node2, families: ['ipv4', 'ipv9'] }] })).toEqual([
      'nodes[1].families[1] value-choice',
    ])
    expect(faults({ nodes: [node1], exclude: [['node1', 'node7']] })).toEqual(['exclude[0][1] unknown-node'])
    expect(faults({ nodes: 'node1' })).toEqual(['nodes value-choice'])
    expect(faults({ node: [node1] })).toEqual(['node unknown-key'])
    expect(faults(null)).toEqual(['mesh value-choice'])
    // All at once, in the order that they were given in.
    expect(faults({ mesh: { port: 0 }, nodes: [{ ...node1, id: 0 }] })).toEqual([
      'mesh.port number-range',
      'nodes[0].id number-range',
    ])
  })

  test('is drawn without a file that there is not', () => {
    const result = meshOf({ nodes: [{ ...node1, id: 0 }] }, keys)
    const [first] = result.ok ? [] : result.diagnostics
    expect(first && format(first, {})).toMatch(/^nodes\[0\]\.id: error: .* \[number-range\]\n/)
  })

  test('fits its tools, as that of a text does', () => {
    expect(faults({ nodes: [{ ...node1, 'post-up': 'echo # x' }] })).toEqual(['nodes[0].post-up unsupported'])
  })

  test('says of a key that is missing how one hands it over', () => {
    const result = meshOf({ mesh: { 'preshared-keys': true }, nodes: [node1] })
    expect((result.ok ? [] : result.diagnostics).map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
      'preshared keys are on, but the secrets hold no presharedSeed: give presharedSeed 32 random bytes, the same ones each time',
      'the secrets hold no private key of node1: give privateKeys one for node1, or the node a public-key and key-on-node: true where it keeps its own',
    ])
  })

  test('needs no keys where nodes have theirs', () => {
    const own = { 'key-on-node': true, 'public-key': '3J5vI2pHw0Dbm1DSN5pSFrTPr1Gdvx+ovwUwR1eP5Dg=' }
    expect(good(meshOf({ nodes: [{ ...node1, ...own }] })).nodes.map(({ name }) => name)).toEqual(['node1'])
  })
})

describe('a text from a spec', () => {
  test.each(fixtures)('reads as the spec of $name', ({ text }) => {
    const spec = good(parse({ file: 'mesh.ini', text }))
    const printed = good(printMesh(spec))
    expect(withoutPlaces(good(parse({ file: 'mesh.ini', text: printed })))).toEqual(withoutPlaces(spec))
  })
})

describe('nothing is lost or let in in silence', () => {
  const mesh = good(meshOf({ nodes: [node1, node2] }, keys))

  test('a target that a node chose and that is not given is an exception, at once', () => {
    const some = targets.filter(({ name }) => name !== 'frr')
    expect(() => generate(mesh, { targets: some })).toThrow('node1 has frr for routing')
    expect(() => render(planner(mesh)(mesh.nodes[0] as never), some)).toThrow('node1 has frr for routing')
    const other = { ...(targets.find(({ name }) => name === 'frr') as Target), concerns: ['names'] } as Target
    expect(() => generate(mesh, { targets: [...some, other] })).toThrow('node1 has frr for routing')
  })

  test('a default that is not given is an error of the mesh', () => {
    const some = targets.filter(({ name }) => name !== 'guard')
    const result = meshOf({ nodes: [node1, node2] }, keys, some)
    expect(result.ok ? [] : result.diagnostics.map(({ code }) => code)).toEqual(['unknown-target'])
    expect(meshOf({ nodes: [node1], targets: { firewall: 'none' } }, keys, some).ok).toBe(true)
  })

  test('a value that no parser has seen gets into no file', () => {
    const evil = 'x\nPostUp = reboot'
    const [first, second] = mesh.nodes as [Mesh['nodes'][number], Mesh['nodes'][number]]
    const wrong: Mesh['nodes'][number][] = [
      { ...second, name: evil },
      { ...second, publicKey: evil as never },
      { ...second, allowedIps: [evil as never] },
      { ...second, endpoints: [{ endpoint: evil as never, named: true, families: ['ipv4'] }] },
      { ...second, hooks: { ...second.hooks, postUp: [evil] } },
    ]
    for (const node of wrong)
      expect(() => [...generate({ ...mesh, nodes: [first, node] })]).toThrow(/control character/)
    expect(() => new PrivateKey(evil)).toThrow('one line')
  })

  test('a private key has 32 bytes', () => {
    expect(() => privateKeyOf(new Uint8Array(31))).toThrow('a private key is made from 32 bytes, not 31')
    expect(() => privateKeyOf(new Uint8Array(33))).toThrow('not 33')
  })

  test('a seed has 32 bytes', () => {
    const result = meshOf(
      { mesh: { 'preshared-keys': true }, nodes: [node1] },
      { ...keys, presharedSeed: new Uint8Array(5) },
    )
    expect(result.ok ? [] : result.diagnostics.map(({ code }) => code)).toEqual(['preshared-seed'])
  })
})
