import { nearest, type Span } from '../../diagnostics/index.js'
import { endpointFor, localEndpoints } from '../../model/dialing.js'
import type { MeshEndpoint, MeshNode } from '../../model/mesh.js'
import { hostPrefix } from '../../net/index.js'
import { isPrivate } from '../addresses/known-ranges.js'
import { localKeysIn } from '../peering/dialing.js'
import type { Exclusions } from '../peering/pairs.js'
import type { Report } from '../report.js'
import { literalIn, type Placed } from './address-overlaps.js'

/** What people get wrong about where nodes are: all of it dials, and not all of it arrives. */
export const checkSites = (placed: readonly Placed[], exclusions: Exclusions, report: Report): void => {
  const sites = new Map<string, Placed[]>()
  for (const place of placed) {
    const { site } = place[0]
    if (site !== null) sites.set(site, [...(sites.get(site) ?? []), place])
  }
  for (const [site, members] of sites) checkAlone(site, members, placed, report)
  for (const place of placed) checkUnknown(place, sites, report)
  const nodes = placed.map(([node]) => node)
  // Where nobody has a public address, all are in one place.
  const online = nodes.some(node => node.site === null && node.endpoints.some(isPublic))
  for (const place of placed) checkPrivate(place, nodes, online, exclusions, report)
  checkHairpins(placed, exclusions, report)
}

/** Of one node's site the node itself learns nothing: it is there for what others say to it. */
const checkAlone = (
  site: string,
  members: readonly Placed[],
  placed: readonly Placed[],
  report: Report,
): void => {
  const [only, second] = members
  if (!only || second) return
  const [node, { keys, span }] = only
  if (placed.some(([other]) => other !== node && other.endpointsAt.has(site))) return
  report.warn(
    'site-alone',
    `${site} ${node.name}`,
    `${node.name} is alone at site ${site}, and no other node says what ${site} dials`,
    keys.site?.span ?? span,
    `write site = ${site} for the nodes beside ${node.name} and endpoint@${site} = ADDRESS for each, or delete the line`,
  )
}

const checkUnknown = (
  [node, { keys }]: Placed,
  sites: ReadonlyMap<string, unknown>,
  report: Report,
): void => {
  for (const [site, { span }] of localKeysIn(keys)) {
    if (sites.has(site)) continue
    const meant = nearest(site, [...sites.keys()])
    report.warn(
      'unknown-site',
      `${site} ${node.name}`,
      `no node is at site ${site}, for which ${node.name} has an endpoint`,
      span,
      meant
        ? `write endpoint@${meant}, or site = ${site} for the nodes that are there`
        : `write site = ${site} for the nodes that are there, or delete the line`,
    )
  }
}

const isPublic = (endpoint: MeshEndpoint): boolean => {
  const address = literalIn(endpoint)
  return address !== null && !isPrivate(hostPrefix(address))
}

const isPrivateOne = (endpoint: MeshEndpoint): boolean => !endpoint.named && !isPublic(endpoint)

/** An address of a LAN or VPC (RFC 1918, RFC 4193) or behind a carrier (RFC 6598) leads nowhere from elsewhere. */
const checkPrivate = (
  [node, { keys, span }]: Placed,
  nodes: readonly MeshNode[],
  online: boolean,
  exclusions: Exclusions,
  report: Report,
): void => {
  const at = node.endpoints.findIndex(isPrivateOne)
  if (at < 0) return
  const address = literalIn(node.endpoints[at] as MeshEndpoint)
  const outside = nodes.filter(
    other =>
      other.id !== node.id &&
      !exclusions.get(node.id)?.has(other.id) &&
      (node.site === null ? online || other.site !== null : other.site !== node.site) &&
      localEndpoints(other, node) === null &&
      isPrivateAt(endpointFor(other, node)),
  )
  const [first] = outside
  if (!first) return
  const more = outside.length > 1 ? ` and ${outside.length - 1} more` : ''
  const site = node.site ?? 'SITE'
  report.warn(
    'endpoint-private',
    node.name,
    `${first.name}${more} dial${outside.length > 1 ? '' : 's'} ${node.name} at ${address}, which is private${node.site === null ? '' : ` to ${site}`}`,
    keys.endpoint?.each?.[at] ?? span,
    `write ${node.site === null ? `site = ${site} for the nodes that are in its network, ` : ''}endpoint@${site} = ${address}, and endpoint = none or the address that others reach`,
  )
}

const isPrivateAt = (endpoint: MeshEndpoint | null): boolean => endpoint !== null && isPrivateOne(endpoint)

/** Many a router does not turn around what comes from inside for its own public address (RFC 4787, REQ-9). */
const checkHairpins = (placed: readonly Placed[], exclusions: Exclusions, report: Report): void => {
  const behind = new Map<string, Placed[]>()
  for (const place of placed)
    for (const endpoint of place[0].endpoints) {
      const address = literalIn(endpoint)
      if (address !== null) behind.set(address, [...(behind.get(address) ?? []), place])
    }
  for (const [address, members] of behind) {
    const pairs = members.flatMap(([from]) =>
      members.flatMap(([to, spec]) =>
        from.id !== to.id &&
        !exclusions.get(from.id)?.has(to.id) &&
        localEndpoints(from, to) === null &&
        isAt(address, from, endpointFor(from, to))
          ? [{ from, to, spec }]
          : [],
      ),
    )
    const [pair] = pairs
    if (!pair) continue
    const names = [...new Set(pairs.flatMap(({ from, to }) => [from.name, to.name]))]
    report.warn(
      'endpoint-hairpin',
      `${address} ${names.join(' ')}`,
      `${listed(names)} are behind one address, ${address}, and dial each other by it, which many routers do not turn around`,
      spanOf(pair.spec),
      `write site = NAME for each, and endpoint@NAME = its address there`,
    )
  }
}

/** Another port than its own at the address: one endpoint that two nodes have is told elsewhere. */
const isAt = (address: string, { endpoints }: MeshNode, found: MeshEndpoint | null): boolean =>
  found !== null &&
  literalIn(found) === address &&
  !endpoints.some(({ endpoint }) => endpoint === found.endpoint)

const spanOf = ({ keys, span }: Placed[1]): Span => keys.endpoint?.span ?? span

const listed = (names: readonly string[]): string =>
  names.length > 4
    ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
