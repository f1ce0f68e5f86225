import { describe, expect, test } from 'vitest'
import { verify } from '../../src/verify/index.js'
import { foldersOf } from './folders.js'

const nft = 'node2/etc/ciab/ciabmesh.nft'
const bridge = 'node2/etc/ciab/lxd/ciabbr0.yaml'

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
  {
    what: 'a packet filter that lets nothing out of the mesh to containers',
    mesh: 'example',
    file: nft,
    from: /\t\tiifname \$inside oifname "ciabbr0" ip daddr \$local4 return;[^\n]*\n/,
    to: '',
    said: "10.77.1.50 (node1's ciabbr0) does not reach 10.77.2.51",
    line: '\t\tiifname $inside drop',
  },
  {
    what: 'a rule that drops all, before the others',
    mesh: 'example',
    file: nft,
    from: /(chain way \{\n)/,
    to: '$1\t\tiifname $inside drop\n',
    said: "node2's packet filter drops 10.77.1.50 to 10.77.2.51 (forward)",
    line: '\t\tiifname $inside drop',
  },
  {
    what: 'a rule before the one that lets pass',
    mesh: 'example',
    file: nft,
    from: /(\t\tiifname "vciabmesh" goto speakers\n)/,
    to: '\t\tiifname "vciabmesh" drop\n$1',
    said: "node2's packet filter drops 10.77.1.50 to 10.77.2.51 (prerouting)",
    line: '\t\tiifname "vciabmesh" drop',
  },
  {
    what: 'a node that may not speak for its containers',
    mesh: 'example',
    file: nft,
    from: 'ip saddr { 10.78.0.1/32, 10.77.1.0/24 } return',
    to: 'ip saddr { 10.78.0.1/32, 10.77.9.0/24 } return',
    said: "node2's packet filter drops 10.77.1.50",
    line: '\t\tdrop',
  },
  {
    what: 'VXLAN that is taken from nobody',
    mesh: 'example',
    file: nft,
    from: /\t\tiifname "ciabmesh" udp dport 4789 @th,96,24 7281461 goto vteps\n/,
    to: '',
    said: "node2's packet filter drops 10.79.0.1 to 10.79.0.2 (input)",
    line: '\t\tudp dport 4789 @th,96,24 7281461 drop',
  },
  {
    what: "a VTEP with another node's MAC address",
    mesh: 'example',
    file: nft,
    from: 'chain vtep-node1 { @th,176,48 0x025f50000001',
    to: 'chain vtep-node1 { @th,176,48 0x025f50000009',
    said: "node2's packet filter drops 10.79.0.1 to 10.79.0.2 (input)",
    line: '\tchain vtep-node1',
  },
  {
    what: 'a chain that keeps no source, and a bridge that hides it',
    mesh: 'example',
    file: nft,
    from: /ip saddr \$local4 ip daddr \$mesh4 snat ip to ip saddr;/,
    to: 'ip saddr $local4 ip daddr $mesh4 masquerade;',
    said: 'node2 hides 10.77.2.51 behind its own address',
    line: '\tchain keep ',
  },
  {
    what: 'neighbors that are not heard when they ask for an address of IPv6',
    mesh: 'example',
    file: nft,
    from: /\t\tiifname \$inside ip daddr \{ 255\.255\.255\.255\/32, [^\n]*\n/,
    to: '',
    said: "node2's packet filter drops fd6c:1ab:7a3e:fffe::1 to ff02::1:ff00:2 (input)",
    line: '\t\tiifname $inside drop',
  },
  {
    what: 'what comes in from the internet',
    mesh: 'example',
    file: nft,
    from: /\t\toifname "ciabbr0" ip daddr \$local4 drop;[^\n]*\n/,
    to: '',
    said: "198.51.100.234 (the internet, by node2) reaches 10.77.2.51 (node2's ciabbr0), and should not",
    line: '',
  },
  {
    what: 'VXLAN from the internet',
    mesh: 'example',
    file: nft,
    from: /\t\tudp dport 4789 @th,96,24 7281461 drop\n/,
    to: '',
    said: 'node2 takes VXLAN with VNI 7281461 from the internet',
    line: '',
  },
  {
    what: 'BGP from the internet',
    mesh: 'example',
    file: nft,
    from: 'tcp dport 179 drop; ',
    to: '',
    said: 'node2 takes BGP (TCP port 179) from the internet',
    line: '',
  },
  {
    what: "a segment's VXLAN from outside",
    mesh: 'tenants',
    file: 'node1/etc/ciab/ciabmesh.nft',
    from: /\t\tudp dport 4789 @th,96,24 \{[^}]*\} drop\n/,
    to: '',
    said: 'node1 takes VXLAN with VNI 6211703 from the internet',
    line: '',
  },
  {
    what: 'an address of the mesh from outside',
    mesh: 'example',
    file: nft,
    from: /\t\tip saddr \$mesh4 drop; /,
    to: '\t\t',
    said: "node2 takes packets from 10.78.0.1, which is node1's, from the internet",
    line: '',
  },
  {
    what: 'a relay that forwards nothing',
    mesh: 'relay',
    file: 'node1/etc/ciab/ciabmesh.nft',
    from: /\t\tiifname \$inside oifname \$inside ip saddr \$relayed4[^\n]*\n/,
    to: '',
    said: "node1's packet filter drops 10.79.0.2 to 10.79.0.11 (forward)",
    line: '\t\tiifname $inside oifname $inside drop',
  },
  {
    what: 'an MTU of a bridge that is too large',
    mesh: 'example',
    file: bridge,
    from: 'bridge.mtu: "1370"',
    to: 'bridge.mtu: "1371"',
    said: 'node2 has an MTU of 1371 on ciabbr0, and 1370 on vciabmesh',
    line: '  bridge.mtu: "1371"',
  },
  {
    what: 'a bridge with an address of another network',
    mesh: 'example',
    file: bridge,
    from: 'ipv4.address: "10.77.2.1/24"',
    to: 'ipv4.address: "10.77.4.1/24"',
    said: 'node2 has 10.77.4.1/24 on ciabbr0, and announces no 10.77.4.0/24',
    line: '  ipv4.address: "10.77.4.1/24"',
  },
  {
    what: 'a bridge with another address in preseed.yaml',
    mesh: 'example',
    file: 'node2/etc/ciab/lxd/preseed.yaml',
    from: 'ipv4.address: "10.77.2.1/24"',
    to: 'ipv4.address: "10.77.2.2/24"',
    said: 'node2 has 10.77.2.2/24 on ciabbr0 here, and 10.77.2.1/24',
    line: '      ipv4.address: "10.77.2.2/24"',
  },
  {
    what: 'a tenant with another VNI in FRR',
    mesh: 'tenants',
    file: 'node2/etc/frr/frr.conf',
    from: ' vni 4001',
    to: ' vni 4009',
    said: 'node2 speaks of tenant blue with VNI 4009, and carries it with 4001',
    line: ' vni 4009',
  },
  {
    what: 'a tenant with another VNI in the kernel',
    mesh: 'tenants',
    file: 'node2/etc/ciab/networks.conf',
    from: 'tenant blue 4001',
    to: 'tenant blue 4009',
    said: 'node2 has VNI 4009 for tenant blue, and others 4001',
    line: 'tenant blue 4009',
  },
  {
    what: 'a segment with another VNI',
    mesh: 'tenants',
    file: 'node3/etc/ciab/networks.conf',
    from: 'segment dmz 6211703',
    to: 'segment dmz 6211704',
    said: 'VNI 6211704 for segment dmz',
    line: 'segment dmz 6211704',
  },
  {
    what: 'a wrong route target',
    mesh: 'tenants',
    file: 'node2/etc/frr/frr.conf',
    from: /(router bgp 64512 vrf vrf-blue[\s\S]*? {2}advertise ipv4 unicast\n)/,
    to: '$1  route-target export 64512:4002\n',
    said: 'node1 has no route to 10.91.2.51 for tenant blue',
    line: 'router bgp 64512 vrf vrf-blue',
    at: 'node1/etc/frr/frr.conf',
  },
  {
    what: 'a route target that the other end does not admit',
    mesh: 'tenants',
    file: 'node1/etc/frr/frr.conf',
    from: 'rt-node2 seq 5 permit ^((RT:64512:(4001|4002',
    to: 'rt-node2 seq 5 permit ^((RT:64512:(4008|4002',
    said: 'node1 has no route to 10.91.2.51 for tenant blue',
    line: 'router bgp 64512 vrf vrf-blue',
  },
  {
    what: 'a tenant that tells nobody of its networks',
    mesh: 'tenants',
    file: 'node2/etc/frr/frr.conf',
    from: /(router bgp 64512 vrf vrf-blue[\s\S]*?) {2}advertise ipv4 unicast\n/,
    to: '$1',
    said: 'node1 has no route to 10.91.2.51 for tenant blue',
    line: 'router bgp 64512 vrf vrf-blue',
    at: 'node1/etc/frr/frr.conf',
  },
  {
    what: 'no VNIs told at all',
    mesh: 'tenants',
    file: 'node2/etc/frr/frr.conf',
    from: '  advertise-all-vni\n',
    to: '',
    said: 'node1 has no route to 10.91.2.51 for tenant blue',
    line: 'router bgp 64512 vrf vrf-blue',
    at: 'node1/etc/frr/frr.conf',
  },
  {
    what: 'VXLAN of a segment that is taken from nobody',
    mesh: 'tenants',
    file: 'node1/etc/ciab/ciabmesh.nft',
    from: /\t\tiifname "ciabmesh" ip saddr \$members_of_6211703_4[^\n]*\n/,
    to: '',
    said: "node1's packet filter drops 10.79.0.3 to 10.79.0.1 (input)",
    line: '\t\tudp dport 4789 @th,96,24 {',
  },
  {
    what: 'a tenant that may not pass to its bridge',
    mesh: 'tenants',
    file: 'node2/etc/ciab/ciabmesh.nft',
    from: 'iifname "vrf-blue" oifname { "ct-blue", "br-lan", "l3-blue" } return',
    to: 'iifname "vrf-blue" oifname { "br-lan", "l3-blue" } return',
    said: "node2's packet filter drops 10.93.0.50 to 10.91.2.51 (forward)",
    line: '\t\tiifname { "vrf-blue", "vrf-green", "vrf-red" } drop',
  },
]

describe('damage to what packets meet is found at its file and line', () => {
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
