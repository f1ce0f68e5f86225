import type { Host } from './host.js'
import { detections, handshakes, routes, sessions } from './probes.js'

/** Pairs of nodes without a handshake. */
export const lackingHandshakes = (hosts: readonly Host[]): string[] =>
  hosts.flatMap(host => {
    const times = [...handshakes(host)]
    const open = times
      .filter(([, time]) => time === 0)
      .map(([key]) => `${host.name}: no handshake with ${key}`)
    return times.length === hosts.length - 1 ? open : [`${host.name} has ${times.length} peers`, ...open]
  })

/** BGP sessions that are not established, or that BFD does not watch over, by node and family. */
export const lackingSessions = (hosts: readonly Host[]): string[] =>
  hosts.flatMap(host => {
    const found = sessions(host).filter(({ family }) => family !== 'evpn')
    const missing = 2 * neighborsOf(host, hosts).length - found.length
    const idle = found.filter(({ state }) => state !== 'Established')
    const watched = detections(host)
    const neighbors = new Set(found.map(({ neighbor }) => neighbor))
    const blind = [...neighbors].filter(neighbor => watched.get(neighbor) !== 'up')
    return [
      ...(missing === 0 ? [] : [`${host.name}: ${missing} BGP sessions missing (if negative, too many)`]),
      ...idle.map(({ neighbor, family, state }) => `${host.name}: ${neighbor} ${family} is ${state}`),
      ...blind.map(neighbor => `${host.name}: BFD of ${neighbor} is ${watched.get(neighbor) ?? 'absent'}`),
    ]
  })

/** With whom a node has sessions: all, or where there are reflectors those, but for a reflector's own. */
export const neighborsOf = (host: Host, hosts: readonly Host[]): Host[] => {
  const reflected = hosts.some(({ reflector }) => reflector)
  return hosts.filter(other => other !== host && (!reflected || host.reflector || other.reflector))
}

/** What the kernel's routing tables have too little or too much of other nodes' container networks. */
export const lackingRoutes = (hosts: readonly Host[]): string[] =>
  hosts.flatMap(host => {
    // A network that is on several nodes is nearest on the node itself.
    const own = prefixesOf(host)
    const others = hosts.filter(other => other !== host).flatMap(prefixesOf)
    const wanted = new Set(others.filter(prefix => !own.includes(prefix)))
    const found = new Set(routes(host))
    return [
      ...[...wanted]
        .filter(prefix => !found.has(prefix))
        .map(prefix => `${host.name}: no route to ${prefix}`),
      ...[...found]
        .filter(prefix => !wanted.has(prefix))
        .map(prefix => `${host.name}: an unexpected route to ${prefix}`),
    ]
  })

/** All of the above: empty when the mesh has converged. */
export const lackingMesh = (hosts: readonly Host[]): string[] => [
  ...lackingHandshakes(hosts),
  ...lackingSessions(hosts),
  ...lackingRoutes(hosts),
]

/** The container networks of a node, both families. */
export const prefixesOf = (host: Host): string[] => [
  ...new Set(host.containers.flatMap(({ bridge }) => [networkOf(bridge.ipv4), networkOf(bridge.ipv6)])),
]

const networkOf = (address: string): string =>
  address.includes(':') ? address.replace(/::1\//, '::/') : address.replace(/\d+\/(\d+)$/, '0/$1')
