import type { Mesh, MeshNode } from '../../model/mesh.js'
import { type AddressFamily, familyOf, type Prefix } from '../../net/index.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'

/**
 * A neighbor that announces more than `maximum-prefix` allows is cut off, in all families, until an operator clears
 * it: a limit below what mesh.ini itself makes neighbors announce leaves nodes without a route.
 */
export const checkLimit = (
  nodes: readonly MeshNode[],
  { segments }: Pick<Mesh, 'segments'>,
  reflectors: ReadonlySet<number>,
  settings: Settings,
  report: Report,
): void => {
  const most = settings.bgp.maximumPrefix
  if (most === null) return
  const routed = nodes.filter(({ targets }) => targets.routing !== 'none')
  const families = (['ipv4', 'ipv6'] as const).filter(family => settings.carrier[family])
  for (const family of families) {
    const announced = routed.map(node => ({
      id: node.id,
      prefixes: [...announcedBy(node), ...sharedOn(node, segments)].filter(
        prefix => familyOf(prefix) === family,
      ),
    }))
    const own = ownIn(announced)
    const needed = Math.max(own, reflectedIn(announced, reflectors))
    if (needed <= most) continue
    report.error(
      'value-conflict',
      `${needed > own ? 'a reflector' : 'a node'} announces ${needed} ${names[family]} networks of this mesh, and more than ${most} end its sessions`,
      settings.spanOf('maximum-prefix'),
      `write maximum-prefix = ${2 * needed}, or delete the line: the filters let in only the mesh's own networks`,
    )
    return
  }
}

interface Announced {
  readonly id: number
  readonly prefixes: readonly Prefix[]
}

const names: Readonly<Record<AddressFamily, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' }

const announcedBy = ({ networks, clients, lans }: MeshNode): Prefix[] => [
  ...networks.flatMap(({ prefixes }) => prefixes),
  ...clients.flatMap(({ addresses }) => addresses),
  ...lans.flatMap(({ prefixes }) => prefixes),
]

/** Those of segments in the hosts' own routing table; a tenant's are another family's. */
const sharedOn = ({ id }: MeshNode, segments: Mesh['segments']): Prefix[] =>
  segments.flatMap(({ tenant, members, prefixes }) =>
    tenant === null && members.includes(id) ? prefixes : [],
  )

/** The most that a node has to say of itself; where it is alone, there is nobody to hear it. */
const ownIn = (announced: readonly Announced[]): number =>
  announced.length < 2 ? 0 : announced.reduce((most, { prefixes }) => Math.max(most, prefixes.length), 0)

/** The most that a node hears from a reflector that it is not itself: all that the others have. */
const reflectedIn = (announced: readonly Announced[], reflectors: ReadonlySet<number>): number => {
  const announcers = new Map<Prefix, number>()
  for (const { prefixes } of announced)
    for (const prefix of prefixes) announcers.set(prefix, (announcers.get(prefix) ?? 0) + 1)
  const listeners = announced.filter(({ id }) => reflectors.size > (reflectors.has(id) ? 1 : 0))
  return listeners.reduce((most, { prefixes }) => {
    const alone = prefixes.filter(prefix => announcers.get(prefix) === 1).length
    return Math.max(most, announcers.size - alone)
  }, 0)
}
