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

interface Place {
  readonly endpoint: EndpointSpec
  readonly by: string[]
}

/**
 * Where a node's peers dial it: of several places in a family the one that most files name, of those alike one that is
 * not private. What a file recorded of a peer that moves about is no place to dial.
 */
export const endpointsOf = (
  name: string,
  own: OwnFile | null,
  seen: readonly Seen[],
  findings: Findings,
): EndpointSpec[] => {
  const places = new Map<string, Place>()
  for (const { peer, file, from } of seen) {
    const { endpoint, unusable } = peer
    if (unusable !== null)
      findings.leftOut(
        'endpoint',
        name,
        `Endpoint = ${shown(unusable)}, which ${from} dials: no other machine has that address; a program on ${from} itself may have carried the packets on`,
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
  if (places.size === 0 && own?.endpoint) {
    findings.assumed(
      'endpoint',
      name,
      `${endpointText(own.endpoint, null)}, which a comment in its file has, is where it is dialled`,
    )
    return [own.endpoint]
  }
  return chosen(name, [...places.values()], findings)
}

const chosen = (name: string, places: readonly Place[], findings: Findings): EndpointSpec[] => {
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
  const said = ({ endpoint, by }: Place): string =>
    `${endpointText(endpoint, null)}${isLocal(endpoint) ? ', a private address that is dialled only from within the same network,' : ''} by ${by.join(', ')}`
  if (left.length > 0)
    findings.wire(
      'endpoint',
      name,
      `it was dialled at ${[...taken, ...left].map(said).join(' and at ')}: all dial ${taken.map(({ endpoint }) => endpointText(endpoint, null)).join(', ')} now, and ${left.flatMap(({ by }) => by).join(', ')} must reach that`,
    )
  return taken.map(({ endpoint }) => endpoint)
}

const isLocal = ({ host, family }: EndpointSpec): boolean =>
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
