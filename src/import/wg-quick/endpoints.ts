import { type Address, type EndpointSpec, hostPrefix } from '../../net/index.js'
import { isPrivate } from '../../resolve/addresses/known-ranges.js'
import type { Findings } from '../finding.js'
import { shown } from '../values.js'
import { endpointText } from '../vwgen/endpoint.js'
import type { OwnFile, PeerEntry } from './file.js'

/** What one file says of a node, and whose file it is. */
export interface Seen {
  readonly peer: PeerEntry
  readonly file: OwnFile
  readonly from: string
}

/** Where a node is dialled, and by whom. */
export interface Place {
  readonly endpoint: EndpointSpec
  readonly by: readonly string[]
}

/** Where a node's peers dial it. What a file recorded of a peer that moves about is no place to dial. */
export const placesOf = (
  name: string,
  own: OwnFile | null,
  seen: readonly Seen[],
  findings: Findings,
): Place[] => {
  const places = new Map<string, { readonly endpoint: EndpointSpec; readonly by: string[] }>()
  for (const { peer, file, from } of seen) {
    const { endpoint, unusable } = peer
    if (unusable !== null)
      findings.leftOut(
        'endpoint',
        name,
        `Endpoint = ${shown(unusable)}, which ${from} dials: no other machine has that address; a program on ${from} itself may have carried the packets on${proxyHint(unusable, from)}`,
      )
    if (endpoint === null) continue
    if (isMomentary(endpoint, file, own)) {
      findings.leftOut(
        'endpoint',
        name,
        `Endpoint = ${endpointText(endpoint, null)} in the file of ${from}: SaveConfig recorded where it was at that moment; write endpoint if it is to be dialled`,
      )
      continue
    }
    const text = endpointText(endpoint, null)
    const place = places.get(text) ?? { endpoint, by: [] }
    place.by.push(from)
    places.set(text, place)
  }
  return [...places.values()]
}

/** A proxy on the dialing node itself is an endpoint for the nodes of one place. */
const proxyHint = (unusable: string, from: string): string =>
  /^127(\.\d+){3}:\d+$/.test(unusable)
    ? `; if it still does, write site = SITE for ${from}, and endpoint@SITE = ${unusable} here`
    : ''

/** Of several places in a family the one that most files name, of those alike one that is not private. */
export const endpointsOf = (
  name: string,
  places: readonly Place[],
  who: string,
  findings: Findings,
): EndpointSpec[] => {
  const ranked = places.toSorted(
    (a, b) => b.by.length - a.by.length || Number(isLocal(a.endpoint)) - Number(isLocal(b.endpoint)),
  )
  const taken: Place[] = []
  const left: Place[] = []
  for (const place of ranked) {
    const family = place.endpoint.family
    const fits = taken.length < 2 && taken.every(other => other.endpoint.family !== family)
    const isName = family === null || taken.some(other => other.endpoint.family === null)
    if (fits && (taken.length === 0 || !isName)) taken.push(place)
    else left.push(place)
  }
  if (left.length > 0)
    findings.wire(
      'endpoint',
      name,
      `it was dialled at ${listed([...taken, ...left])}: ${who} dial ${taken.map(({ endpoint }) => endpointText(endpoint, null)).join(', ')} now, and ${left.flatMap(({ by }) => by).join(', ')} must reach that`,
    )
  return taken.map(({ endpoint }) => endpoint)
}

/** Places as a report says them. */
export const listed = (places: readonly Place[]): string => places.map(said).join(' and at ')

const said = ({ endpoint, by }: Place): string =>
  `${endpointText(endpoint, null)}${isLocal(endpoint) ? ', a private address that is dialled only from within the same network,' : ''} by ${by.join(', ')}`

/** Whether it is an address of a LAN, a VPC or behind a carrier. */
export const isLocal = ({ host, family }: EndpointSpec): boolean =>
  family !== null && isPrivate(hostPrefix(host as Address))

/** The first port that Linux gives to who asks for none (ip-sysctl, ip_local_port_range); NAT boxes take such ones too. */
const firstEphemeral = 32768

const usualPort = 51820

/** Whether `SaveConfig = true` wrote down where a packet came from, and nobody wrote an endpoint. */
const isMomentary = ({ port }: EndpointSpec, file: OwnFile, own: OwnFile | null): boolean => {
  if (!file.recorded || port === null) return false
  if (own?.listenPort != null) return own.listenPort !== port
  return port >= firstEphemeral && port !== usualPort && port !== file.listenPort
}
