import type { Span } from '../../diagnostics/index.js'
import type { MeshSpec } from '../../model/spec.js'
import { addressPart, contains, familyOf, hostPrefix, type Prefix } from '../../net/index.js'
import {
  documentationRanges,
  isLinkLocal,
  isPrivate,
  type Range,
  rangeHit,
  reservedIn,
  standing,
  takenRanges,
  unroutableIn,
} from '../addresses/known-ranges.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { networkSpan, type Placed } from './address-overlaps.js'
import { claimsOf } from './tenant-overlaps.js'

/** Addresses that work in the model, and that a real host needs for something else. */
export const checkRanges = (
  spec: MeshSpec,
  placed: readonly Placed[],
  settings: Settings,
  report: Report,
): void => {
  const { underlay, overlay, containerPools, spanOf } = settings
  for (const prefix of [underlay.ipv4, underlay.ipv6])
    if (prefix) checkRange(prefix, spanOf('underlay'), report)
  for (const prefix of [overlay.ipv4, overlay.ipv6]) if (prefix) checkRange(prefix, spanOf('overlay'), report)
  for (const pool of [containerPools.ipv4, containerPools.ipv6])
    if (pool) checkRange(pool.prefix, spanOf('containers'), report)
  for (const { prefix, span } of [...spec.segments, ...spec.tenants].flatMap(claimsOf))
    checkRange(prefix, span, report)
  for (const place of placed) checkNode(place, settings, report)
}

/** Whether a pool is one that hosts need for something else. */
const checkRange = (prefix: Prefix, span: Span, report: Report): void => {
  const reserved = reservedIn(prefix)
  const documentation = rangeHit(documentationRanges, prefix)
  const taken = rangeHit(takenRanges, prefix)
  if (reserved)
    reportReserved(
      prefix,
      reserved,
      span,
      'use a private range, such as one of 10.77.0.0/16 to 10.79.0.0/16',
      report,
    )
  else if (documentation)
    report.warn(
      'documentation-range',
      prefix,
      `${prefix} is for examples in documents, and filtered on many networks`,
      span,
      'use a private range: 10.0.0.0/8, or fd00::/8 with 40 random bits (RFC 4193)',
    )
  else if (!isPrivate(prefix))
    report.warn(
      'public-range',
      prefix,
      `${prefix} is not private: whoever owns it becomes unreachable from every node`,
      span,
      'use a private range: 10.0.0.0/8, or fd00::/8 with 40 random bits (RFC 4193)',
    )
  else if (taken)
    report.warn(
      'pool-taken',
      prefix,
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
    const unroutable = unroutableIn(hostPrefix(address))
    if (unroutable)
      report.error('reserved-range', `${address} ${standing(unroutable)}`, place, 'pick another address')
    else if (isLinkLocal(hostPrefix(address)))
      report.warn(
        'link-local-underlay',
        address,
        `${address} lies beside the metadata service of most clouds (169.254.0.0/16)`,
        place,
        'it is routed alone, so those stay reachable; a node added later gets its address from [mesh] underlay',
      )
  }
  for (const address of node.overlay.map(addressPart)) {
    const pool = settings.overlay[familyOf(address)]
    if (pool && contains(pool, address)) continue
    checkNetwork(hostPrefix(address), keys['overlay-address']?.span ?? span, report)
  }
  for (const prefix of node.allowedIps) checkAllowed(prefix, keys['allowed-ips']?.span ?? span, report)
  if (keys.containers)
    for (const { bridge, prefixes } of node.networks)
      for (const prefix of prefixes) checkNetwork(prefix, networkSpan(spec, bridge), report)
}

/** As with an underlay address, link-local addresses beside the services may be routed. */
const checkAllowed = (prefix: Prefix, span: Span, report: Report): void => {
  const unroutable = unroutableIn(prefix)
  if (unroutable) reportReserved(prefix, unroutable, span, 'delete it', report)
}

const checkNetwork = (prefix: Prefix, span: Span, report: Report): void => {
  const reserved = reservedIn(prefix)
  if (reserved) reportReserved(prefix, reserved, span, 'use a private range', report)
}

const reportReserved = (
  prefix: Prefix,
  { what, prefix: range }: Range,
  span: Span,
  hint: string,
  report: Report,
): void => report.error('reserved-range', `${prefix} holds ${what} (${range})`, span, hint)
