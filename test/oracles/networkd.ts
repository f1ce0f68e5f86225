import type { FdbEntry } from './fdb.js'
import type { WgPeer, WgQuickFile } from './wg-quick.js'

/** A reader of networkd's files that knows systemd.netdev(5), systemd.network(5) and nothing of ciab-gen. */
interface Section {
  readonly name: string
  readonly keys: ReadonlyMap<string, readonly string[]>
}

/** Section → the keys it may have here, and which of them may stand several times. */
const known: Readonly<Record<string, readonly string[]>> = {
  NetDev: ['Name', 'Kind', 'MTUBytes', 'MACAddress'],
  WireGuard: ['PrivateKeyFile', 'ListenPort', 'FirewallMark'],
  WireGuardPeer: ['PublicKey', 'PresharedKeyFile', 'AllowedIPs', 'Endpoint', 'PersistentKeepalive'],
  VXLAN: ['VNI', 'Local', 'DestinationPort', 'TTL', 'MacLearning'],
  Match: ['Name'],
  Link: ['RequiredForOnline'],
  Network: [
    ...['Address', 'LinkLocalAddressing', 'IPv6AcceptRA', 'IPv6DuplicateAddressDetection', 'VXLAN'],
    'KeepConfiguration',
  ],
  Route: ['Destination', 'Scope'],
  BridgeFDB: ['MACAddress', 'Destination', 'OutgoingInterface'],
}

const sectionsOf = (text: string): Section[] => {
  const sections: { readonly name: string; readonly keys: Map<string, string[]> }[] = []
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const name = /^\[(\w+)\]$/.exec(line)?.[1]
    if (name) {
      sections.push({ name, keys: new Map() })
      continue
    }
    const [, key = '', value = ''] = /^(\w+)=(\S.*)$/.exec(line) ?? []
    const section = sections.at(-1)
    if (!section || !known[section.name]?.includes(key)) throw new Error(`networkd does not know: ${line}`)
    const values = section.keys.get(key) ?? []
    if (values.length > 0 && key !== 'Address') throw new Error(`${key} stands twice`)
    section.keys.set(key, [...values, value])
  }
  return sections
}

type Read = (path: string) => string | undefined

const folder = 'etc/systemd/network'

const all = (sections: readonly Section[], name: string): Section[] =>
  sections.filter(section => section.name === name)

const value = (section: Section | undefined, key: string): string | null =>
  section?.keys.get(key)?.[0] ?? null

const devicesIn = (read: Read, base: string): { netdev: Section[]; network: Section[] } | null => {
  const [netdev, network] = ['netdev', 'network'].map(kind => read(`${folder}/${base}.${kind}`))
  if (netdev === undefined || network === undefined) return null
  const sections = { netdev: sectionsOf(netdev), network: sectionsOf(network) }
  const [device] = all(sections.netdev, 'NetDev')
  if (value(device, 'Name') !== value(all(sections.network, 'Match')[0], 'Name'))
    throw new Error(`${base}.network is not about what ${base}.netdev makes`)
  return sections
}

/**
 * What a wg-quick file would have to say for the same two interfaces, hooks included; so whoever reads one reads
 * the other. Keys come from the files that the .netdev names.
 */
export const readNetworkd = (read: Read, mesh: string): WgQuickFile => {
  const tunnel = devicesIn(read, `10-${mesh}`)
  if (!tunnel) throw new Error('no tunnel')
  const { netdev, network } = tunnel
  const [device] = all(netdev, 'NetDev')
  const [wireguard] = all(netdev, 'WireGuard')
  if (value(device, 'Kind') !== 'wireguard' || value(device, 'Name') !== mesh) throw new Error('no WireGuard')
  const keyIn = (path: string | null): string | null =>
    path === null ? null : (read(path.replace(/^\//, ''))?.replace(/\n$/, '') ?? null)
  const entry = (key: string, text: string | null): [string, string[]][] =>
    text === null ? [] : [[key, [text]]]
  return {
    interface: new Map([
      ...entry('PrivateKey', keyIn(value(wireguard, 'PrivateKeyFile'))),
      ...entry('ListenPort', value(wireguard, 'ListenPort')),
      ...entry('FwMark', value(wireguard, 'FirewallMark')),
      ...entry('Address', addressesIn(network).join(', ')),
      ...entry('MTU', value(device, 'MTUBytes')),
      ['Table', ['off']],
      ['PostUp', [...routesIn(network, '%i'), ...overlayHooks(read, network, mesh)]],
    ]),
    peers: all(netdev, 'WireGuardPeer').map((section): WgPeer => {
      const keepalive = value(section, 'PersistentKeepalive')
      return {
        publicKey: value(section, 'PublicKey') ?? '',
        allowedIps: (value(section, 'AllowedIPs') ?? '').split(','),
        endpoint: value(section, 'Endpoint'),
        keepalive: keepalive === null ? null : Number(keepalive),
        presharedKey: keyIn(value(section, 'PresharedKeyFile')),
      }
    }),
  }
}

const addressesIn = (network: readonly Section[]): readonly string[] =>
  all(network, 'Network')[0]?.keys.get('Address') ?? []

const routesIn = (network: readonly Section[], device: string): string[] =>
  all(network, 'Route').map(
    section => `ip route add ${value(section, 'Destination')} dev ${device} proto static`,
  )

/** A device on top is made when the .network of the one below names it. */
const overlayHooks = (read: Read, below: readonly Section[], mesh: string): string[] => {
  const name = value(all(below, 'Network')[0], 'VXLAN')
  if (name === null) return []
  const overlay = devicesIn(read, `11-${name}`)
  const [device] = all(overlay?.netdev ?? [], 'NetDev')
  const [vxlan] = all(overlay?.netdev ?? [], 'VXLAN')
  if (!overlay || value(device, 'Kind') !== 'vxlan' || value(device, 'Name') !== name)
    throw new Error(`${mesh} carries no ${name}`)
  return [
    [
      ...[
        'ip',
        'link',
        'add',
        name,
        'mtu',
        value(device, 'MTUBytes'),
        'address',
        value(device, 'MACAddress'),
      ],
      ...['type', 'vxlan', 'id', value(vxlan, 'VNI'), 'local', value(vxlan, 'Local'), 'dev', '%i'],
      ...['dstport', value(vxlan, 'DestinationPort'), 'ttl', value(vxlan, 'TTL')],
      ...(value(vxlan, 'MacLearning') === 'no' ? ['nolearning'] : []),
    ].join(' '),
    ...addressesIn(overlay.network).map(address => `ip address add ${address} dev ${name}`),
    ...routesIn(overlay.network, name),
  ]
}

/** The forwarding entries; networkd adds the flood list's, and replaces the others. */
export const readForwarding = (read: Read, mesh: string): FdbEntry[] => {
  const overlay = devicesIn(read, `11-v${mesh}`)
  return all(overlay?.network ?? [], 'BridgeFDB').map(section => {
    const mac = value(section, 'MACAddress') ?? ''
    return {
      verb: mac === '00:00:00:00:00:00' ? 'append' : 'replace',
      mac,
      device: `v${mesh}`,
      destination: value(section, 'Destination') ?? '',
      via: value(section, 'OutgoingInterface') ?? '',
    }
  })
}
