import type { Span } from '../../diagnostics/index.js'
import { devicesOf, overlayDevice, segmentDevices, tenantDevices } from '../../model/devices.js'
import type { Mesh } from '../../model/mesh.js'
import type { DevicePlan } from '../../model/plan.js'
import type { MeshSpec, SegmentSpec, TenantSpec } from '../../model/spec.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { networkSpan, type Placed } from './address-overlaps.js'

/** Bridges that nodes name, and the mesh's own interfaces, are none of a segment or tenant. */
export const checkInterfaces = (
  spec: MeshSpec,
  placed: readonly Placed[],
  settings: Settings,
  report: Report,
): void => {
  checkNames(spec, report)
  const owners = new Map<string, string>()
  for (const { name } of spec.segments)
    for (const device of Object.values(segmentDevices(name))) owners.set(device, `segment ${name}`)
  for (const { name } of spec.tenants)
    for (const device of Object.values(tenantDevices(name))) owners.set(device, `tenant ${name}`)
  const check = (device: string, span: Span): void => {
    // Each bridge has a file of its name, and the operator's disk may not tell cases apart.
    const owner = owners.get(device.toLowerCase())
    if (owner)
      report.error(
        'interface-taken',
        `"${device}" is an interface of ${owner}`,
        span,
        'use another name for one of them',
      )
  }
  for (const [node, identified] of placed)
    for (const { bridge } of node.networks) check(bridge, networkSpan(identified, bridge))
  for (const device of [settings.name, overlayDevice(settings.name)]) check(device, settings.spanOf('name'))
}

const checkNames = (spec: MeshSpec, report: Report): void => {
  const names = new Map<string, SegmentSpec | TenantSpec>(
    spec.segments.map(segment => [segment.name, segment]),
  )
  for (const { name, span } of spec.tenants) {
    const twin = names.get(name)
    if (twin)
      report.error(
        'interface-taken',
        `a segment and a tenant are both called "${name}", and so would be their interfaces`,
        span,
        'rename one',
        { message: 'the other is here', span: twin.span },
      )
  }
}

/** No interface of ours is called so that whoever manages a bridge on the node would delete it. */
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
    const { bridgeHabits: habits, targets } = node
    if (!habits) continue
    const devices = devicesOf({ name, mode, ...networks }, node)
    const spanOf = ({ name, section }: DevicePlan): Span =>
      sections.get(section) ?? networkSpan(identified, name)
    const bridges = devices.filter(({ kind, maker }) => kind === 'bridge' && maker !== 'evpn')
    for (const bridge of bridges)
      for (const device of devices)
        if (
          device.name.startsWith(`${bridge.name}${habits.sweeps}`) &&
          report.isNew(`swept ${bridge.name} ${device.name}`)
        )
          report.error(
            'interface-taken',
            `"${device.name}" begins like the bridge "${bridge.name}", and ${targets.containers} deletes such interfaces when it starts that`,
            spanOf(device),
            'use another name for one of them',
            { message: 'the bridge is here', span: spanOf(bridge) },
          )
  }
}
