import { describe, expect, test } from 'vitest'
import { importMesh } from '../../src/import/index.js'
import { privateTextFor, publicKeyFor } from '../oracles/keys.js'
import { readWgQuick } from '../oracles/wg-quick.js'
import { fixtures, meshOf, treesOf } from '../support/meshes.js'
import { cases, filesFrom, imported, meshFrom } from './cases.js'

const file = (node: string, lines: readonly string[]) => ({ file: `${node}.conf`, text: lines.join('\n') })

/** Two nodes of a mesh that somebody wrote by hand, without VXLAN. */
const handmade = [
  file('paris', [
    '# the one in Paris',
    '[Interface]',
    `PrivateKey = ${privateTextFor('paris')}`,
    'Address = 10.9.0.1/24, fd09::1/64',
    'ListenPort = 51820',
    'MTU = 1420',
    'PostUp = iptables -A FORWARD -i %i -j ACCEPT',
    '',
    '[Peer]',
    '# Name = rome',
    `PublicKey = ${publicKeyFor('rome')}`,
    'AllowedIPs = 10.9.0.2/32, fd09::2/128, 192.168.5.0/24',
    'Endpoint = [2001:db8::2]:51821',
    '',
    '# oslo',
    '[Peer]',
    `PublicKey = ${publicKeyFor('oslo')}`,
    'AllowedIPs = 10.9.0.3/32, 192.168.6.0/24',
  ]),
  file('rome', [
    '[Interface]',
    `PrivateKey = ${privateTextFor('rome')}`,
    'Address = 10.9.0.2/24, fd09::2/64',
    'ListenPort = 51821',
    'FwMark = 0x20',
    'DNS = 9.9.9.9',
    '',
    '[Peer]',
    `PublicKey = ${publicKeyFor('paris')}`,
    'AllowedIPs = 10.9.0.1/32, fd09::1/128',
    'Endpoint = 203.0.113.1:51820',
    'PersistentKeepalive = 15',
  ]),
]

describe('files that somebody wrote by hand', () => {
  const result = imported({ wgQuick: handmade })
  const mesh = meshFrom(result)
  const node = (name: string) => mesh.nodes.find(found => found.name === name)

  test('names come from files and from comments on peers', () => {
    expect(mesh.nodes.map(({ name }) => name).sort()).toEqual(['oslo', 'paris', 'rome'])
  })

  test('addresses, ports, endpoints, marks and further prefixes are as they were', () => {
    expect(node('paris')).toMatchObject({
      underlay: ['10.9.0.1/24', 'fd09::1/64'],
      listenPort: 51820,
      hooks: { postUp: ['iptables -A FORWARD -i %i -j ACCEPT'] },
      endpoints: [{ endpoint: '203.0.113.1:51820' }],
    })
    expect(node('rome')).toMatchObject({
      underlay: ['10.9.0.2/24', 'fd09::2/64'],
      listenPort: 51821,
      fwmark: 32,
      keepalive: 15,
      allowedIps: ['192.168.5.0/24'],
      endpoints: [{ endpoint: '[2001:db8::2]:51821' }],
    })
  })

  test('a node known from others only keeps its key', () => {
    expect(node('oslo')).toMatchObject({ privateKey: null, publicKey: publicKeyFor('oslo'), endpoints: [] })
    expect([...result.privateKeys.keys()].sort()).toEqual(['paris', 'rome'])
  })

  test('whom a file does not name, its node does not peer with', () => {
    expect(mesh.detours.get(node('rome')?.id as number)?.has(node('oslo')?.id as number)).toBe(true)
  })

  test('what is new or left out is in the report', () => {
    expect(result.report).toMatch(/paris: the comment "the one in Paris"/)
    expect(result.report).not.toMatch(/comment "(oslo|Name = rome)"/)
    expect(result.report).toMatch(/DNS = "9\.9\.9\.9"/)
    expect(result.report).toMatch(/make no VXLAN device/)
    // paris has it in AllowedIPs, of which wg-quick made a route; oslo's file is not known.
    expect(result.report).not.toMatch(/route 192\.168\.5\.0\/24/)
  })
})

describe('files of several nodes in one folder, which are called after those', () => {
  /** What becomes of a hook of rome's, beside paris, whose interface is the mesh's. */
  const become = (hook: string): readonly string[] | undefined => {
    const [paris, rome] = handmade as [(typeof handmade)[0], (typeof handmade)[0]]
    const hooked = ({ file, text }: typeof rome, more: string) => ({
      file,
      text: text.replace('[Interface]', `[Interface]\nPostUp = ${more}`),
    })
    const mesh = meshFrom(
      imported({ wgQuick: [hooked(paris, 'ip link set paris txqueuelen 500'), hooked(rome, hook)] }),
    )
    return mesh.nodes.find(({ name }) => name === 'rome')?.hooks.postUp
  }

  test.each([
    ['echo 0 > /proc/sys/net/ipv4/conf/rome/send_redirects', 'conf/%i/send_redirects'],
    ['sysctl -w net.ipv4.conf.rome.arp_notify=1', 'conf.%i.arp_notify'],
    ['echo 2 > /sys/class/net/rome/queues/rx-0/rps_cpus', '/net/%i/queues'],
    ['ip link set rome txqueuelen 500', 'set %i txqueuelen'],
    ['ip link set dev rome txqueuelen 500', 'dev %i txqueuelen'],
    ['tc qdisc add dev rome root fq', 'dev %i root'],
    ['nft add rule inet mine in iifname "rome" accept', 'iifname "%i" accept'],
    ['iptables -A INPUT --in-interface=rome -j ACCEPT', '--in-interface=%i '],
    ['resolvectl domain rome ~example.org', 'domain %i '],
    ['wg set rome fwmark 0', 'wg set %i fwmark'],
    ['ethtool -K rome gro off', '-K %i gro'],
  ])('tell their interface by a hook that names it: %s', (hook, now) => {
    expect(become(hook)?.join()).toContain(now)
  })

  test.each([
    'nft -f /etc/nftables.d/rome.nft',
    '. /etc/wireguard/rome.env',
    'ip rule add from 10.93.0.2 table rome',
  ])('and what else is called so keeps its name: %s', kept => {
    expect(become(`ip link set rome txqueuelen 500; ${kept}`)).toEqual([
      `ip link set %i txqueuelen 500; ${kept}`,
    ])
  })

  test("and a table of nft's is called the same in each command", () => {
    const hook = 'nft add table rome; nft add chain rome own; nft add rule rome own iifname rome accept'
    expect(become(hook)).toEqual([hook.replaceAll('rome', '%i')])
  })

  test('and by no other word: a name stands for the node', () => {
    expect(become('logger rome is up')).toEqual(['logger rome is up'])
  })
})

describe('a route that the mesh makes, too, and a hook adds', () => {
  const [paris, rome] = handmade as [(typeof handmade)[0], (typeof handmade)[0]]
  const hooksOf = (hook: string) => {
    const text = paris.text.replace('[Interface]', `[Interface]\nTable = off\nPostUp = ${hook}`)
    const result = imported({ wgQuick: [{ file: 'etc/wireguard/wg0.conf', text }, rome] })
    const node = meshFrom(result).nodes.find(({ endpoints }) =>
      endpoints[0]?.endpoint.includes('203.0.113.1'),
    )
    return { hooks: node?.hooks.postUp.join('\n'), report: result.report }
  }

  test.each([
    'ip route add 192.168.5.0/24 dev %i || exit 1',
    'ip -4 route add table main 192.168.5.0/24 dev %i',
    'ip -family inet route add 192.168.5.0/24 dev wg0',
    'ip route add 192.168.5/24 dev %i',
    'sudo ip route add to 192.168.5.0/24 dev %i',
    '/sbin/ip r a unicast 192.168.5.0/24 dev wg0',
  ])('is not added twice: %s', hook => {
    expect(hooksOf(hook).hooks).not.toContain('192.168.5')
  })

  test.each([
    'if true; then ip route add 192.168.5.0/24 dev %i; fi',
    '(ip route add 192.168.5.0/24 dev %i)',
    'bash -c "ip route add 192.168.5.0/24 dev wg0"',
    'for n in 192.168.5.0/24; do ip -4 route add $n dev %i; done',
    'ip route add 192.168.5.0/24 dev %i src 192.168.10.1 mtu 1300',
    'ip route add 192.168.5.0/24 via 10.0.0.1 dev eth0',
  ])('is taken over where the hook stays, which would end wg-quick else: %s', hook => {
    const { hooks, report } = hooksOf(hook)
    expect(hooks).toContain('route replace')
    expect(hooks).not.toContain('route add')
    expect(report).toMatch(/route replace .* now: the tunnel may have that route itself/)
  })

  test('is another one in another table, and so is another network by another device', () => {
    for (const hook of [
      'ip route add 192.168.5.0/24 dev %i table 51',
      'ip route add 192.168.99.0/24 via 10.0.0.1 dev eth0',
    ])
      expect(hooksOf(hook).hooks).toContain(hook)
  })
})

describe("a hub's file alone", () => {
  const hub = (endpoint: string) => ({
    file: 'wg0.conf',
    text: [
      `# ENDPOINT ${endpoint}`,
      '[Interface]',
      `PrivateKey = ${privateTextFor('hub')}`,
      'Address = 10.9.0.1/24',
      'ListenPort = 51820',
      '[Peer]',
      '# phone',
      `PublicKey = ${publicKeyFor('phone')}`,
      `PresharedKey = ${privateTextFor('shared')}`,
      'AllowedIPs = 10.9.0.7/32',
    ].join('\n'),
  })

  test('keeps its peers: those with an address alone are clients that it carries', () => {
    const result = imported({ wgQuick: [hub('203.0.113.1')] })
    const mesh = meshFrom(result)
    expect(mesh.nodes).toMatchObject([
      { name: 'node1', clients: [{ name: 'phone', addresses: ['10.9.0.7/32'] }] },
    ])
    const conf = filesFrom(mesh).get('node1')?.get('etc/wireguard/wg0.conf') as string
    expect(readWgQuick(conf).peers).toEqual([
      {
        publicKey: publicKeyFor('phone'),
        allowedIps: ['10.9.0.7/32'],
        endpoint: null,
        keepalive: null,
        presharedKey: privateTextFor('shared'),
      },
    ])
  })

  test('generates nothing without an endpoint, so that no client is cut off', () => {
    const result = imported({ wgQuick: [hub('')] })
    expect(result.report).toMatch(/node1: no file says where it is dialled: write endpoint/)
    expect(() => meshFrom(result)).toThrow(/client-via/)
  })
})

describe("vwgen's own files for the nodes", () => {
  test.each(cases)('of $name give the mesh that the master file gives', one => {
    const master = meshFrom(imported({ vwgen: one.master }))
    const files = [...one.showconf].map(([node, text]) => ({ file: `${node}/ciabmesh.conf`, text }))
    const own = meshFrom(imported({ wgQuick: files }))
    expect(own.name).toBe(master.name)
    expect([own.vni, own.vxlanPort, own.mtu]).toEqual([master.vni, master.vxlanPort, master.mtu])
    for (const node of master.nodes) {
      const twin = own.nodes.find(({ name }) => name === node.name)
      const facts = ({ publicKey, endpoints, listenPort, underlay, mac, hooks }: typeof node) => ({
        publicKey,
        endpoints: endpoints.map(({ endpoint }) => endpoint),
        listenPort,
        underlay,
        mac,
        hooks,
      })
      expect(twin && facts(twin)).toEqual(facts(node))
      const addresses = (overlay: readonly string[]) => overlay.map(text => text.split('/')[0]).sort()
      expect(addresses(twin?.overlay ?? [])).toEqual(addresses(node.overlay))
    }
    const pairs = (detours: typeof own.detours) =>
      [...detours].map(([a, others]) => [a, [...others.keys()].sort()])
    expect(pairs(own.detours)).toEqual(pairs(master.detours))
  })

  test.each(cases)('of $name and the master file go together', one => {
    const files = [...one.showconf].map(([node, text]) => ({ file: `${node}.conf`, text }))
    const both = imported({ vwgen: one.master, wgQuick: files })
    const pins = (text: string) =>
      text
        .split('\n')
        .filter(line => !line.startsWith(';') && line !== '')
        .sort()
    expect(pins(both.text)).toEqual(pins(imported({ vwgen: one.master }).text))
  })

  test('a file that says something else than the master file is a conflict', () => {
    const one = cases.find(({ name }) => name === 'guide-3-nodes') as (typeof cases)[number]
    const text = (one.showconf.get('node2') as string).replace('ListenPort = 50000', 'ListenPort = 50009')
    const result = importMesh({ vwgen: one.master, wgQuick: [{ file: 'node2.conf', text }] })
    expect(result.ok || result.diagnostics.map(({ code }) => code)).toEqual(['import-conflict'])
  })

  test("a node's file with another key than the master file has is a conflict, and no second node", () => {
    const one = cases.find(({ name }) => name === 'guide-3-nodes') as (typeof cases)[number]
    const text = (one.showconf.get('node2') as string).replace(
      /^PrivateKey = .*$/m,
      `PrivateKey = ${Buffer.alloc(32, 64).toString('base64')}`,
    )
    const result = importMesh({ vwgen: one.master, wgQuick: [{ file: 'node2.conf', text }] })
    expect(result.ok || result.diagnostics).toMatchObject([
      { code: 'import-conflict', message: '"node2" has another key in node2.conf than in the master file' },
    ])
  })
})

describe("ciab-gen's own files", () => {
  /** What wg-quick's files say of the mesh whole: not where another tool has the tunnel, or there is no VXLAN device. */
  const whole = fixtures.filter(
    ({ name }) => !['by-hand', 'incus', 'layer-3', 'netplan', 'networkd'].includes(name),
  )
  test.each(whole)('of $name give back their tunnels', fixture => {
    const mesh = meshOf(fixture)
    const trees = new Map(
      treesOf(mesh)
        .filter(tree => mesh.nodes.some(({ name }) => name === tree.node))
        .map(tree => [tree.node, tree]),
    )
    const path = `etc/wireguard/${mesh.name}.conf`
    const before = filesFrom(mesh)
    const files = [...trees.keys()].map(node => ({
      file: `out/${node}/${path}`,
      text: before.get(node)?.get(path) as string,
    }))
    const again = imported({ wgQuick: files })
    for (const [node] of trees) {
      expect(again.text).toContain(`[node ${node}]`)
      const { interface: own } = readWgQuick(before.get(node)?.get(path) as string)
      const key = own.get('PrivateKey')?.[0]
      if (key) expect(again.privateKeys.get(node)?.reveal()).toBe(key)
    }
    for (const { mac, underlay } of mesh.nodes) {
      expect(again.text).toContain(mac)
      for (const address of underlay) expect(again.text).toContain(address.split('/')[0])
    }
    expect(again.text).not.toMatch(/^(pre|post)-(up|down).*(ip link|bridge -batch|guard\.sh)/m)
  })
})

describe('what cannot be right', () => {
  const conf = (node: string, more: readonly string[]) =>
    file(node, ['[Interface]', `PrivateKey = ${privateTextFor(node)}`, 'Address = 10.9.0.1/24', ...more])
  const codesOf = (...files: readonly { readonly file: string; readonly text: string }[]) => {
    const result = importMesh({ wgQuick: files })
    return result.ok ? [] : result.diagnostics.map(({ code }) => code)
  }

  test('one key in two files', () => {
    expect(codesOf(conf('a', []), { ...conf('a', []), file: 'b.conf' })).toEqual(['duplicate-key-pair'])
  })

  test('preshared keys that differ', () => {
    const peer = (name: string, key: string) => [
      '[Peer]',
      `PublicKey = ${publicKeyFor(name)}`,
      `PresharedKey = ${privateTextFor(key)}`,
      'AllowedIPs = 10.9.0.2/32',
    ]
    expect(codesOf(conf('a', peer('b', 'x')), conf('b', peer('a', 'y')))).toEqual(['import-conflict'])
    expect(codesOf(conf('a', peer('b', 'x')), conf('b', peer('a', 'x')))).toEqual([])
  })

  test('preshared keys of a pair are kept, in both files and nowhere else', () => {
    const peer = (name: string, more: readonly string[]) => [
      '[Peer]',
      `PublicKey = ${publicKeyFor(name)}`,
      `AllowedIPs = 10.9.0.${name.charCodeAt(0)}/32`,
      `Endpoint = 203.0.113.${name.charCodeAt(0)}:51820`,
      ...more,
    ]
    const shared = `PresharedKey = ${privateTextFor('x')}`
    const at = (name: string, ...peers: readonly (readonly string[])[]) =>
      file(name, [
        '[Interface]',
        `PrivateKey = ${privateTextFor(name)}`,
        `Address = 10.9.0.${name.charCodeAt(0)}/24`,
        'ListenPort = 51820',
        ...peers.flat(),
      ])
    const result = imported({
      wgQuick: [
        at('a', peer('b', [shared]), peer('c', [])),
        at('b', peer('a', [shared]), peer('c', [])),
        at('c', peer('a', []), peer('b', [])),
      ],
    })
    expect(result.presharedKeys.size).toBe(1)
    expect(result.text + result.report).not.toContain(privateTextFor('x'))
    const files = filesFrom(meshFrom(result))
    const secrets = [...files].map(([node, tree]) => {
      const wg = readWgQuick(tree.get('etc/wireguard/ciabmesh.conf') as string)
      return [node, wg.peers.map(({ presharedKey }) => presharedKey)]
    })
    expect(secrets).toEqual([
      ['a', [privateTextFor('x'), null]],
      ['b', [privateTextFor('x'), null]],
      ['c', [null, null]],
    ])
  })

  test('a line that wg-quick does not know, and no file at all for it', () => {
    expect(codesOf(conf('a', ['Adress = 10.9.0.1']))).toEqual(['import-syntax'])
    expect(codesOf(file('a', ['[Network]', 'VxlanID = 3']))).toEqual(['import-kind'])
    expect(codesOf(file('a', ['']))).toEqual(['import-kind'])
  })

  test('a file without a key that nobody knows', () => {
    expect(codesOf(file('a', ['[Interface]', 'Address = 10.9.0.1/24']))).toEqual(['import-unmatched'])
  })
})
