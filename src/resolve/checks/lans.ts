import { devicesOf } from '../../model/devices.js'
import type { Mesh } from '../../model/mesh.js'
import { familyOf } from '../../net/index.js'
import { standing, unroutableIn } from '../addresses/known-ranges.js'
import { announces } from '../nodes/clients.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { Placed } from './address-overlaps.js'

/** What speaks against a LAN behind an interface. */
export const checkLans = (
  placed: readonly Placed[],
  networks: Pick<Mesh, 'segments' | 'tenants'>,
  settings: Settings,
  report: Report,
): void => {
  const { name, mode, carrier } = settings
  for (const [node, { keys, span }] of placed) {
    if (node.lans.length === 0) continue
    const devices = devicesOf({ name, mode, ...networks }, node)
    for (const [at, { interface: device, prefixes }] of node.lans.entries()) {
      const place = keys.lan?.each?.[at] ?? span
      const taken = devices.find(({ name }) => name === device)
      if (taken)
        report.error(
          'interface-taken',
          `"${device}" is an interface of ${taken.section}, and no LAN is behind it`,
          place,
          'name the interface that the LAN is behind',
        )
      if (node.forward.includes(device))
        report.error(
          'value-conflict',
          `${device} is in forward as well: whoever is behind it would enter, under any address`,
          place,
          'write one of the two: lan for hosts that the mesh knows, forward for those whose addresses are rewritten',
          keys.forward && { message: 'forward is here', span: keys.forward.span },
        )
      for (const prefix of prefixes) {
        const reserved = unroutableIn(prefix)
        if (reserved)
          report.error(
            'reserved-range',
            `${prefix} ${standing(reserved)}`,
            place,
            'write the LAN that hosts are in',
          )
        if (!carrier[familyOf(prefix)])
          report.error(
            'pool-family',
            `the LAN of ${node.name} has IPv6, but the ${mode === 'vxlan' ? 'overlay' : 'underlay'} that carries it has none`,
            place,
            `add an IPv6 prefix to [mesh] ${mode === 'vxlan' ? 'overlay' : 'underlay'}`,
          )
      }
    }
    if (!announces(node, settings))
      report.warn(
        'unannounced',
        node.name,
        `${node.name} has a LAN and no routing: no other node learns of it`,
        keys.lan?.span ?? span,
        `give ${node.name} a target for routing, or take the line out`,
      )
  }
}
