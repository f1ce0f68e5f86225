import { type Host, mesh } from './host.js'

/** Seconds since the epoch of each peer's latest handshake, by public key; 0 for none. */
export const handshakes = (host: Host): Map<string, number> => wgTable(host, 'latest-handshakes')

/** Bytes received from each peer, by public key: starts anew only when the peer is set up anew. */
export const received = (host: Host): Map<string, number> => wgTable(host, 'transfer')

const wgTable = (host: Host, column: string): Map<string, number> => {
  const lines = host.machine.must(['wg', 'show', mesh, column]).split('\n')
  return new Map(
    lines.filter(line => line !== '').map(line => [line.split('\t')[0] ?? '', Number(line.split('\t')[1])]),
  )
}

/** One BGP session in one address family. */
export interface Session {
  readonly neighbor: string
  readonly family: 'ipv4' | 'ipv6' | 'evpn'
  readonly state: string
  /** Seconds since the epoch at which it was established. */
  readonly since: number
}

export const sessions = (host: Host): Session[] => {
  const families = { ipv4Unicast: 'ipv4', ipv6Unicast: 'ipv6', l2VpnEvpn: 'evpn' } as const
  const summary = JSON.parse(vtysh(host, 'show bgp summary json') || '{}') as Record<
    string,
    Summary | undefined
  >
  return Object.entries(families).flatMap(([key, family]) =>
    Object.entries(summary[key]?.peers ?? {}).map(([neighbor, peer]) => ({
      neighbor,
      family,
      state: peer.state,
      since: peer.peerUptimeEstablishedEpoch ?? 0,
    })),
  )
}

interface Summary {
  peers?: Record<string, { state: string; peerUptimeEstablishedEpoch?: number }>
}

/** State of the BFD session with each neighbor. */
export const detections = (host: Host): Map<string, string> => {
  const peers = JSON.parse(vtysh(host, 'show bfd peers json') || '[]') as { peer: string; status: string }[]
  return new Map(peers.map(({ peer, status }) => [peer, status]))
}

export const vtysh = (host: Host, command: string): string =>
  host.machine.run(['vtysh', '-c', command]).stdout

/** Destinations that BGP put into the kernel's routing tables, both families. */
export const routes = (host: Host): string[] =>
  ['-4', '-6'].flatMap(family => {
    const text = host.machine.must(['ip', family, '-json', 'route', 'show', 'proto', 'bgp'])
    return (JSON.parse(text || '[]') as { dst: string }[]).map(route => route.dst)
  })

/** Where a node knows a network from. */
export interface Paths {
  /** The neighbors that it was accepted from. */
  readonly from: readonly string[]
  /** The one of them whose path is in use. */
  readonly best: string | null
  /** Whether one of them restarts, and this is kept meanwhile. */
  readonly stale: boolean
}

/** What BGP has in its tables, by prefix. */
export const paths = (host: Host): Map<string, Paths> =>
  new Map(
    ['ipv4', 'ipv6'].flatMap(family => {
      const { routes } = JSON.parse(vtysh(host, `show bgp ${family} unicast json`) || '{}') as Table
      return Object.entries(routes ?? {}).map(([prefix, all]): [string, Paths] => [
        prefix,
        {
          from: all.map(({ peerId }) => peerId),
          best: all.find(({ bestpath }) => bestpath)?.peerId ?? null,
          stale: all.some(({ stale }) => stale),
        },
      ])
    }),
  )

interface Table {
  readonly routes?: Record<string, { bestpath?: boolean; stale?: boolean; peerId: string }[]>
}

/** Every interface by name. */
export const interfaces = (host: Host): string[] =>
  (JSON.parse(host.machine.must(['ip', '-json', 'link'])) as { ifname: string }[])
    .map(link => link.ifname)
    .sort()

/** Destinations of the VXLAN device's FDB entries. */
export const floodTargets = (host: Host): string[] =>
  (
    JSON.parse(host.machine.must(['bridge', '-json', 'fdb', 'show', 'dev', `v${mesh}`])) as { dst?: string }[]
  ).flatMap(entry => entry.dst ?? [])

/** How many fragments the kernel has made, sent or put together in a namespace. */
export const fragments = (host: Host): number =>
  [host.machine, ...host.containers.map(container => container.namespace)]
    .map(namespace => {
      const text = namespace.must(['cat', '/proc/net/snmp', '/proc/net/snmp6'])
      const [names = [], values = []] = text
        .split('\n')
        .filter(line => line.startsWith('Ip:'))
        .map(line => line.split(' '))
      const ipv4 = Number(values[names.indexOf('FragCreates')])
      const ipv6 = Number(/^Ip6FragCreates\s+(\d+)/m.exec(text)?.[1])
      return ipv4 + ipv6
    })
    .reduce((sum, count) => sum + count, 0)

/** What `frr-reload.py` would change; empty when the running configuration says what the file says. */
export const routingDelta = (host: Host): string => {
  const { status, stdout, stderr } = host.machine.run([
    '/usr/lib/frr/frr-reload.py',
    '--test',
    '--stdout',
    '/etc/frr/frr.conf',
  ])
  const changes = /^(Lines To (Delete|Add)|Failed|.*ERROR).*$[\s\S]*/m.exec(stdout)?.[0] ?? ''
  const lines = changes.split('\n').filter(line => line.trim() !== '' && !/^(Lines To|=+$)/.test(line))
  return [...lines, ...(status === 0 ? [] : [stderr])].join('\n')
}

export const defaultRoutes = (host: Host, family: 'ipv4' | 'ipv6'): unknown[] => {
  const option = family === 'ipv4' ? '-4' : '-6'
  return JSON.parse(
    host.machine.must(['ip', option, '-json', 'route', 'show', 'default']) || '[]',
  ) as unknown[]
}

/** The address that others send VXLAN packets to. */
export const vtep = (host: Host): string => {
  const [link] = JSON.parse(host.machine.must(['ip', '-details', '-json', 'link', 'show', `v${mesh}`])) as [
    { linkinfo: { info_data: { local: string } } },
  ]
  return link.linkinfo.info_data.local
}

/** The address that BGP sessions with it have, in a mesh with VXLAN. */
export const overlayAddress = (host: Host): string => {
  const [link] = JSON.parse(
    host.machine.must(['ip', '-4', '-json', 'address', 'show', 'dev', `v${mesh}`]),
  ) as [{ addr_info: { local: string }[] }]
  return link.addr_info[0]?.local ?? ''
}
