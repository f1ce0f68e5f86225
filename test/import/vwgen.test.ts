import { describe, expect, test } from 'vitest'
import type { Finding, Topic } from '../../src/import/index.js'
import { readFdb } from '../oracles/fdb.js'
import { readRoutes, readVxlan } from '../oracles/hooks.js'
import { readShowconf, type Showconf } from '../oracles/showconf.js'
import { readWgQuick } from '../oracles/wg-quick.js'
import { type Case, cases, filesFrom, imported, meshFrom } from './cases.js'

/**
 * Where ciab-gen's files differ from vwgen's on purpose, each with the topic of the damage report that says
 * so. All else that `vwgen showconf` printed must stand in the generated files too.
 */
const deliberate = {
  'MTU of the tunnel and of the segment, where the segment did not fit': 'mtu',
  'length of the tunnel address: /32 and a route for each peer instead of 169.254.0.0/16': 'metadata-route',
  'ttl, local, learning and known MACs of the VXLAN device': 'vxlan',
  'VXLAN, BGP and BFD from inside only': 'firewall',
  'keepalive on the side that cannot be dialled': 'keepalive',
  'FwMark with 0x': 'fwmark',
  'no SaveConfig': 'save-config',
  'no tunnel between two nodes that cannot dial each other, or are excluded: a third relays': 'relay',
  'a VTEP that the peers did not accept': 'allowed-ips',
  'routes to further allowed IPs': 'route',
  'routes to addresses outside the pool': 'overlay-route',
} satisfies Record<string, Topic>

const hosts = (addresses: readonly string[]): string[] =>
  addresses.map(address => address.split('/')[0] as string)
const sorted = (texts: readonly string[]): string[] => [...texts].sort()
const says = (findings: readonly Finding[], topic: Topic, node: string | null): boolean =>
  findings.some(finding => finding.topic === topic && (finding.node === null || finding.node === node))

describe.each(cases)('$name', (one: Case) => {
  const result = imported({ vwgen: one.master })
  const mesh = meshFrom(result)
  const files = filesFrom(mesh)
  const shows = new Map([...one.showconf].map(([node, text]) => [node, readShowconf(text)]))
  const { findings } = result

  test('has every node, and no other', () => {
    expect(sorted(mesh.nodes.map(({ name }) => name))).toEqual(sorted([...shows.keys()]))
    expect([...shows.values()].map(({ network }) => network)).toContain(mesh.name)
  })

  test('the report shows no key', () => {
    for (const { privateKey } of shows.values()) {
      expect(result.report).not.toContain(privateKey)
      expect(result.text).not.toContain(privateKey)
    }
  })

  describe.each([...shows])('%s', (node, show: Showconf) => {
    const own = files.get(node) as Map<string, string>
    const wg = readWgQuick(own.get(`etc/wireguard/${mesh.name}.conf`) as string)
    const fdb = readFdb(own.get(`etc/ciab/${mesh.name}.fdb`) as string)
    const vxlan = readVxlan(wg)
    const value = (key: string): string | undefined => wg.interface.get(key)?.[0]
    const relayed = show.peers.filter(peer => !wg.peers.some(({ publicKey }) => publicKey === peer.publicKey))
    const others = [...shows.values()].filter(other => other !== show)

    test('has its key, its port and its tunnel addresses', () => {
      expect(value('PrivateKey')).toBe(show.privateKey)
      expect(Number(value('ListenPort'))).toBe(show.listenPort)
      const addresses = (value('Address') as string).split(', ')
      expect(hosts(addresses)).toEqual(hosts(show.addresses))
      if (addresses.join() !== show.addresses.join()) {
        expect(
          says(
            findings,
            deliberate[
              'length of the tunnel address: /32 and a route for each peer instead of 169.254.0.0/16'
            ],
            node,
          ),
        ).toBe(true)
        const reached = others.flatMap(other => hosts(other.addresses)).map(host => `${host}/32`)
        expect(readRoutes(wg)).toEqual(expect.arrayContaining(reached))
      }
    })

    test('has its MTU, its mark and no SaveConfig', () => {
      if (Number(value('MTU')) !== show.mtu) {
        expect([value('MTU'), vxlan?.mtu]).toEqual(['1420', 1370])
        expect(says(findings, 'mtu', null)).toBe(true)
      } else expect(vxlan?.mtu).toBe(show.vxlan.mtu)
      expect(value('FwMark') ?? null).toBe(show.fwmark === null ? null : `0x${show.fwmark}`)
      if (show.fwmark !== null) expect(says(findings, 'fwmark', node)).toBe(true)
      expect(value('SaveConfig')).toBeUndefined()
      if (show.saveConfig) expect(says(findings, 'save-config', node)).toBe(true)
    })

    test('has its VXLAN device: VNI, port, MAC and addresses', () => {
      expect(vxlan).toMatchObject({
        name: `v${mesh.name}`,
        vni: show.vxlan.vni,
        port: show.vxlan.port,
        mac: show.vxlan.mac,
        local: hosts(show.addresses)[0],
        learning: false,
      })
      expect(sorted(vxlan?.addresses ?? [])).toEqual(sorted(show.vxlan.addresses))
      expect(show.vxlan.ttl).toBe('1')
      expect(says(findings, 'vxlan', node)).toBe(true)
      expect(says(findings, 'firewall', node)).toBe(true)
    })

    test('floods to the same VTEPs', () => {
      const flooded = fdb
        .filter(({ mac }) => mac === '00:00:00:00:00:00')
        .map(({ destination }) => destination)
      const excluded = show.blacklisted.flatMap(name => hosts(shows.get(name)?.addresses ?? []))
      expect(sorted(flooded)).toEqual(sorted([...show.vxlan.flooded, ...excluded]))
      if (excluded.length > 0) expect(says(findings, 'relay', node)).toBe(true)
    })

    test("knows every other node's MAC", () => {
      for (const other of others)
        expect(fdb).toContainEqual(
          expect.objectContaining({ mac: other.vxlan.mac, destination: hosts(other.addresses)[0] }),
        )
    })

    test('has its hooks, in their order', () => {
      for (const key of ['PreUp', 'PostUp', 'PreDown', 'PostDown'] as const) {
        const emitted = wg.interface.get(key) ?? []
        expect(emitted.filter(command => show.hooks[key].includes(command))).toEqual(show.hooks[key])
      }
    })

    test('has the same peers, by key, endpoint and allowed IPs', () => {
      for (const peer of show.peers) {
        if (relayed.includes(peer)) {
          expect(peer.endpoint).toBeNull()
          expect(says(findings, 'relay', node)).toBe(true)
          continue
        }
        const found = wg.peers.find(({ publicKey }) => publicKey === peer.publicKey)
        expect(found?.endpoint).toBe(peer.endpoint)
        expect(found?.allowedIps).toEqual(expect.arrayContaining([...peer.allowedIps]))
        const added = (found?.allowedIps ?? []).filter(prefix => !peer.allowedIps.includes(prefix))
        for (const prefix of added) {
          const host = prefix.split('/')[0] as string
          const owner = others.find(other => hosts(other.addresses).includes(host))
          // The peer's own VTEP, which it lacked, or that of a node that it relays for.
          expect(
            says(findings, owner?.node === peer.name ? 'allowed-ips' : 'relay', owner?.node ?? null),
          ).toBe(true)
        }
        const foreign = peer.allowedIps.filter(
          prefix => !hosts(shows.get(peer.name)?.addresses ?? []).includes(prefix.split('/')[0] as string),
        )
        expect(readRoutes(wg)).toEqual(expect.arrayContaining(foreign))
        if (foreign.length > 0) expect(says(findings, 'route', peer.name)).toBe(true)
      }
      const listed = wg.peers.map(({ publicKey }) => publicKey)
      expect(show.peers.map(({ publicKey }) => publicKey)).toEqual(expect.arrayContaining(listed))
    })

    test('does not peer with those on the blacklist, and says so', () => {
      for (const name of show.blacklisted) {
        const key = [...shows.values()]
          .flatMap(({ peers }) => peers)
          .find(peer => peer.name === name)?.publicKey
        expect(wg.peers.map(({ publicKey }) => publicKey)).not.toContain(key)
      }
    })

    test('sends keepalives where it cannot be dialled, and else as before', () => {
      const behindNat = others.every(other => !other.peers.find(({ name }) => name === node)?.endpoint)
      for (const peer of wg.peers) {
        const was = show.peers.find(({ publicKey }) => publicKey === peer.publicKey)?.keepalive || null
        expect(peer.keepalive).toBe(behindNat ? 25 : was)
      }
      if (behindNat) expect(says(findings, 'keepalive', node)).toBe(true)
    })
  })

  test('addresses outside the pool are routed by the others, and reported', () => {
    for (const { node, vxlan } of shows.values())
      for (const address of vxlan.addresses.filter(
        text => text.startsWith('192.168.7.') || text.startsWith('fd00:7:'),
      )) {
        const host = address.split('/')[0] as string
        expect(says(findings, 'overlay-route', node)).toBe(true)
        for (const [other, tree] of files)
          if (other !== node)
            expect(tree.get(`etc/wireguard/${mesh.name}.conf`)).toMatch(
              `PostUp = ip route add ${host}/${host.includes(':') ? 128 : 32} dev v${mesh.name} proto static`,
            )
      }
  })
})

test('every deliberate difference shows in one of the cases', () => {
  const topics = new Set(
    cases.flatMap(one => imported({ vwgen: one.master }).findings.map(({ topic }) => topic)),
  )
  for (const topic of Object.values(deliberate)) expect([...topics]).toContain(topic)
})
