import type { AddressFamily } from '../../net/index.js'
import { defaults } from '../../resolve/defaults.js'
import { mtuOf } from '../../resolve/settings.js'
import type { Findings } from '../finding.js'
import { dialledAt, type FoundMesh, type FoundNode } from '../found.js'

/** What most paths between clouds carry. */
const ethernet = defaults['path-mtu']

/** What WireGuard and VXLAN take of a path. */
const overheadIn = (families: readonly AddressFamily[]): number => {
  const { path, overlay } = mtuOf(ethernet, families, 'vxlan')
  return path - overlay
}

const overhead = { both: overheadIn(['ipv4', 'ipv6']), ipv4: overheadIn(['ipv4']) }

/** IPv6 and Linux need 1280 bytes on the containers' bridges. */
const least = 1280

/** The path MTU that gives the old overlay its MTU again, where a path of 1500 bytes can carry that. */
export const pathMtuFor = (
  found: FoundMesh,
  nodes: readonly FoundNode[],
  findings: Findings,
): { readonly pathMtu: number; readonly ipv4Only: boolean } => {
  const overlay = found.mtu.overlay ?? (found.mtu.tunnel === null ? null : found.mtu.tunnel - 50)
  if (overlay === null) return { pathMtu: ethernet, ipv4Only: false }
  const endpoints = nodes.flatMap(dialledAt)
  const ipv4 = endpoints.length > 0 && endpoints.every(({ family }) => family === 'ipv4')
  if (overlay >= least && overlay <= ethernet - overhead.both)
    return { pathMtu: overlay + overhead.both, ipv4Only: false }
  if (overlay >= least && overlay <= ethernet - overhead.ipv4 && ipv4)
    return { pathMtu: overlay + overhead.ipv4, ipv4Only: true }
  const why =
    overlay < least
      ? `IPv6 needs ${least}`
      : `it fits no path of ${ethernet} bytes, so every full packet went in two fragments`
  const hint = overlay > 8000 ? '; write path-mtu where all paths carry more' : ''
  findings.wire(
    'mtu',
    null,
    `the MTU of the overlay was ${overlay} (WireGuard ${found.mtu.tunnel ?? overlay + 50}): ${why}. It is ${ethernet - overhead.both} (${ethernet - 80}) now${hint}. Old nodes may still send larger packets, which arrive`,
  )
  return { pathMtu: ethernet, ipv4Only: false }
}
