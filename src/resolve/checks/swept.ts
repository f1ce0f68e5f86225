import type { Span } from '../../diagnostics/index.js'
import { devicesOf } from '../../model/devices.js'
import type { Mesh } from '../../model/mesh.js'
import type { DevicePlan } from '../../model/plan.js'
import type { MeshSpec } from '../../model/spec.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { networkSpan, type Placed } from './address-overlaps.js'

/**
 * The daemon that manages a bridge takes every interface that is called like it with a hyphen behind for a tunnel
 * of that bridge, and deletes it whenever it starts or changes the bridge (`setup` in the daemons' bridge driver).
 */
export const checkSwept = (
  spec: MeshSpec,
  placed: readonly Placed[],
  networks: Pick<Mesh, 'segments' | 'tenants'>,
  { name, mode, spanOf }: Settings,
  report: Report,
): void => {
  const sections = new Map<string, Span>([
    ['mesh', spanOf('name')],
    ...spec.segments.map(({ name, span }) => [`segment ${name}`, span] as const),
    ...spec.tenants.map(({ name, span }) => [`tenant ${name}`, span] as const),
  ])
  for (const [node, identified] of placed) {
    if (node.targets.containers === 'none') continue
    const devices = devicesOf({ name, mode, ...networks }, node)
    const spanOf = ({ name, section }: DevicePlan): Span =>
      sections.get(section) ?? networkSpan(identified, name)
    const bridges = devices.filter(({ kind, maker }) => kind === 'bridge' && maker !== 'evpn')
    for (const bridge of bridges)
      for (const device of devices)
        if (device.name.startsWith(`${bridge.name}-`) && report.isNew(`swept ${bridge.name} ${device.name}`))
          report.error(
            'interface-taken',
            `"${device.name}" begins like the bridge "${bridge.name}", and LXD and Incus delete such interfaces when they start that`,
            spanOf(device),
            'use another name for one of them',
            { message: 'the bridge is here', span: spanOf(bridge) },
          )
  }
}
