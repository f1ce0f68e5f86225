import { isPrivateAsn } from '../../net/index.js'
import { defaults } from '../defaults.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { Placed } from './address-overlaps.js'

/** What of [mesh] works in the model and still goes wrong on a real host. */
export const checkSettings = (placed: readonly Placed[], settings: Settings, report: Report): void => {
  const { name, asn, mtu, spanOf } = settings
  if (name !== 'ciabmesh')
    report.warn(
      'mesh-name-scripts',
      name,
      `the CIAB scripts expect the mesh to be called ciabmesh, not ${name}`,
      spanOf('name'),
      `use "wg-quick up ${name}" instead of wg-meshup.sh, or write name = ciabmesh`,
    )
  if (!isPrivateAsn(asn))
    report.warn(
      'asn-public',
      `${asn}`,
      `AS ${asn} is not for private use`,
      spanOf('asn'),
      'write one from 64512 to 65534, unless the number is yours (RFC 6996)',
    )
  for (const [, { keys }] of placed) {
    const path = keys['path-mtu']
    if (path && path.value < mtu.path)
      report.error(
        'path-mtu',
        `a path of ${path.value} bytes is narrower than the ${mtu.path} that the mesh plans with`,
        path.span,
        `write path-mtu = ${path.value} in [mesh]: the overlay has one MTU`,
        { message: 'the mesh says it here', span: spanOf('path-mtu') },
      )
  }
}

/** Every family that is carried has a pool where it is carried. */
export const checkPoolFamilies = (settings: Settings, report: Report): void => {
  const { mode, underlay, overlay, carrier, containerPools, spanOf } = settings
  const hint = (key: 'underlay' | 'overlay'): string =>
    `write an IPv4 prefix too, such as ${key} = ${defaults[key].ipv4}, ${settings[key].ipv6}`
  if (!underlay.ipv4)
    report.error(
      'pool-family',
      mode === 'vxlan'
        ? 'VXLAN endpoints are IPv4, so the underlay needs an IPv4 pool'
        : 'BGP sessions run over IPv4, so the underlay needs an IPv4 pool',
      spanOf('underlay'),
      hint('underlay'),
    )
  if (mode === 'vxlan' && !overlay.ipv4)
    report.error(
      'pool-family',
      'BGP sessions run over IPv4, so the overlay needs an IPv4 pool',
      spanOf('overlay'),
      hint('overlay'),
    )
  const name = mode === 'vxlan' ? 'overlay' : 'underlay'
  if (containerPools.ipv6 && !carrier.ipv6)
    report.error(
      'pool-family',
      `containers have IPv6, but the ${name} that carries it has none`,
      spanOf('containers'),
      `add an IPv6 prefix to ${name}, such as fd42:c1ab:0:${mode === 'vxlan' ? 'fffe' : 'ffff'}::/64`,
    )
}
