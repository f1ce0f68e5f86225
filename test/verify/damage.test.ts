import { describe, expect, test } from 'vitest'
import { textOf } from '../../src/index.js'
import { failuresIn, type NodeFolder, type Pair, verify } from '../../src/verify/index.js'
import { fixtures, meshOf, treesOf } from '../support/meshes.js'

const foldersOf = (name: string): NodeFolder[] => {
  const fixture = fixtures.find(one => one.name === name)
  if (!fixture) throw new Error(`no fixture ${name}`)
  return treesOf(meshOf(fixture)).map(({ node, files }) => ({
    name: node,
    files: files.map(({ path, content }) => ({ file: `${node}/${path}`, text: textOf(content) })),
  }))
}

const quick = 'node2/etc/wireguard/ciabmesh.conf'
const frr = 'node2/etc/frr/frr.conf'
const fdb = 'node2/etc/ciab/ciabmesh.fdb'
const nft = 'node2/etc/ciab/ciabmesh.nft'
const netdev = 'node1/etc/systemd/network/10-ciabmesh.netdev'
const vnetdev = 'node1/etc/systemd/network/11-vciabmesh.netdev'
const vnetwork = 'node1/etc/systemd/network/11-vciabmesh.network'
const netplan = 'node1/etc/netplan/60-ciabmesh.yaml'
const dropIn = 'node1/etc/systemd/network/10-netplan-vciabmesh.network.d/50-ciabmesh.conf'
const foreign = 'egA9+SiTSGhQar7Vr7wqXFf4NAo5Tm1BegaBT+Lj6Dh='

/** What is done to a file, and the line that is named: its file where it is another, and the text that it begins with. */
interface Damage {
  readonly what: string
  readonly mesh: string
  readonly file: string
  readonly from: string | RegExp
  readonly to: string
  readonly said: string
  readonly line: string
  readonly at?: string
}

const damages: readonly Damage[] = [
  // wg-quick
  {
    what: 'a wrong key',
    mesh: 'example',
    file: quick,
    from: /moL[^\n]+/,
    to: foreign,
    said: 'node2 has another key for node1',
    line: `PublicKey = ${foreign}`,
  },
  {
    what: 'a peer on one side',
    mesh: 'example',
    file: quick,
    from: /\[Peer\]\n# node1[^[]*/,
    to: '',
    said: 'node1 has the peer node2, which has none for node1',
    line: '[Peer]',
    at: 'node1/etc/wireguard/ciabmesh.conf',
  },
  {
    what: 'a missing allowed IP',
    mesh: 'example',
    file: quick,
    from: '10.79.0.1/32, ',
    to: '',
    said: 'node2 does not allow 10.79.0.1 for node1',
    line: 'AllowedIPs = fd6c',
  },
  {
    what: 'a missing allowed IP of IPv6',
    mesh: 'example',
    file: quick,
    from: ', fd6c:1ab:7a3e:ffff::1/128',
    to: '',
    said: 'node2 does not allow fd6c:1ab:7a3e:ffff::1 for node1',
    line: 'AllowedIPs = 10.79.0.1/32',
  },
  {
    what: 'allowed IPs of two peers',
    mesh: 'example',
    file: quick,
    from: 'AllowedIPs = 10.79.0.3/32',
    to: 'AllowedIPs = 10.79.0.3/32, 10.79.0.1/32',
    said: 'node2 gives 10.79.0.1/32 to node1 and to node3',
    line: 'AllowedIPs = 10.79.0.3/32, 10',
  },
  {
    what: 'another tunnel address',
    mesh: 'example',
    file: quick,
    from: 'Address = 10.79.0.2/16',
    to: 'Address = 10.79.0.9/16',
    said: 'node2 sends VXLAN from 10.79.0.2, which its tunnel does not have',
    line: 'PostUp = ip link add',
  },
  {
    what: 'an address of another node',
    mesh: 'example',
    file: quick,
    from: 'PostUp = ip address add 10.78.0.2/16',
    to: 'PostUp = ip address add 10.78.0.1/16',
    said: 'node2 has 10.78.0.1, as node1 has',
    line: 'PostUp = ip address add 10.78.0.1/16',
  },
  {
    what: 'no endpoint on either side',
    mesh: 'example',
    file: 'node3/etc/wireguard/ciabmesh.conf',
    from: /Endpoint = 198.51.100.2[^\n]*/,
    to: '',
    said: 'neither node2 nor node3 has an endpoint',
    line: '[Peer]',
    at: quick,
  },
  {
    what: 'a port where nobody listens',
    mesh: 'example',
    file: quick,
    from: '203.0.113.1:51820',
    to: '203.0.113.1:51821',
    said: 'node2 dials node1 at port 51821',
    line: 'Endpoint = 203.0.113.1:51821',
  },
  {
    what: 'another VNI',
    mesh: 'example',
    file: quick,
    from: 'id 7281461',
    to: 'id 7281462',
    said: 'VXLAN VNI 7281462',
    line: 'PostUp = ip link add',
  },
  {
    what: 'another VXLAN port',
    mesh: 'example',
    file: quick,
    from: 'dstport 4789',
    to: 'dstport 8472',
    said: 'VXLAN port 8472',
    line: 'PostUp = ip link add',
  },
  {
    what: 'an MTU one too large',
    mesh: 'example',
    file: quick,
    from: 'mtu 1370',
    to: 'mtu 1371',
    said: 'an MTU of 1371',
    line: 'PostUp = ip link add',
  },
  {
    what: 'a MAC address of another',
    mesh: 'example',
    file: quick,
    from: '02:5f:50:00:00:02',
    to: '02:5f:50:00:00:01',
    said: 'node2 has 02:5f:50:00:00:01, as node1 has',
    line: 'PostUp = ip link add',
  },
  // Forwarding entries
  {
    what: 'no flood entry',
    mesh: 'example',
    file: fdb,
    from: /fdb append .* dst 10.79.0.1 .*\n/,
    to: '',
    said: 'node2 sends no broadcast to node1',
    line: 'fdb replace 02:5f:50:00:00:01',
  },
  {
    what: 'no entry for a MAC address',
    mesh: 'example',
    file: fdb,
    from: /fdb replace .* dst 10.79.0.1 .*\n/,
    to: '',
    said: 'no forwarding entry for the MAC address of node1',
    line: 'fdb append',
  },
  {
    what: 'no entry for a node',
    mesh: 'example',
    file: fdb,
    from: /fdb .* dst 10.79.0.1 .*\n.* dst 10.79.0.1 .*\n/,
    to: '',
    said: 'node2 has no forwarding entry for node1',
    line: 'fdb append',
  },
  {
    what: 'an entry for another MAC address',
    mesh: 'example',
    file: fdb,
    from: '02:5f:50:00:00:01',
    to: '02:5f:50:00:00:07',
    said: 'node2 sends frames for 02:5f:50:00:00:07 to node1',
    line: 'fdb replace 02:5f:50:00:00:07',
  },
  {
    what: 'an entry to another node',
    mesh: 'example',
    file: fdb,
    from: /(02:5f:50:00:00:01 dev vciabmesh dst 10.79.0.)1/,
    to: '$13',
    said: 'node2 sends frames for node1 to 10.79.0.3',
    line: 'fdb replace 02:5f:50:00:00:01',
  },
  {
    what: 'a flood entry to nobody',
    mesh: 'example',
    file: fdb,
    from: 'dst 10.79.0.1',
    to: 'dst 10.79.0.77',
    said: 'broadcasts to 10.79.0.77',
    line: 'fdb append',
  },
  // FRR
  {
    what: 'a list off by one',
    mesh: 'example',
    file: frr,
    from: 'from-node1 seq 5 permit 10.77.1.0/24',
    to: 'from-node1 seq 5 permit 10.77.0.0/24',
    said: 'node2 does not admit 10.77.1.0/24 from node1',
    line: 'ip prefix-list from-node1',
  },
  {
    what: 'a list of IPv6 off by one',
    mesh: 'example',
    file: frr,
    from: 'from-node1 seq 5 permit fd6c:1ab:7a3e:1::/64',
    to: 'from-node1 seq 5 permit fd6c:1ab:7a3e:1::/63',
    said: 'node2 does not admit fd6c:1ab:7a3e:1::/64 from node1',
    line: 'ipv6 prefix-list from-node1',
  },
  {
    what: 'a list that denies',
    mesh: 'example',
    file: frr,
    from: 'own seq 5 permit 10.77.2.0/24',
    to: 'own seq 5 deny 10.77.2.0/24',
    said: 'node2 does not tell node1 of 10.77.2.0/24',
    line: 'ip prefix-list own',
  },
  {
    what: 'a list that admits more',
    mesh: 'example',
    file: frr,
    from: 'ip prefix-list own seq',
    to: 'ip prefix-list from-node1 seq 10 permit 10.9.0.0/16\nip prefix-list own seq',
    said: 'node2 admits 10.9.0.0/16 from node1',
    line: 'ip prefix-list from-node1 seq 10',
  },
  {
    what: 'a network that is not announced',
    mesh: 'example',
    file: frr,
    from: '  network 10.77.2.0/24\n',
    to: '',
    said: 'node2 may tell others of 10.77.2.0/24, which it does not announce',
    line: 'ip prefix-list own',
  },
  {
    what: 'a network of another',
    mesh: 'example',
    file: frr,
    from: '  network 10.77.2.0/24\n',
    to: '  network 10.77.1.0/24\n',
    said: 'node2 announces 10.77.1.0/24, which meets 10.77.1.0/24 of node1',
    line: '  network 10.77.1.0/24',
  },
  {
    what: 'another AS',
    mesh: 'example',
    file: frr,
    from: 'remote-as 64512',
    to: 'remote-as 64513',
    said: 'node2 takes node1 for AS 64513',
    line: ' neighbor CIAB remote-as',
  },
  {
    what: 'another AS of its own',
    mesh: 'example',
    file: frr,
    from: 'router bgp 64512',
    to: 'router bgp 64514',
    said: 'node1 takes node2 for AS 64512, and it is 64514',
    line: ' neighbor CIAB remote-as',
    at: 'node1/etc/frr/frr.conf',
  },
  {
    what: 'another source',
    mesh: 'example',
    file: frr,
    from: 'update-source 10.78.0.2',
    to: 'update-source 10.78.0.9',
    said: 'node2 speaks to node1 from 10.78.0.9',
    line: ' neighbor CIAB update-source',
  },
  {
    what: 'no neighbor',
    mesh: 'example',
    file: frr,
    from: / neighbor 10.78.0.1 peer-group.*\n.*\n/,
    to: '',
    said: 'node1 has the neighbor node2, which has no such neighbor',
    line: ' neighbor 10.78.0.2',
    at: 'node1/etc/frr/frr.conf',
  },
  {
    what: 'no activate',
    mesh: 'example',
    file: frr,
    from: '  neighbor CIAB activate\n',
    to: '',
    said: 'node2 does not activate node1 for ipv4 unicast',
    line: '  network 10.77.2.0/24',
  },
  {
    what: 'a session shut down',
    mesh: 'example',
    file: frr,
    from: ' neighbor CIAB bfd\n',
    to: ' neighbor CIAB bfd\n neighbor 10.78.0.1 shutdown\n',
    said: 'node2 keeps its session with node1 shut',
    line: ' neighbor 10.78.0.1 shutdown',
  },
  {
    what: 'all sessions shut down',
    mesh: 'example',
    file: frr,
    from: ' bgp log-neighbor-changes\n',
    to: ' bgp log-neighbor-changes\n bgp shutdown\n',
    said: 'node2 keeps its session with node1 shut',
    line: ' bgp shutdown',
  },
  {
    what: 'the router-id of another',
    mesh: 'example',
    file: frr,
    from: 'bgp router-id 10.79.0.2',
    to: 'bgp router-id 10.79.0.1',
    said: "as node2 has, and neither takes the other's session",
    line: ' bgp router-id 10.79.0.1',
    at: 'node1/etc/frr/frr.conf',
  },
  {
    what: 'another kind of AS',
    mesh: 'example',
    file: frr,
    from: 'remote-as 64512',
    to: 'remote-as external',
    said: 'node2 takes node1 for AS external',
    line: ' neighbor CIAB remote-as',
  },
  {
    what: 'a prefix-list that is not there',
    mesh: 'example',
    file: frr,
    from: /^ip prefix-list from-node1 [^\n]*\n/m,
    to: '',
    said: 'node2 does not admit 10.77.1.0/24 from node1: there is no ip prefix-list from-node1',
    line: '  neighbor 10.78.0.1 prefix-list from-node1 in',
  },
  {
    what: 'a list for all that is not there',
    mesh: 'example',
    file: frr,
    from: /^ipv6 prefix-list own [^\n]*\n/m,
    to: '',
    said: 'node2 does not tell node1 of fd6c:1ab:7a3e:2::/64: there is no ipv6 prefix-list own',
    line: '  neighbor CIAB prefix-list own out',
  },
  {
    what: 'a route-map that is not there',
    mesh: 'example',
    file: frr,
    from: 'route-map global-next-hop in',
    to: 'route-map global-next-hops in',
    said: 'node2 does not admit fd6c:1ab:7a3e:1::/64 from node1: there is no route-map global-next-hops',
    line: '  neighbor CIAB route-map global-next-hops in',
  },
  {
    what: 'a route-map that denies',
    mesh: 'example',
    file: frr,
    from: 'route-map own-next-hop permit',
    to: 'route-map own-next-hop deny',
    said: 'node2 does not tell node1 of fd6c:1ab:7a3e:2::/64',
    line: 'route-map own-next-hop deny',
  },
  {
    what: "a reflector's list for a client",
    mesh: 'reflectors',
    file: 'node1/etc/frr/frr.conf',
    from: 'from-node3 seq 5 permit 10.77.3.0/24',
    to: 'from-node3 seq 5 permit 10.77.30.0/24',
    said: 'node1 does not admit 10.77.3.0/24 from node3',
    line: 'route-map from-clients permit 3',
  },
  {
    what: "a client's list for reflectors",
    mesh: 'reflectors',
    file: 'node4/etc/frr/frr.conf',
    from: 'mesh seq 10 permit 10.77.0.0/16 ge 24 le 24',
    to: 'mesh seq 10 permit 10.77.0.0/16 ge 25 le 25',
    said: 'node4 does not admit 10.77.1.0/24 from node1',
    line: 'ip prefix-list mesh seq 65535',
  },
  // networkd
  {
    what: 'networkd: a wrong key',
    mesh: 'networkd',
    file: netdev,
    from: /PublicKey=jxr[^\n]+/,
    to: `PublicKey=${foreign}`,
    said: 'node1 has another key for node2',
    line: `PublicKey=${foreign}`,
  },
  {
    what: 'networkd: a missing allowed IP',
    mesh: 'networkd',
    file: netdev,
    from: '10.79.0.2/32,',
    to: '',
    said: 'node1 does not allow 10.79.0.2 for node2',
    line: 'AllowedIPs=fd6c',
  },
  {
    what: 'networkd: another VNI',
    mesh: 'networkd',
    file: vnetdev,
    from: 'VNI=7281461',
    to: 'VNI=7281460',
    said: 'VXLAN VNI 7281460',
    line: 'VNI=7281460',
  },
  {
    what: 'networkd: an entry to another node',
    mesh: 'networkd',
    file: vnetwork,
    from: /(:02\nDestination=10.79.0.)2/,
    to: '$13',
    said: 'node1 sends frames for node2 to 10.79.0.3',
    line: 'Destination=10.79.0.3',
  },
  {
    what: 'networkd: an MTU too large',
    mesh: 'networkd',
    file: vnetdev,
    from: 'MTUBytes=1370',
    to: 'MTUBytes=1400',
    said: 'an MTU of 1400',
    line: 'MTUBytes=1400',
  },
  // netplan
  {
    what: 'netplan: a wrong key',
    mesh: 'netplan',
    file: netplan,
    from: /"jxr[^"]+"/,
    to: `"${foreign}"`,
    said: 'node1 has another key for node2',
    line: `            public: "${foreign}"`,
  },
  {
    what: 'netplan: a missing allowed IP',
    mesh: 'netplan',
    file: netplan,
    from: '"10.79.0.2/32", ',
    to: '',
    said: 'node1 does not allow 10.79.0.2 for node2',
    line: '          allowed-ips: ["fd6c',
  },
  {
    what: 'netplan: another VXLAN port',
    mesh: 'netplan',
    file: netplan,
    from: 'port: 4789',
    to: 'port: 4790',
    said: 'VXLAN port 4790',
    line: '      port: 4790',
  },
  {
    what: 'netplan: an entry to another node',
    mesh: 'netplan',
    file: dropIn,
    from: /(:02\nDestination=10.79.0.)2/,
    to: '$13',
    said: 'node1 sends frames for node2 to 10.79.0.3',
    line: 'Destination=10.79.0.3',
  },
]

describe('damage is found at its file and line', () => {
  test.each(damages)('$what', ({ mesh, file, from, to, said, line, at = file }) => {
    const folders = foldersOf(mesh)
    const before = folders.flatMap(({ files }) => files).find(one => one.file === file)
    expect(before?.text.replace(from, to)).not.toBe(before?.text)
    const damaged = folders.map(({ name, files }) => ({
      name,
      files: files.map(one => (one.file === file ? { file, text: one.text.replace(from, to) } : one)),
    }))
    const texts = new Map(damaged.flatMap(({ files }) => files.map(one => [one.file, one.text])))
    const found = verify(damaged).findings.map(({ span, message }) => {
      const text = texts.get(span?.file ?? '')?.split('\n')[(span?.line ?? 0) - 1]
      return `${span?.file}: ${text?.slice(0, line.length)}: ${message}`
    })
    expect(found).toContainEqual(expect.stringContaining(said))
    expect(found.filter(one => one.startsWith(`${at}: ${line}: `) && one.includes(said))).not.toEqual([])
  })
})

test('what has no route is lost for that, and not for the filter at the way out', () => {
  const damaged = foldersOf('example').map(({ name, files }) => ({
    name,
    files: files.map(one =>
      one.file === frr ? { file: frr, text: one.text.replace('remote-as 64512', 'remote-as 64513') } : one,
    ),
  }))
  const flows = verify(damaged).findings.filter(({ code }) => code === 'verify-flow')
  expect(flows.map(({ message }) => message).join('\n')).toContain('node1 has no route to 10.77.2.')
  expect(flows.map(({ message }) => message).join('\n')).not.toContain('packet filter drops')
})

describe('the same in other words', () => {
  test.each([
    ['a list without numbers', frr, /^(ip prefix-list own) seq 5/m, '$1'],
    ['the AS of all', frr, 'remote-as 64512', 'remote-as internal'],
    ['a MAC address in capitals', nft, '02:5f:50:00:00:01 : goto', '02:5F:50:00:00:01 : goto'],
  ])('is no damage: %s', (_, file, from, to) => {
    const folders = foldersOf('example')
    const changed = folders.map(({ name, files }) => ({
      name,
      files: files.map(one => (one.file === file ? { file, text: one.text.replace(from, to) } : one)),
    }))
    expect(changed).not.toEqual(folders)
    expect(verify(changed).findings).toEqual([])
  })
})

describe('failures', () => {
  const lostWithout = (folders: readonly NodeFolder[], nodes: readonly string[]): readonly Pair[] =>
    failuresIn(folders, [{ name: nodes.join(), nodes }]).flatMap(({ lost }) => lost)

  test('a full mesh loses nothing but what is gone', () => {
    expect(lostWithout(foldersOf('example'), ['node1'])).toEqual([])
  })

  test('without the relay those that meet through it are apart', () => {
    const folders = foldersOf('relay')
    const lost = folders.flatMap(({ name }) =>
      lostWithout(folders, [name]).map(({ from, to }) => `${from} ${to}`),
    )
    expect(lost).toContain('home1 home2')
  })

  test('without both reflectors their clients are apart, without one they are not', () => {
    const folders = foldersOf('reflectors')
    expect(lostWithout(folders, ['node1'])).toEqual([])
    expect(lostWithout(folders, ['node1', 'node2']).map(({ from }) => from)).toContain('node3')
  })
})
