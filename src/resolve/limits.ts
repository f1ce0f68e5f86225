import type { Mesh, MeshNode } from '../model/mesh.js'
import { type AddressFamily, familyOf, type Prefix } from '../net/index.js'
import type { Report } from './report.js'
import type { Settings } from './settings.js'

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
  const announced = nodes
    .filter(({ targets }) => targets.routing !== 'none')
    .map(node => [...networksOf(node), ...sharedOn(node, segments)])
  const families = (['ipv4', 'ipv6'] as const).filter(family => settings.carrier[family])
  for (const family of families) {
    const needed = neededIn(family, announced, reflectors.size > 0)
    if (needed <= most) continue
    report.error(
      'value-conflict',
      `${reflectors.size > 0 ? 'a reflector' : 'a node'} announces ${needed} ${names[family]} networks of this mesh, and more than ${most} end its sessions`,
      settings.spanOf('maximum-prefix'),
      `write maximum-prefix = ${2 * needed}, or delete the line: the filters let in only the mesh's own networks`,
    )
    return
  }
}

const names: Readonly<Record<AddressFamily, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' }

const networksOf = ({ containers }: MeshNode): Prefix[] => containers.flatMap(({ prefixes }) => prefixes)

/** Those of segments in the hosts' own routing table; a tenant's are another family's. */
const sharedOn = ({ id }: MeshNode, segments: Mesh['segments']): Prefix[] =>
  segments.flatMap(({ tenant, members, prefixes }) =>
    tenant === null && members.includes(id) ? prefixes : [],
  )

/** The most that one session brings: all that one node has, or, from a reflector, all that the others have. */
const neededIn = (
  family: AddressFamily,
  announced: readonly (readonly Prefix[])[],
  reflected: boolean,
): number => {
  const own = announced.map(prefixes => prefixes.filter(prefix => familyOf(prefix) === family))
  const counts = own.map(({ length }) => length)
  return reflected
    ? new Set(own.flat()).size - counts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    : counts.reduce((a, b) => Math.max(a, b), 0)
}
