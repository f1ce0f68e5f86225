import type { Container } from './container.js'
import type { Host } from './host.js'
import { neighborsOf } from './lacking.js'
import { sessions } from './probes.js'

/** A segment of a lab's mesh. */
export interface Segment {
  readonly name: string
  readonly vni: number
  readonly subnet: string | null
  /** Names of nodes. */
  readonly members: readonly string[]
}

/** Its lines in mesh.ini. */
export const linesOf = ({ name, vni, subnet, members }: Segment): string =>
  [
    `\n[segment ${name}]`,
    `vni = ${vni}`,
    ...(subnet === null ? [] : [`subnet = ${subnet}`]),
    `nodes = ${members.join(', ')}\n`,
  ].join('\n')

export const bridgeOf = ({ name }: Segment): string => `br-${name}`

export const membersOf = ({ members }: Segment, hosts: readonly Host[]): Host[] =>
  hosts.filter(({ name }) => members.includes(name))

/** The containers of a segment. */
export const containersOn = (segment: Segment, hosts: readonly Host[]): Container[] =>
  hosts.flatMap(host => host.containers.filter(({ bridge }) => bridge.name === bridgeOf(segment)))

/** EVPN sessions that are not established, or missing, by node. */
export const lackingEvpn = (segments: readonly Segment[], hosts: readonly Host[]): string[] => {
  const takingPart = hosts.filter(
    host => host.reflector || segments.some(segment => segment.members.includes(host.name)),
  )
  return takingPart.flatMap(host => {
    const found = sessions(host).filter(({ family }) => family === 'evpn')
    const up = found.filter(({ state }) => state === 'Established').length
    const wanted = neighborsOf(host, takingPart).length
    return up === wanted && found.length === wanted
      ? []
      : [`${host.name}: of ${found.length} EVPN sessions ${up} are established; ${wanted} should be`]
  })
}

/** Members that do not send what nobody knows the place of to exactly the other members. */
export const lackingFlooding = (segment: Segment, hosts: readonly Host[]): string[] => {
  const members = membersOf(segment, hosts)
  const addresses = new Map(members.map(host => [host, tunnelAddress(host)]))
  return members.flatMap(host => {
    const wanted = [...addresses].flatMap(([other, address]) => (other === host ? [] : address)).sort()
    const found = floodedTo(host, segment)
    return found.join() === wanted.join()
      ? []
      : [`${host.name} floods ${segment.name} to ${found}, not ${wanted}`]
  })
}

/** What a member knows to be behind other members: "MAC VTEP", all zeros for what nobody knows the place of. */
export const forwarded = (host: Host, { name }: Segment): string[] => {
  const { stdout } = host.machine.run(['bridge', '-json', 'fdb', 'show', 'dev', `vx-${name}`])
  return (JSON.parse(stdout || '[]') as { mac: string; dst?: string }[]).flatMap(({ mac, dst }) =>
    dst ? [`${mac} ${dst}`] : [],
  )
}

const floodedTo = (host: Host, segment: Segment): string[] =>
  forwarded(host, segment)
    .flatMap(entry => (entry.startsWith('00:00:00:00:00:00 ') ? [entry.slice(18)] : []))
    .sort()

/** A node's VTEP. */
export const tunnelAddress = (host: Host): string => {
  const [link] = JSON.parse(
    host.machine.must(['ip', '-4', '-json', 'address', 'show', 'dev', 'ciabmesh']),
  ) as [{ addr_info: { local: string }[] }]
  return link.addr_info[0]?.local ?? ''
}
