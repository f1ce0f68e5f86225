import { parse } from 'yaml'
import type { FdbEntry } from './fdb.js'
import type { WgPeer, WgQuickFile } from './wg-quick.js'

/** A reader of netplan's file that knows netplan-yaml(5) and nothing of ciab-gen. */
type Mapping = Readonly<Record<string, unknown>>

const common = ['renderer', 'mode', 'mtu', 'addresses', 'link-local', 'accept-ra', 'optional', 'routes']
const wireguardKeys = [...common, 'key', 'port', 'mark', 'peers']
const vxlanKeys = [...common, 'link', 'id', 'local', 'port', 'ttl', 'mac-learning', 'macaddress']

type Read = (path: string) => string | undefined

const pathOf = (mesh: string): string => `etc/netplan/60-${mesh}.yaml`

const only = (mapping: unknown, keys: readonly string[]): Mapping => {
  const found = mapping as Mapping
  for (const key of Object.keys(found))
    if (!keys.includes(key)) throw new Error(`netplan does not know ${key}`)
  return found
}

/** As a reader of YAML 1.1 has it: what is meant as text must be text there. */
const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is not text`)
  return value
}

const integer = (value: unknown): string => {
  if (!Number.isInteger(value)) throw new Error(`${JSON.stringify(value)} is not a number`)
  return `${value}`
}

const list = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not a list`)
  return value
}

/** The two interfaces; no other device, and no setting for the host as a whole. */
const tunnelsIn = (read: Read, mesh: string): { wireguard: Mapping; vxlan: Mapping | null } => {
  const document = only(parse(read(pathOf(mesh)) ?? '', { version: '1.1' }), ['network'])
  const network = only(document.network, ['version', 'tunnels'])
  if (network.version !== 2) throw new Error('not version 2')
  const tunnels = only(network.tunnels, [mesh, `v${mesh}`])
  const wireguard = only(tunnels[mesh], wireguardKeys)
  const vxlan = tunnels[`v${mesh}`] === undefined ? null : only(tunnels[`v${mesh}`], vxlanKeys)
  for (const device of [wireguard, ...(vxlan ? [vxlan] : [])])
    if (device.renderer !== 'networkd' || device.optional !== true) throw new Error("not networkd's alone")
  if (wireguard.mode !== 'wireguard' || (vxlan && vxlan.mode !== 'vxlan')) throw new Error('another mode')
  return { wireguard, vxlan }
}

/** What a wg-quick file would have to say for the same two interfaces, hooks included. */
export const readNetplan = (read: Read, mesh: string): WgQuickFile => {
  const { wireguard, vxlan } = tunnelsIn(read, mesh)
  const keyIn = (path: unknown): string | null =>
    read(text(path).replace(/^\//, ''))?.replace(/\n$/, '') ?? null
  const entry = (key: string, value: string | null): [string, string[]][] =>
    value === null ? [] : [[key, [value]]]
  return {
    interface: new Map([
      ...entry('PrivateKey', keyIn(wireguard.key)),
      ...entry('ListenPort', integer(wireguard.port)),
      ...entry('FwMark', wireguard.mark === undefined ? null : integer(wireguard.mark)),
      ...entry('Address', list(wireguard.addresses).map(text).join(', ')),
      ...entry('MTU', integer(wireguard.mtu)),
      ['Table', ['off']],
      ['PostUp', [...routesIn(wireguard, '%i'), ...(vxlan ? overlayHooks(vxlan, mesh) : [])]],
    ]),
    peers: list(wireguard.peers).map((item): WgPeer => {
      const peer = only(item, ['keys', 'allowed-ips', 'endpoint', 'keepalive'])
      const keys = only(peer.keys, ['public', 'shared'])
      return {
        publicKey: text(keys.public),
        allowedIps: list(peer['allowed-ips']).map(text),
        endpoint: peer.endpoint === undefined ? null : text(peer.endpoint),
        keepalive: peer.keepalive === undefined ? null : Number(integer(peer.keepalive)),
        presharedKey: keys.shared === undefined ? null : keyIn(keys.shared),
      }
    }),
  }
}

const routesIn = (device: Mapping, name: string): string[] =>
  list(device.routes ?? []).map(item => {
    const route = only(item, ['to', 'scope'])
    if (route.scope !== 'link') throw new Error('a route by way of nobody')
    return `ip route add ${text(route.to)} dev ${name} proto static`
  })

const overlayHooks = (vxlan: Mapping, mesh: string): string[] => {
  const name = `v${mesh}`
  return [
    [
      ...['ip', 'link', 'add', name, 'mtu', integer(vxlan.mtu), 'address', text(vxlan.macaddress)],
      ...['type', 'vxlan', 'id', integer(vxlan.id), 'local', text(vxlan.local)],
      ...['dev', text(vxlan.link) === mesh ? '%i' : text(vxlan.link)],
      ...['dstport', integer(vxlan.port), 'ttl', integer(vxlan.ttl)],
      ...(vxlan['mac-learning'] === false ? ['nolearning'] : []),
    ].join(' '),
    ...list(vxlan.addresses).map(address => `ip address add ${text(address)} dev ${name}`),
    ...routesIn(vxlan, name),
  ]
}

/** The forwarding entries of the drop-in for the file that netplan makes; systemd.network(5). */
export const readNetplanForwarding = (read: Read, mesh: string): FdbEntry[] => {
  const name = `v${mesh}`
  const dropIn = read(`etc/systemd/network/10-netplan-${name}.network.d/50-${mesh}.conf`) ?? ''
  const [head = '', ...sections] = dropIn
    .replace(/^#.*\n/gm, '')
    .split('[BridgeFDB]\n')
    .map(section => section.trim())
  if (head !== '[Network]\nKeepConfiguration=static\nIPv6DuplicateAddressDetection=0')
    throw new Error(`another drop-in: ${head}`)
  return sections.map(section => {
    const [, mac = '', destination = '', via = ''] =
      /^MACAddress=(\S+)\nDestination=(\S+)\nOutgoingInterface=(\S+)$/.exec(section) ?? []
    if (via === '') throw new Error(`not an entry: ${section}`)
    return { verb: /^[0:]+$/.test(mac) ? 'append' : 'replace', mac, device: name, destination, via }
  })
}
