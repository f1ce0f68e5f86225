import type { Span } from '../diagnostics/index.js'
import { didYouMean } from '../diagnostics/index.js'
import {
  addressPart,
  contains,
  familyOf,
  hostPrefix,
  isPrivateAsn,
  type Port,
  type Prefix,
} from '../net/index.js'
import { networkSpan, type Placed } from './claims.js'
import {
  documentationRanges,
  isPrivate,
  metadataServices,
  rangeHit,
  reservedRanges,
  takenRanges,
} from './ranges.js'
import type { Report } from './report.js'
import type { Settings } from './settings.js'

/** What works in the model and still goes wrong on a real host. */
export const checkSanity = (placed: readonly Placed[], settings: Settings, report: Report): void => {
  const { underlay, overlay, containers, spanOf, name, asn } = settings
  for (const prefix of [underlay.ipv4, underlay.ipv6])
    if (prefix) checkRange(prefix, spanOf('underlay'), report)
  for (const prefix of [overlay.ipv4, overlay.ipv6]) if (prefix) checkRange(prefix, spanOf('overlay'), report)
  for (const pool of [containers.ipv4, containers.ipv6])
    if (pool) checkRange(pool.prefix, spanOf('containers'), report)
  for (const place of placed) checkNode(place, settings, report)
  if (name !== 'ciabmesh')
    report.warn(
      'mesh-name-scripts',
      `the CIAB scripts expect the mesh to be called ciabmesh, not ${name}`,
      spanOf('name'),
      `use "wg-quick up ${name}" instead of wg-meshup.sh, or write name = ciabmesh`,
    )
  if (!isPrivateAsn(asn))
    report.warn(
      'asn-public',
      `AS ${asn} is not for private use`,
      spanOf('asn'),
      'write one from 64512 to 65534, unless the number is yours (RFC 6996)',
    )
  checkPort(settings.port, spanOf('port'), report)
}

export const checkRange = (prefix: Prefix, span: Span, report: Report): void => {
  const reserved = rangeHit(reservedRanges, prefix)
  const documentation = rangeHit(documentationRanges, prefix)
  const taken = rangeHit(takenRanges, prefix)
  if (reserved)
    report.error(
      'reserved-range',
      `${prefix} holds ${reserved.what} (${reserved.prefix})`,
      span,
      'use a private range, such as one of 10.77.0.0/16 to 10.79.0.0/16',
    )
  else if (documentation)
    report.warn(
      'documentation-range',
      `${prefix} is for examples in documents, and filtered on many networks`,
      span,
      'use a private range: 10.0.0.0/8, or fd00::/8 with 40 random bits (RFC 4193)',
    )
  else if (!isPrivate(prefix))
    report.warn(
      'public-range',
      `${prefix} is not private: whoever owns it becomes unreachable from every node`,
      span,
      'use a private range: 10.0.0.0/8, or fd00::/8 with 40 random bits (RFC 4193)',
    )
  else if (taken)
    report.warn(
      'pool-taken',
      `${prefix} overlaps ${taken.what} (${taken.prefix})`,
      span,
      'use another range unless no node, and no network around one, has those',
    )
}

const checkNode = ([node, spec]: Placed, settings: Settings, report: Report): void => {
  const { keys, span } = spec
  for (const address of node.underlay.map(addressPart)) {
    const place = keys['underlay-address']?.span ?? span
    const pool = settings.underlay[familyOf(address)]
    if (pool && contains(pool, address)) continue
    const service = rangeHit(metadataServices, hostPrefix(address))
    const reserved = rangeHit(reservedRanges, hostPrefix(address))
    if (service)
      report.error('reserved-range', `${address} is ${service.what}`, place, 'pick another address')
    else if (reserved?.prefix === '169.254.0.0/16')
      report.warn(
        'link-local-underlay',
        `${address} lies beside the metadata service of most clouds (${reserved.prefix})`,
        place,
        'it is routed alone, so those stay reachable; a node added later gets its address from [mesh] underlay',
      )
    else if (reserved)
      report.error(
        'reserved-range',
        `${address} lies among ${reserved.what} (${reserved.prefix})`,
        place,
        'pick another address',
      )
  }
  for (const address of node.overlay.map(addressPart)) {
    const pool = settings.overlay[familyOf(address)]
    if (pool && contains(pool, address)) continue
    checkNetwork(hostPrefix(address), keys['overlay-address']?.span ?? span, report)
  }
  for (const prefix of node.allowedIps) checkAllowed(prefix, keys['allowed-ips']?.span ?? span, report)
  if (keys.containers)
    for (const { bridge, prefixes } of node.containers)
      for (const prefix of prefixes) checkNetwork(prefix, networkSpan(spec, bridge), report)
  if (keys['listen-port']) checkPort(keys['listen-port'].value, keys['listen-port'].span, report)
  checkListening(node.listenPort, keys['listen-port']?.span ?? settings.spanOf('port'), settings, report)
  const path = keys['path-mtu']
  if (path && path.value < settings.mtu.path)
    report.error(
      'path-mtu',
      `a path of ${path.value} bytes is narrower than the ${settings.mtu.path} that the mesh plans with`,
      path.span,
      `write path-mtu = ${path.value} in [mesh]: a segment has one MTU`,
      { message: 'the mesh says it here', span: settings.spanOf('path-mtu') },
    )
}

/** As with an underlay address, single link-local addresses may be routed, but not those of services. */
const checkAllowed = (prefix: Prefix, span: Span, report: Report): void => {
  const service = rangeHit(metadataServices, prefix)
  if (service)
    report.error('reserved-range', `${prefix} holds ${service.what} (${service.prefix})`, span, 'delete it')
  else if (rangeHit(reservedRanges, prefix)?.prefix !== '169.254.0.0/16') checkNetwork(prefix, span, report)
}

const checkNetwork = (prefix: Prefix, span: Span, report: Report): void => {
  const reserved = rangeHit(reservedRanges, prefix)
  if (reserved)
    report.error(
      'reserved-range',
      `${prefix} holds ${reserved.what} (${reserved.prefix})`,
      span,
      'use a private range',
    )
}

/** BFD's, on one hop, its echoes, and over several (RFC 5881, section 4; RFC 5883, section 5). */
const bfdPorts: readonly number[] = [3784, 3785, 4784]

/** WireGuard and VXLAN both listen on every address of the host, and one UDP port has one listener. */
const checkListening = (port: Port, span: Span, settings: Settings, report: Report): void => {
  if (bfdPorts.includes(port))
    report.error(
      'value-conflict',
      `WireGuard cannot listen on port ${port}, which is BFD's`,
      span,
      'write another port, such as 51820',
    )
  if (port === settings.vxlanPort)
    report.error(
      'value-conflict',
      `WireGuard cannot listen on port ${port}, which is VXLAN's`,
      span,
      `write another port, such as ${port === 51820 ? 51821 : 51820}`,
      { message: 'VXLAN is here', span: settings.spanOf('vxlan-port') },
    )
}

/** Linux draws the source ports of outgoing connections from 32768 to 60999, and may have given ours away. */
const checkPort = (port: Port, span: Span, report: Report): void => {
  // WireGuard's own usual port lies there too; everybody uses it, and a warning that all get warns nobody.
  if (port >= 32768 && port <= 60999 && port !== 51820)
    report.warn(
      'ephemeral-port',
      `port ${port} is one that Linux gives to outgoing connections (32768 to 60999)`,
      span,
      'use 51820, or one below 32768',
    )
}

/** The targets that there are, as resolve needs to know them. */
export type TargetCatalog = readonly { readonly name: string; readonly concerns: readonly string[] }[]

/** Every concern names a target that serves it; without one for the firewall the mesh is open. */
export const checkTarget = (
  concern: string,
  name: string,
  span: Span,
  catalog: TargetCatalog,
  report: Report,
): void => {
  if (concern === 'firewall' && name === 'none')
    report.warn(
      'unguarded',
      'without a packet filter anybody on the internet can send frames into the overlay',
      span,
      'delete the line, or see to it yourself: VXLAN, BGP and BFD from the tunnel only, forwarding, masquerading',
    )
  const able = catalog.filter(target => target.concerns.includes(concern)).map(target => target.name)
  if (name !== 'none' && !able.includes(name))
    report.error(
      'unknown-target',
      `there is no target "${name}" for ${concern}`,
      span,
      didYouMean(name, [...able, 'none']),
    )
}
