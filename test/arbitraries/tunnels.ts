import fc from 'fast-check'
import { privateTextFor, publicKeyFor } from '../oracles/keys.js'

/** Files for wg-quick as people have them, one of each node. */
export interface Tunnels {
  readonly files: readonly { readonly file: string; readonly text: string }[]
  /** By node: its interface, and the address that others ping. */
  readonly nodes: readonly { readonly name: string; readonly interface: string; readonly address: string }[]
  /** Pairs that have each other as peers, of which one can be dialled. */
  readonly pairs: readonly (readonly [string, string])[]
}

export interface Surroundings {
  /** Where the node with this number, from 1, can be dialled. */
  readonly publicAddress: (number: number) => string
  /** Whether lines are drawn that only a whole machine takes: a resolver. */
  readonly wholeMachine: boolean
  readonly most: number
}

const names = ['paris', 'rome', 'oslo', 'bern']

/** How a peer is called in its section. */
const markers: readonly ((name: string) => {
  readonly above?: string
  readonly header?: string
  readonly inside?: string
})[] = [
  name => ({ inside: `# ${name}` }),
  name => ({ above: `# ${name}` }),
  name => ({ above: `# Name: ${name}` }),
  name => ({ above: `### Client ${name}` }),
  name => ({ above: `### begin ${name} ###` }),
  name => ({ above: `# BEGIN_PEER ${name}` }),
  name => ({ header: ` # ${name}` }),
  name => ({ inside: `#friendly_name = ${name}` }),
  name => ({ above: `# ${name}\n` }),
]

/** What people put into hooks: each starts and ends alone. */
const hooksOf = (wholeMachine: boolean) => [
  ['PostUp = sysctl -w net.ipv4.ip_forward=1'],
  ['PostUp = echo 1 > /proc/sys/net/ipv4/ip_forward; sysctl -q -w net.ipv6.conf.all.forwarding=1'],
  ['PostUp = ip link set dev %i mtu 1400'],
  ['PostUp = sysctl -q -w net.ipv4.conf.IFACE.rp_filter=2'],
  ['PostUp = echo 0 > /proc/sys/net/ipv4/conf/IFACE/send_redirects'],
  ['PostUp = ip rule add to 172.30.9.0/24 lookup 99', 'PostDown = ip rule del to 172.30.9.0/24 lookup 99'],
  [
    'PostUp = ip route add 172.30.9.0/24 dev IFACE table 99',
    'PreDown = ip route del 172.30.9.0/24 dev IFACE table 99 || true',
  ],
  ['PreUp = true', 'PreDown =', 'PostDown ='],
  ['PostUp = ip route add 10.44.0.0/24 dev %i 2>/dev/null || true'],
  ['PostUp = nft add table inet mine_IFACE', 'PostDown = nft delete table inet mine_IFACE'],
  ['PostUp = if true; then echo up >/dev/null; fi'],
  ['PostUp = iptables -A FORWARD -i IFACE -j ACCEPT; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE'],
  [
    'PostUp = iptables -t mangle -A FORWARD -o %i -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
  ],
  ...(wholeMachine ? [['DNS = 9.9.9.9, 2620:fe::9'], ['SaveConfig = false']] : []),
]

export const tunnels = ({ publicAddress, wholeMachine, most }: Surroundings): fc.Arbitrary<Tunnels> =>
  fc
    .record({
      count: fc.integer({ min: 2, max: most }),
      iface: fc.constantFrom('wg0', 'wg-mesh', 'tun0'),
      folders: fc.boolean(),
      hub: fc.boolean(),
      length: fc.constantFrom('/24', '/16', '/32', '', '/8'),
      ipv6: fc.boolean(),
      ports: fc.boolean(),
      presharedKeys: fc.boolean(),
      keepalive: fc.constantFrom(0, 15, 25),
      mtu: fc.constantFrom(null, 1420, 1380),
      table: fc.constantFrom('none', 'auto', 'off'),
      marker: fc.constantFrom(...markers),
      hooks: fc.array(fc.constantFrom(...hooksOf(wholeMachine)), { maxLength: 3 }),
      lan: fc.boolean(),
      crlf: fc.boolean(),
      mark: fc.boolean(),
      second: fc.boolean(),
      wide: fc.boolean(),
    })
    .map(drawn => {
      const all = names.slice(0, drawn.count)
      const iface = drawn.folders ? drawn.iface : null
      const portOf = (index: number): number => (drawn.ports ? 51820 + index : 51820)
      const isDialled = (index: number): boolean =>
        drawn.hub ? index === 0 : index < Math.max(1, drawn.count - 1)
      const file = (name: string): string => (drawn.folders ? `${name}/${drawn.iface}.conf` : `${name}.conf`)
      // wg-quick calls the interface after the file.
      const interfaceOf = (name: string): string => iface ?? name
      const peersOf = (index: number): number[] =>
        all.flatMap((_, other) =>
          other !== index && (!drawn.hub || index === 0 || other === 0) ? [other] : [],
        )
      const allowedOf = (from: number, to: number): string[] => [
        // A client of a hub has the whole network behind it.
        drawn.hub && from !== 0 && drawn.wide && drawn.table !== 'off'
          ? '10.44.0.0/24'
          : `10.44.0.${to + 1}/32`,
        ...(drawn.ipv6 ? [`fd44::${to + 1}/128`] : []),
        ...(drawn.lan && to === 0 ? ['192.168.144.0/24'] : []),
      ]
      const files = all.map((name, index) => {
        const own = interfaceOf(name)
        const hooks = drawn.hooks.flat().map(line => line.replaceAll('IFACE', own))
        const routes =
          drawn.table === 'off'
            ? peersOf(index).flatMap(to =>
                [`10.44.0.${to + 1}/32`, ...(drawn.lan && to === 0 ? ['192.168.144.0/24'] : [])].map(
                  prefix =>
                    `PostUp = ip route add ${prefix} dev %i${drawn.length === '/32' || drawn.length === '' || prefix.startsWith('192') ? '' : ' metric 50'}`,
                ),
              )
            : []
        const lines = [
          drawn.second ? '# Written by hand' : '',
          '[Interface]',
          `PrivateKey = ${privateTextFor(name)}`,
          drawn.ipv6 && drawn.second
            ? `Address = 10.44.0.${index + 1}${drawn.length} fd44::${index + 1}/64`
            : `Address = 10.44.0.${index + 1}${drawn.length}${drawn.ipv6 ? `, fd44::${index + 1}/64` : ''}`,
          ...(isDialled(index) || drawn.ports ? [`ListenPort = ${portOf(index)}`] : []),
          ...(drawn.mtu === null ? [] : [`MTU = ${drawn.mtu}`]),
          ...(drawn.table === 'none' ? [] : [`Table = ${drawn.table}`]),
          ...(drawn.mark ? ['FwMark = 0xca6c'] : []),
          ...hooks,
          ...routes,
          ...peersOf(index).flatMap(to => {
            const other = all[to] as string
            const { above, header = '', inside } = drawn.marker(other)
            const pair = [name, other].sort().join('-')
            return [
              '',
              ...(above === undefined ? [] : [above]),
              `[Peer]${header}`,
              ...(inside === undefined ? [] : [inside]),
              `PublicKey = ${publicKeyFor(other)}`,
              ...(drawn.presharedKeys ? [`PresharedKey = ${privateTextFor(pair)}`] : []),
              `AllowedIPs = ${allowedOf(index, to).join(', ')}`,
              ...(isDialled(to) ? [`Endpoint = ${publicAddress(to + 1)}:${portOf(to)}`] : []),
              ...(drawn.keepalive === 0 ? [] : [`PersistentKeepalive = ${drawn.keepalive}`]),
            ]
          }),
          '',
        ]
        return { file: file(name), text: lines.join(drawn.crlf ? '\r\n' : '\n') }
      })
      return {
        files,
        nodes: all.map((name, index) => ({
          name,
          interface: interfaceOf(name),
          address: `10.44.0.${index + 1}`,
        })),
        pairs: all.flatMap((name, index) =>
          peersOf(index)
            .filter(to => to > index && (isDialled(index) || isDialled(to)))
            .map(to => [name, all[to] as string] as const),
        ),
      }
    })
