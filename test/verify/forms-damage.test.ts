import { describe, expect, test } from 'vitest'
import { verify } from '../../src/verify/index.js'
import { foldersOf } from './folders.js'

/** Where each form has what, of a node whose tunnel is made in it. */
const forms = {
  networkd: {
    peers: 'etc/systemd/network/10-ciabmesh.netdev',
    addresses: 'etc/systemd/network/10-ciabmesh.network',
    vxlan: 'etc/systemd/network/11-vciabmesh.netdev',
    overlay: 'etc/systemd/network/11-vciabmesh.network',
    entries: 'etc/systemd/network/11-vciabmesh.network',
  },
  netplan: {
    peers: 'etc/netplan/60-ciabmesh.yaml',
    addresses: 'etc/netplan/60-ciabmesh.yaml',
    vxlan: 'etc/netplan/60-ciabmesh.yaml',
    overlay: 'etc/netplan/60-ciabmesh.yaml',
    entries: 'etc/systemd/network/10-netplan-vciabmesh.network.d/50-ciabmesh.conf',
  },
} as const

type Form = keyof typeof forms
type Part = keyof (typeof forms)[Form]

/** What is done to a part, in each form's words, and where it is said. */
interface Damage {
  readonly what: string
  readonly node?: string
  readonly part: Part
  readonly from: Readonly<Record<Form, string | RegExp>>
  readonly to: Readonly<Record<Form, string>>
  readonly said: string
  readonly at?: { readonly node?: string; readonly part: Part }
  /** How the line begins, blanks before it aside. */
  readonly line: Readonly<Record<Form, string>>
}

const both = <Value>(value: Value): Readonly<Record<Form, Value>> => ({ networkd: value, netplan: value })

const foreign = 'egA9+SiTSGhQar7Vr7wqXFf4NAo5Tm1BegaBT+Lj6Dh='

const damages: readonly Damage[] = [
  {
    what: 'a wrong key',
    part: 'peers',
    from: both(/jxr[^\n"]+/),
    to: both(foreign),
    said: 'node1 has another key for node2',
    line: { networkd: `PublicKey=${foreign}`, netplan: `public: "${foreign}"` },
  },
  {
    what: 'a peer on one side',
    part: 'peers',
    from: {
      networkd: /\[WireGuardPeer\]\n# node2\n[^[]*/,
      netplan: / {8}# node2\n[\s\S]*?(?= {8}# node3\n)/,
    },
    to: both(''),
    said: 'node2 has the peer node1, which has none for node2',
    at: { node: 'node2', part: 'peers' },
    line: { networkd: '[WireGuardPeer]', netplan: '- keys:' },
  },
  {
    what: 'a missing allowed IP',
    part: 'peers',
    from: { networkd: '10.79.0.2/32,', netplan: '"10.79.0.2/32", ' },
    to: both(''),
    said: 'node1 does not allow 10.79.0.2 for node2',
    line: { networkd: 'AllowedIPs=fd6c', netplan: 'allowed-ips: ["fd6c' },
  },
  {
    what: 'a missing allowed IP of IPv6',
    part: 'peers',
    from: { networkd: ',fd6c:1ab:7a3e:ffff::2/128', netplan: ', "fd6c:1ab:7a3e:ffff::2/128"' },
    to: both(''),
    said: 'node1 does not allow fd6c:1ab:7a3e:ffff::2 for node2',
    line: { networkd: 'AllowedIPs=10.79.0.2/32', netplan: 'allowed-ips: ["10.79.0.2/32"]' },
  },
  {
    what: 'allowed IPs of two peers',
    part: 'peers',
    from: { networkd: 'AllowedIPs=10.79.0.3/32', netplan: 'allowed-ips: ["10.79.0.3/32"' },
    to: {
      networkd: 'AllowedIPs=10.79.0.3/32,10.79.0.2/32',
      netplan: 'allowed-ips: ["10.79.0.3/32", "10.79.0.2/32"',
    },
    said: 'node1 gives 10.79.0.2/32 to node2 and to node3',
    line: { networkd: 'AllowedIPs=10.79.0.3/32,10', netplan: 'allowed-ips: ["10.79.0.3/32", "10' },
  },
  {
    what: 'another tunnel address',
    part: 'addresses',
    from: both('10.79.0.1/16'),
    to: both('10.79.0.9/16'),
    said: 'node1 sends VXLAN from 10.79.0.1, which its tunnel does not have',
    at: { part: 'vxlan' },
    line: { networkd: 'Local=10.79.0.1', netplan: 'local: "10.79.0.1"' },
  },
  {
    what: 'an address of another node',
    node: 'node2',
    part: 'overlay',
    from: both('10.78.0.2/16'),
    to: both('10.78.0.1/16'),
    said: 'node2 has 10.78.0.1, as node1 has',
    line: { networkd: 'Address=10.78.0.1/16', netplan: 'addresses: ["10.78.0.1/16"' },
  },
  {
    what: 'no endpoint on either side',
    node: 'node3',
    part: 'peers',
    from: {
      networkd: /Endpoint=203\.0\.113\.1:51820\n/,
      netplan: / +endpoint: "203\.0\.113\.1:51820"\n/,
    },
    to: both(''),
    said: 'neither node1 nor node3 has an endpoint for the other',
    at: { node: 'node1', part: 'peers' },
    line: { networkd: '[WireGuardPeer]', netplan: '- keys:' },
  },
  {
    what: 'a port where nobody listens',
    part: 'peers',
    from: both('198.51.100.2:51820'),
    to: both('198.51.100.2:51821'),
    said: 'node1 dials node2 at port 51821',
    line: { networkd: 'Endpoint=198.51.100.2:51821', netplan: 'endpoint: "198.51.100.2:51821"' },
  },
  {
    what: 'another VNI',
    part: 'vxlan',
    from: both('7281461'),
    to: both('7281460'),
    said: 'VXLAN VNI 7281460',
    line: { networkd: 'VNI=7281460', netplan: 'id: 7281460' },
  },
  {
    what: 'another VXLAN port',
    part: 'vxlan',
    from: both('4789'),
    to: both('8472'),
    said: 'VXLAN port 8472',
    line: { networkd: 'DestinationPort=8472', netplan: 'port: 8472' },
  },
  {
    what: 'an MTU one too large',
    part: 'vxlan',
    from: { networkd: 'MTUBytes=1370', netplan: 'mtu: 1370' },
    to: { networkd: 'MTUBytes=1371', netplan: 'mtu: 1371' },
    said: 'an MTU of 1371',
    line: { networkd: 'MTUBytes=1371', netplan: 'mtu: 1371' },
  },
  {
    what: 'a MAC address of another',
    node: 'node2',
    part: 'vxlan',
    from: both('02:5f:50:00:00:02'),
    to: both('02:5f:50:00:00:01'),
    said: 'node2 has 02:5f:50:00:00:01, as node1 has',
    line: { networkd: 'MACAddress=02:5f:50:00:00:01', netplan: 'macaddress: "02:5f:50:00:00:01"' },
  },
  {
    what: 'no flood entry',
    part: 'entries',
    from: both(/MACAddress=00:00:00:00:00:00\nDestination=10.79.0.2\n/),
    to: both(''),
    said: 'node1 sends no broadcast to node2',
    line: both('Destination=10.79.0.2'),
  },
  {
    what: 'no entry for a MAC address',
    part: 'entries',
    from: both(/MACAddress=02:5f:50:00:00:02\nDestination=10.79.0.2\n/),
    to: both(''),
    said: 'node1 has no forwarding entry for the MAC address of node2',
    line: both('Destination=10.79.0.2'),
  },
  {
    what: 'no entry for a node',
    part: 'entries',
    from: both(/(\[BridgeFDB\]\n# node2\n[^[]*){2}/),
    to: both(''),
    said: 'node1 has no forwarding entry for node2',
    line: both('Destination='),
  },
  {
    what: 'an entry for another MAC address',
    part: 'entries',
    from: both('02:5f:50:00:00:02'),
    to: both('02:5f:50:00:00:07'),
    said: 'node1 sends frames for 02:5f:50:00:00:07 to node2',
    line: both('Destination=10.79.0.2'),
  },
  {
    what: 'an entry to another node',
    part: 'entries',
    from: both(/(:02\nDestination=10.79.0.)2/),
    to: both('$13'),
    said: 'node1 sends frames for node2 to 10.79.0.3',
    line: both('Destination=10.79.0.3'),
  },
  {
    what: 'a flood entry to nobody',
    part: 'entries',
    from: both('Destination=10.79.0.2'),
    to: both('Destination=10.79.0.77'),
    said: 'broadcasts to 10.79.0.77',
    line: both('Destination=10.79.0.77'),
  },
]

describe.each(['networkd', 'netplan'] as const)('damage in the form of %s is found at its place', form => {
  test.each(damages)('$what', ({ node = 'node1', part, from, to, said, at, line }) => {
    const file = `${node}/${forms[form][part]}`
    const folders = foldersOf(form)
    const before = folders.flatMap(({ files }) => files).find(one => one.file === file)?.text
    const after = before?.replace(from[form], to[form]) ?? ''
    expect(after).not.toBe(before)
    const damaged = folders.map(({ name, files }) => ({
      name,
      files: files.map(one => (one.file === file ? { file, text: after } : one)),
    }))
    const texts = new Map(damaged.flatMap(({ files }) => files.map(one => [one.file, one.text])))
    const place = at ? `${at.node ?? node}/${forms[form][at.part]}` : file
    const found = verify(damaged).findings.map(({ span, message }) => {
      const text = texts.get(span?.file ?? '')?.split('\n')[(span?.line ?? 0) - 1]
      return { file: span?.file, text: text?.trim(), message }
    })
    expect(found).toContainEqual({
      file: place,
      text: expect.stringContaining(line[form]),
      message: expect.stringContaining(said),
    })
  })
})
